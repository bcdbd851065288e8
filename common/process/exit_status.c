#include "base/platform.h"

#include "process/exit_status.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#include "base/error.h"
#include "base/descriptors.h"

// As many as a process may have objects. Memory is used for those that are.
enum { BOXES = 1 << 18 };

// Which boxes are free is known to this process alone. After a fork the child
// makes a file of its own: a box that both gave away would have two owners.
static struct {
    pthread_mutex_t mutex;
    int fd;       // of a memory file
    int *boxes;   // its content, shared; NULL: there is none yet
    bool *taken;  // ours
    int lowest;   // no box below it is free
} post = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static void lock(void)
{
    pthread_mutex_lock(&post.mutex);
}

static void unlock(void)
{
    pthread_mutex_unlock(&post.mutex);
}

// The parent's file stays mapped: our own box is in it.
static void after_fork_in_child(void)
{
    if (post.boxes != NULL) {
        close(post.fd);
        post.boxes = NULL;
    }
    unlock();
}

void mp_exit_status_begin(void)
{
    pthread_atfork(lock, unlock, after_fork_in_child);
}

static int make_file(void)
{
    free(post.taken);  // of before a fork: most children never need it
    post.taken = calloc(BOXES, sizeof *post.taken);
    post.fd = mp_memory_file(BOXES * sizeof *post.boxes);
    post.lowest = 0;
    if (post.taken != NULL && post.fd != -1) {
        post.boxes = mp_exit_status_open(post.fd, 0);
    }
    if (post.boxes == NULL) {
        int error = errno;
        close(post.fd);
        errno = error;
        return -1;
    }
    return 0;
}

// Call with the lock held.
static int *take(void)
{
    if (post.boxes == NULL && make_file() == -1) {
        return NULL;
    }
    while (post.lowest < BOXES && post.taken[post.lowest]) {
        post.lowest++;
    }
    if (post.lowest == BOXES) {
        errno = ENOMEM;
        return NULL;
    }
    post.taken[post.lowest] = true;
    return &post.boxes[post.lowest++];
}

int *mp_exit_status_new(void)
{
    lock();
    int *box = take();
    unlock();
    if (box == NULL) {
        mp_fail(errno, "no memory for an exit status: %s", strerror(errno));
        return NULL;
    }
    *box = MP_EXIT_STATUS_NONE;
    return box;
}

// A box of the parent's, in a forked child, is not ours to give away.
void mp_exit_status_free(int *box)
{
    lock();
    if (post.boxes != NULL && box >= post.boxes && box < post.boxes + BOXES) {
        int index = (int)(box - post.boxes);
        post.taken[index] = false;
        post.lowest = index < post.lowest ? index : post.lowest;
    }
    unlock();
}

int mp_exit_status_locate(const int *box, size_t *offset)
{
    *offset = (size_t)((const char *)box - (const char *)post.boxes);
    return post.fd;
}

int *mp_exit_status_open(int fd, size_t offset)
{
    char *memory = mmap(NULL, BOXES * sizeof *post.boxes,
                        PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return memory != MAP_FAILED ? (int *)(memory + offset) : NULL;
}
