#include "platform.h"

#include "post.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "error.h"

// Boxes come from whole pages of shared memory. Which of them are free is known
// to this process alone. After a fork the child makes pages of its own: a box
// that both gave away would have two owners.
enum { BOXES = 1024 };

typedef struct page {
    struct page *next;
    int *boxes;         // shared
    bool taken[BOXES];  // ours
} page;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static page *pages;

static void lock(void)
{
    pthread_mutex_lock(&mutex);
}

static void unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

// The parent's pages stay mapped: our own box is in one of them.
static void after_fork_in_child(void)
{
    while (pages != NULL) {
        page *copy = pages;
        pages = copy->next;
        free(copy);
    }
    unlock();
}

void mp_post_begin(void)
{
    pthread_atfork(lock, unlock, after_fork_in_child);
}

static page *new_page(void)
{
    page *new = calloc(1, sizeof *new);
    if (new == NULL) {
        return NULL;
    }
    new->boxes = mmap(NULL, BOXES * sizeof *new->boxes, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (new->boxes == MAP_FAILED) {
        free(new);
        return NULL;
    }
    new->next = pages;
    pages = new;
    return new;
}

static int *take(page *from)
{
    for (int i = 0; i < BOXES; i++) {
        if (!from->taken[i]) {
            from->taken[i] = true;
            from->boxes[i] = MP_POST_EMPTY;
            return &from->boxes[i];
        }
    }
    return NULL;
}

int *mp_post_new(void)
{
    lock();
    int *box = NULL;
    for (page *p = pages; p != NULL && box == NULL; p = p->next) {
        box = take(p);
    }
    if (box == NULL) {
        page *new = new_page();
        box = new != NULL ? take(new) : NULL;
    }
    unlock();
    if (box == NULL) {
        mp_fail(ENOMEM, "no memory for an exit status");
    }
    return box;
}

void mp_post_free(int *box)
{
    lock();
    for (page *p = pages; p != NULL; p = p->next) {
        if (box >= p->boxes && box < p->boxes + BOXES) {
            p->taken[box - p->boxes] = false;
        }
    }
    unlock();
}
