#include "base/platform.h"

#include "process/children.h"

#include <errno.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/descriptors.h"
#include "process/exit_status.h"
#include "process/reap.h"

static struct {
    pthread_mutex_t lock;
    mp_record *records;   // of all objects constructed here and not yet closed
    mp_record *disowned;  // of objects that came as copies, from the parent
    bool ending;          // this process ends: it can have no new children
} children = { .lock = PTHREAD_MUTEX_INITIALIZER };

// A thread that is cancelled while it holds the mutex would never release it,
// and waitid(2) is a place where threads are cancelled. So nobody is,
// meanwhile.
static _Thread_local int cancel_state;

static void lock(void)
{
    int state;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    pthread_mutex_lock(&children.lock);
    cancel_state = state;
}

static void unlock(void)
{
    int state = cancel_state;
    pthread_mutex_unlock(&children.lock);
    pthread_setcancelstate(state, NULL);
}

// ---- forks ----------------------------------------------------------------
//
// fork() copies the list, and it copies the mutex as it is. So our handlers,
// which the C library calls around every fork of the program (pthread_atfork),
// hold the mutex meanwhile: no other thread does, and no child waits for a
// thread that it does not have. And the child gives up the copied list at once.

static void close_descriptors(mp_record *record)
{
    if (record->sentinel != -1) {
        close(record->sentinel);
        record->sentinel = -1;
    }
    if (record->report != -1) {
        close(record->report);
        record->report = -1;
    }
}

// The children are the parent's. Their records stay, since copied objects point
// to them; their descriptors are closed.
static void disown(void)
{
    mp_record *record = children.records;
    while (record != NULL) {
        mp_record *next = record->next;
        close_descriptors(record);
        record->next = children.disowned;
        children.disowned = record;
        record = next;
    }
    children.records = NULL;
}

static void after_fork_in_child(void)
{
    disown();
    children.ending = false;
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
    record->next = children.records;
    children.records = record;
    unlock();
}

void mp_children_remove(mp_record *record)
{
    lock();
    if (children.ending) {
        unlock();  // the thread that ends the process may be looking at it
        return;
    }
    mp_record **link = &children.records;
    while (*link != record) {
        link = &(*link)->next;
    }
    *link = record->next;
    unlock();
    close_descriptors(record);
    mp_children_free(record);
}

void mp_children_free(mp_record *record)
{
    mp_exit_status_free(record->status_slot);
    free(record->authkey);
    free(record->name);
    free(record->identity);
    free(record);
}

// Call with the lock held.
static int refuse_at_end(void)
{
    if (children.ending) {
        return mp_fail(ECANCELED, "cannot start a process: the program ends");
    }
    return 0;
}

int mp_children_may_start(void)
{
    lock();
    int refused = refuse_at_end();
    unlock();
    return refused;
}

int mp_children_started(mp_record *record, pid_t pid, int sentinel,
                        int report)
{
    lock();
    int refused = refuse_at_end();
    if (refused == 0) {
        record->started = true;
        record->pid = pid;
        record->sentinel = sentinel;
        record->report = report;
    }
    unlock();
    return refused;
}

void mp_children_close_list(void)
{
    lock();
    children.ending = true;
    unlock();
}

// ---- reaping --------------------------------------------------------------

// Call with the lock held.
static int reap(mp_record *record)
{
    if (record->started && record->exitcode == MP_NONE) {
        record->exitcode = mp_reap(record);
    }
    return record->exitcode;
}

// Call with the lock held. A fork server's child has ended before we are told
// how.
static bool runs(mp_record *record)
{
    return record->started && reap(record) == MP_NONE &&
           (record->report == -1 ||
            mp_fd_wait(record->sentinel, mp_clock_deadline(0)) == -1);
}

static int lock_and_reap(mp_record *record)
{
    lock();
    int exitcode = reap(record);
    unlock();
    return exitcode;
}

// How long, in seconds, who asks for an exit code waits for the fork server to
// tell it. It takes microseconds, unless server or child are stopped.
#define PATIENCE 5.0

int mp_children_reap(mp_record *record)
{
    int exitcode = lock_and_reap(record);
    if (exitcode == MP_NONE && record->started && record->report != -1 &&
        mp_fd_wait(record->sentinel, mp_clock_deadline(0)) == 0) {
        mp_fd_wait(record->report, mp_clock_deadline(PATIENCE));
        exitcode = lock_and_reap(record);
    }
    return exitcode;
}

int mp_children_join(mp_record *record, double deadline)
{
    if (mp_fd_wait(record->sentinel, deadline) == -1 && errno == ETIMEDOUT) {
        return -1;
    }
    // Nearly always the first look collects it; not while a debugger holds it,
    // or where poll refuses (RLIMIT_NOFILE). A fork server's report wakes us.
    const struct timespec pause = { .tv_nsec = 1000000 };
    while (lock_and_reap(record) == MP_NONE) {
        if (mp_clock_now() >= deadline) {
            return mp_fail(ETIMEDOUT, "timed out");
        }
        if (record->report == -1 ||
            mp_fd_wait(record->report, deadline) == -1) {
            nanosleep(&pause, NULL);
        }
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
    while (record != NULL &&
           ((daemonic && !record->daemon) || !runs(record))) {
        record = record->next;
    }
    unlock();
    return record;
}

int mp_children_running(mp_record **running, int most)
{
    lock();
    int count = 0;
    for (mp_record *record = children.records; record != NULL;
         record = record->next) {
        record->runs = runs(record);
        count += record->runs;
    }
    // The list has the newest first.
    int place = count;
    for (mp_record *record = children.records; record != NULL;
         record = record->next) {
        if (record->runs && --place < most) {
            running[place] = record;
        }
    }
    unlock();
    return count;
}

// Call with the lock held.
static void send(mp_record *record, int sig)
{
    if (runs(record)) {
        mp_pidfd_send_signal(record->sentinel, sig);
    }
}

void mp_children_signal(mp_record *record, int sig)
{
    lock();
    send(record, sig);
    unlock();
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
