#include "platform.h"

#include "family.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "fdio.h"

// Two objects that nobody constructed: the main process and, in a child, its
// parent. Neither can be run, started or closed.
static mp_record main_record = {
    .identity = "", .pid = MP_NONE, .sentinel = -1, .exitcode = MP_NONE
};
static mp_process main_process = { .record = &main_record };
static mp_record parent_record;
static mp_process parent_process = { .record = &parent_record };

static struct {
    mp_process *current;
    mp_process *parent;           // NULL in the main process
    _Atomic unsigned constructed; // Process objects so far: the N of Process-N
    _Atomic pid_t ending;         // whose end the exit handlers look after
    int status;                   // what mp_exit was called with
} family = { .current = &main_process, .status = MP_EXIT_UNKNOWN };

mp_process *mp_current_process(void)
{
    return family.current;
}

mp_process *mp_parent_process(void)
{
    return family.parent;
}

// ---- how everything ends --------------------------------------------------

// Only these two. fflush(NULL) would wait for a thread that reads stdin, and
// in a child would write once more what the parent has not written yet.
static void flush(void)
{
    fflush(stdout);
    fflush(stderr);
}

// SIGCONT, since a stopped process takes SIGTERM only once it goes on.
static void stop_daemons(void)
{
    mp_children_signal_daemons(SIGTERM);
    mp_children_signal_daemons(SIGCONT);
    double deadline = mp_clock_deadline(MP_DAEMON_GRACE);
    mp_record *daemon;
    while ((daemon = mp_children_next_running(true)) != NULL &&
           mp_fd_wait(daemon->sentinel, deadline) == 0) {
    }
    mp_children_signal_daemons(SIGKILL);
}

static void end(void)
{
    flush();
    if (mp_children_next_running(true) != NULL) {
        stop_daemons();
    }
    mp_record *child;
    while ((child = mp_children_next_running(false)) != NULL) {
        mp_fd_wait(child->sentinel, MP_FOREVER);
    }
}

// The main process's exit handler. exit() goes on to end it with its status. A
// raw fork() copies the handler, but it is not that process's to look after.
static void end_main(void)
{
    if (family.ending == getpid()) {
        end();
    }
}

static pthread_once_t end_registered = PTHREAD_ONCE_INIT;

static void register_end_main(void)
{
    atexit(end_main);
}

// A child's last exit handler: registered before any of its own, and so called
// after them (atexit(3)). It does not come back: the next handlers would be
// those that were registered in the parent.
static void end_child(int status)
{
    if (family.ending != getpid()) {
        return;
    }
    end();
    flush();
    _exit(mp_platform_leaked() ? MP_EXIT_LEAKED : status);
}

#if MP_HAS_ON_EXIT
static void on_exit_child(int status, void *unused)
{
    (void)unused;
    end_child(status);
}

static int register_end_child(void)
{
    return on_exit(on_exit_child, NULL);
}
#else
static void at_exit_child(void)
{
    end_child(family.status);
}

static int register_end_child(void)
{
    return atexit(at_exit_child);
}
#endif

void mp_exit(int status)
{
    family.status = status;
    (exit)(status);  // in parentheses: the function, whatever the macro says
}

// ---- new members ----------------------------------------------------------

// Identity and name of the next object. Returns -1 without memory.
static int set_identity(mp_record *record, const char *class_name,
                        const char *name)
{
    const char *creator = family.current->record->identity;
    unsigned number = ++family.constructed;
    if (asprintf(&record->identity, "%s%s%u", creator,
                 *creator != '\0' ? ":" : "", number) == -1) {
        record->identity = NULL;
        return -1;
    }
    if (name != NULL) {
        record->name = strdup(name);
        return record->name != NULL ? 0 : -1;
    }
    return asprintf(&record->name, "%s-%s", class_name, record->identity) == -1
               ? -1
               : 0;
}

mp_record *mp_family_construct(const char *class_name, const char *name,
                               int daemon)
{
    // With its first object a process has an end to look after; so has a child
    // of a raw fork(), by a copied handler. Other threads wait until it is
    // registered: one that forks meanwhile would copy a lock of the C library.
    pthread_once(&end_registered, register_end_main);
    family.ending = getpid();
    mp_record *record = malloc(sizeof *record);
    if (record != NULL) {
        *record = (mp_record){
            .creator = getpid(),
            .daemon = daemon == MP_INHERIT ? family.current->record->daemon
                                           : daemon == MP_TRUE,
            .pid = MP_NONE,
            .sentinel = -1,
            .exitcode = MP_NONE,
        };
        if (set_identity(record, class_name, name) == 0) {
            mp_children_add(record);
            return record;
        }
        free(record->identity);
        free(record);
    }
    mp_fail(ENOMEM, "no memory for a process object");
    return NULL;
}

void mp_family_enter(mp_process *self, int parent_sentinel)
{
    if (family.parent != NULL) {
        close(parent_record.sentinel);
    }
    const mp_record *creator = family.current->record;
    parent_record = (mp_record){
        .name = creator->name,
        .identity = creator->identity,
        .daemon = creator->daemon,
        .pid = self->record->creator,
        .sentinel = parent_sentinel,
        .exitcode = MP_NONE,
    };
    mp_children_disown();
    family.parent = &parent_process;
    family.current = self;
    family.constructed = 0;
    family.status = MP_EXIT_UNKNOWN;
    family.ending = getpid();
    if (register_end_child() != 0) {
        _exit(MP_EXIT_UNKNOWN);  // no memory: better no run than a wrong end
    }
}
