#include "base/platform.h"

#include "process/children.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/descriptors.h"
#include "base/error.h"
#include "memory/shm.h"
#include "process/current.h"
#include "process/reap.h"

static struct {
    pthread_mutex_t lock;
    mp_record *records;   // of all objects constructed here and not yet closed,
                          // oldest first
    mp_record **end;      // the last one's `next`
} children = { .lock = PTHREAD_MUTEX_INITIALIZER, .end = &children.records };

static void lock(void)
{
    pthread_mutex_lock(&children.lock);
}

static void unlock(void)
{
    pthread_mutex_unlock(&children.lock);
}

// ---- forks ----------------------------------------------------------------
//
// fork() copies the list, and it copies the mutex as it is. So our handlers,
// which the C library calls around every fork of the program (pthread_atfork),
// hold the mutex meanwhile: no other thread does, and no child waits for a
// thread that it does not have. And the child gives up the copied list at once.

static void close_sentinel(mp_record *record)
{
    if (record->sentinel != -1) {
        close(record->sentinel);
        record->sentinel = -1;
    }
}

// The children are the parent's. Their records stay, since copied objects point
// to them; their sentinels are closed.
static void after_fork_in_child(void)
{
    for (mp_record *record = children.records; record != NULL;
         record = record->next) {
        close_sentinel(record);
    }
    children.records = NULL;
    children.end = &children.records;
    unlock();
}

void mp_children_begin(void)
{
    pthread_atfork(lock, unlock, after_fork_in_child);
}

// ---- the list -------------------------------------------------------------

void mp_children_add(mp_record *record)
{
    lock();
    record->next = NULL;
    *children.end = record;
    children.end = &record->next;
    unlock();
}

void mp_children_remove(mp_record *record)
{
    lock();
    mp_record **link = &children.records;
    while (*link != record) {
        link = &(*link)->next;
    }
    *link = record->next;
    if (children.end == &record->next) {
        children.end = link;
    }
    unlock();
    close_sentinel(record);
    mp_children_free(record);
}

void mp_children_free(mp_record *record)
{
    mp_shm_free(record->exit_status);
    free(record);
}

void mp_children_started(mp_record *record, pid_t pid, int sentinel)
{
    lock();
    record->started = true;
    record->pid = pid;
    record->sentinel = sentinel;
    unlock();
}

// ---- reaping --------------------------------------------------------------

// Call with the lock held.
static int reap(mp_record *record)
{
    if (record->started && record->exitcode == MP_NONE) {
        record->exitcode = mp_reap(record);
        if (record->exitcode != MP_NONE) {
            mp_shm_end_owner(record->exit_status);
        }
    }
    return record->exitcode;
}

static int lock_and_reap(mp_record *record)
{
    lock();
    int exitcode = reap(record);
    unlock();
    return exitcode;
}

// Call with the lock held. A fork server may note the end of its child a moment
// later.
static bool runs(mp_record *record)
{
    return record->started && reap(record) == MP_NONE &&
           (record->exit_status->pid == 0 || !mp_reap_has_ended(record));
}

bool mp_children_runs(mp_record *record)
{
    lock();
    bool it_runs = runs(record);
    unlock();
    return it_runs;
}

// Between two looks at a child that has ended.
static const struct timespec moment = { .tv_nsec = 100000 };

int mp_children_exitcode(mp_record *record)
{
    double deadline = mp_clock_deadline(MP_SERVER_PATIENCE);
    int exitcode;
    while ((exitcode = lock_and_reap(record)) == MP_NONE &&
           record->started && !mp_children_runs(record)) {
        if (mp_clock_now() >= deadline) {
            record->exit_status->exitcode = MP_EXIT_UNKNOWN;
        }
        nanosleep(&moment, NULL);
    }
    return exitcode;
}

int mp_children_join(mp_record *record, double deadline)
{
    if (mp_fd_wait(record->sentinel, deadline) == -1) {
        return -1;
    }
    // Nearly always the first try collects it; not while a debugger holds it.
    while (mp_children_runs(record)) {
        if (mp_clock_now() >= deadline) {
            return mp_fail(ETIMEDOUT, "timed out");
        }
        nanosleep(&moment, NULL);
    }
    return 0;
}

void mp_children_reap_all(void)
{
    // One call tells whether any child at all has ended. Mostly none has, and
    // a thousand records need not be looked at, one system call each.
    siginfo_t info = { .si_pid = 0 };
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        info.si_pid == 0) {
        return;
    }
    lock();
    for (mp_record *record = children.records; record != NULL;
         record = record->next) {
        reap(record);
    }
    unlock();
}

mp_record *mp_children_next_running(bool daemonic)
{
    lock();
    mp_record *record = children.records;
    while (record != NULL && (record->daemon != daemonic || !runs(record))) {
        record = record->next;
    }
    unlock();
    return record;
}

int mp_active_children(mp_process *list, int most)
{
    lock();
    int count = 0;
    for (mp_record *record = children.records; record != NULL;
         record = record->next) {
        if (runs(record)) {
            if (count < most) {
                list[count] = (mp_process){ .record = record };
            }
            count++;
        }
    }
    unlock();
    return count;
}

// ---- signals --------------------------------------------------------------

// Call with the lock held.
static int send(mp_record *record, int sig)
{
    if (runs(record) && mp_pidfd_send_signal(record->sentinel, sig) == -1 &&
        errno != ESRCH) {
        return mp_fail(errno, "cannot send a signal to process %d: %s",
                       (int)record->pid, strerror(errno));
    }
    return 0;
}

int mp_children_signal(mp_record *record, int sig)
{
    lock();
    int sent = send(record, sig);
    unlock();
    return sent;
}

void mp_children_signal_daemons(int sig)
{
    lock();
    for (mp_record *record = children.records; record != NULL;
         record = record->next) {
        if (record->daemon) {
            send(record, sig);
        }
    }
    unlock();
}
