#include "base/platform.h"

#include "process/current.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "process/parent_death.h"
#include "process/exit_status.h"

// Two objects that nobody constructed: the main process and, in a child, its
// parent. Neither can be run, started or closed.
static mp_record main_record = {
    .identity = "",
    .pid = MP_NONE,
    .sentinel = -1,
    .report = -1,
    .exitcode = MP_NONE,
};
static mp_process main_process = { .record = &main_record };
static mp_record parent_record;
static mp_process parent_process = { .record = &parent_record };

// Python's main process has 32 random bytes.
enum { AUTHKEY_SIZE = 32 };

static struct {
    mp_process *current;
    mp_process *parent;           // NULL in the main process
    _Atomic unsigned constructed; // Process objects so far: the N of Process-N
    int status;                   // what mp_exit was called with
    void (*at_end)(void);
} family = { .current = &main_process, .status = MP_EXIT_UNKNOWN };

mp_process *mp_current_process(void)
{
    return family.current;
}

mp_process *mp_parent_process(void)
{
    return family.parent;
}

int mp_active_children(mp_process *list, int most)
{
    mp_record **running = calloc((size_t)(most > 0 ? most : 0) + 1,
                                 sizeof *running);
    if (running == NULL) {
        return mp_fail(ENOMEM, "no memory for a list of children");
    }
    mp_current_begin();
    int count = mp_children_running(running, most);
    for (int i = 0; i < count && i < most; i++) {
        list[i] = (mp_process){ .record = running[i] };
    }
    free(running);
    return count;
}

// Leaves the key NULL where there is no memory.
static void draw_authkey(void)
{
    unsigned char *key = malloc(AUTHKEY_SIZE);
    if (key == NULL || getentropy(key, AUTHKEY_SIZE) == -1) {
        free(key);
        return;
    }
    main_record.authkey = key;
    main_record.authkey_size = AUTHKEY_SIZE;
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
           mp_children_join(daemon, deadline) == 0) {
    }
    mp_children_signal_daemons(SIGKILL);
}

static void end(void)
{
    flush();
    mp_children_close_list();
    if (mp_children_next_running(true) != NULL) {
        stop_daemons();
    }
    mp_record *child;
    while ((child = mp_children_next_running(false)) != NULL) {
        mp_children_join(child, MP_FOREVER);
    }
    if (family.at_end != NULL) {
        family.at_end();
    }
}

void mp_current_at_exit(void (*handler)(void))
{
    family.at_end = handler;
}

// The main process's exit handler is end() itself: exit() goes on to end the
// process with its status. A raw fork() copies the handler, and its child looks
// after its own children with it, which are none as long as it starts none.
static void begin(void)
{
    mp_children_begin();
    mp_exit_status_begin();
    atexit(end);
    draw_authkey();
}

void mp_current_begin(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, begin);
}

// A child's last exit handler: registered before any of its own, and so called
// after them (atexit(3)). It does not come back: the next handlers would be
// those that were registered in the parent.
static _Noreturn void end_child(int status)
{
    end();
    flush();
    status = mp_platform_leaked() ? MP_EXIT_LEAKED : status & 0xff;
    mp_record *record = family.current->record;
    if (record->pid == getpid()) {
        *record->status_slot = status;  // not the child of a raw fork of ours
    }
    _exit(status);
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

// Identity and name of the object with this number. Returns -1 without memory.
static int set_identity(mp_record *record, unsigned number,
                        const char *class_name, const char *name)
{
    const char *creator = family.current->record->identity;
    if (asprintf(&record->identity, "%s%s%u", creator,
                 *creator != '\0' ? ":" : "", number) == -1) {
        record->identity = NULL;
        return -1;
    }
    if (name != NULL && *name != '\0') {
        record->name = strdup(name);
        return record->name != NULL ? 0 : -1;
    }
    return asprintf(&record->name, "%s-%s", class_name, record->identity) == -1
               ? -1
               : 0;
}

static int copy_authkey(mp_record *record)
{
    const mp_record *creator = family.current->record;
    if (creator->authkey == NULL) {
        draw_authkey();  // there was no memory for the main process's
    }
    if (creator->authkey == NULL) {
        return -1;
    }
    record->authkey = malloc(creator->authkey_size + 1);
    if (record->authkey == NULL) {
        return -1;
    }
    memcpy(record->authkey, creator->authkey, creator->authkey_size);
    record->authkey_size = creator->authkey_size;
    return 0;
}

mp_record *mp_current_new_record(const void *object, const char *class_name,
                               const char *name, int daemon)
{
    mp_current_begin();
    unsigned number = ++family.constructed;
    mp_record *record = malloc(sizeof *record);
    if (record != NULL) {
        *record = (mp_record){
            .object = object,
            .creator = getpid(),
            .daemon = daemon == MP_INHERIT ? family.current->record->daemon
                                           : daemon > 0,
            .pid = MP_NONE,
            .sentinel = -1,
            .report = -1,
            .exitcode = MP_NONE,
        };
        record->status_slot = mp_exit_status_new();
        if (record->status_slot != NULL && copy_authkey(record) == 0 &&
            set_identity(record, number, class_name, name) == 0) {
            mp_children_add(record);
            return record;
        }
        int error = errno;
        mp_children_free(record);
        errno = error;
    }
    int error = errno;
    // The number is used up only if somebody else took the next one meanwhile.
    atomic_compare_exchange_strong(&family.constructed, &number, number - 1);
    mp_fail(error, "cannot make a process object: %s", strerror(error));
    return NULL;
}

mp_record mp_current_as_creator(int sentinel)
{
    const mp_record *self = family.current->record;
    return (mp_record){
        .name = self->name,
        .identity = self->identity,
        .daemon = self->daemon,
        .pid = getpid(),
        .sentinel = sentinel,
        .report = -1,
        .exitcode = MP_NONE,
    };
}

void mp_current_become(mp_process *self, const mp_record *creator,
                     pid_t kernel_parent)
{
    if (family.parent != NULL) {
        close(parent_record.sentinel);
    }
    parent_record = *creator;
    self->record->pid = getpid();
    family.parent = &parent_process;
    family.current = self;
    family.constructed = 0;
    family.status = MP_EXIT_UNKNOWN;
    if (register_end_child() != 0) {
        _exit(MP_EXIT_UNKNOWN);  // no memory: better no run than a wrong end
    }
    if (self->record->daemon) {
        mp_die_with_parent(kernel_parent);
    }
}
