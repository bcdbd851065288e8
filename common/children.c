#include "platform.h"

#include "children.h"

#include <errno.h>
#include <pthread.h>

static struct {
    pthread_mutex_t lock;
    pid_t owner;          // whose children these are; 0 before the first use
    mp_record *records;   // of all objects constructed here and not yet closed
    mp_record *disowned;  // of objects that came as copies, from the parent
} children = { .lock = PTHREAD_MUTEX_INITIALIZER };

// ---- the lock, and forks --------------------------------------------------

// fork() copies a mutex as it is. These two, called around every fork, see to
// it that no other thread holds ours then: a child never waits for a thread
// that it does not have (pthread_atfork(3)).
static void before_fork(void)
{
    pthread_mutex_lock(&children.lock);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&children.lock);
}

static void disown(void)
{
    mp_record *record = children.records;
    while (record != NULL) {
        mp_record *next = record->next;
        if (record->sentinel != -1) {
            close(record->sentinel);
            record->sentinel = -1;
        }
        record->next = children.disowned;
        children.disowned = record;
        record = next;
    }
    children.records = NULL;
}

static void lock(void)
{
    pthread_mutex_lock(&children.lock);
    pid_t self = getpid();
    if (children.owner == self) {
        return;
    }
    if (children.owner == 0) {
        pthread_atfork(before_fork, after_fork, after_fork);
    } else {
        disown();
    }
    children.owner = self;
}

static void unlock(void)
{
    pthread_mutex_unlock(&children.lock);
}

void mp_children_disown(void)
{
    lock();
    unlock();
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
    mp_record **link = &children.records;
    while (*link != record) {
        link = &(*link)->next;
    }
    *link = record->next;
    unlock();
    if (record->sentinel != -1) {
        close(record->sentinel);
    }
    free(record->name);
    free(record->identity);
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

// Call with the lock held. A child that somebody else reaped (a waitpid(-1)
// elsewhere in the program, or SIGCHLD ignored) has ended too; only how it
// ended is lost. Python takes such a child for alive for ever (cpython's issue
// 92881).
static int reap(mp_record *record)
{
    if (!record->started || record->exitcode != MP_NONE) {
        return record->exitcode;
    }
    siginfo_t info = { .si_pid = 0 };
    int failed;
    do {
        failed = waitid(MP_P_PIDFD, (id_t)record->sentinel, &info,
                        WEXITED | WNOHANG);
    } while (failed == -1 && errno == EINTR);
    if (failed == -1) {
        record->exitcode = MP_EXIT_UNKNOWN;
    } else if (info.si_pid != 0) {
        record->exitcode =
            info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
    }
    return record->exitcode;
}

int mp_children_reap(mp_record *record)
{
    lock();
    int exitcode = reap(record);
    unlock();
    return exitcode;
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
           (!record->started || (daemonic && !record->daemon) ||
            reap(record) != MP_NONE)) {
        record = record->next;
    }
    unlock();
    return record;
}

void mp_children_signal_daemons(int sig)
{
    lock();
    for (mp_record *record = children.records; record != NULL;
         record = record->next) {
        if (record->daemon && record->started && reap(record) == MP_NONE) {
            mp_pidfd_send_signal(record->sentinel, sig);
        }
    }
    unlock();
}
