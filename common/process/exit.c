#include "base/platform.h"

#include "process/exit.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/pid.h"
#include "process/children.h"

static struct {
    void (*handler)(void);
    int given;             // the status that mp_exit was called with
    mp_exit_status *exit_status;  // of a child; NULL in the main process
    unsigned generation;   // of that child
} at_end = { .given = MP_EXIT_UNKNOWN };

// Waits for the daemons, but not for ever: the one that a debugger holds, or
// that this process may not signal, must not hold up its end.
static void wait_for_daemons(void)
{
    double deadline = mp_clock_deadline(MP_DAEMON_GRACE);
    mp_record *daemon;
    while ((daemon = mp_children_next_running(true)) != NULL &&
           mp_children_join(daemon, deadline) == 0) {
    }
}

// SIGCONT, since a stopped process takes SIGTERM only once it goes on.
static void stop_daemons(void)
{
    mp_children_signal_daemons(SIGTERM);
    mp_children_signal_daemons(SIGCONT);
    wait_for_daemons();
    mp_children_signal_daemons(SIGKILL);
    wait_for_daemons();
}

static void end(void)
{
    mp_platform_flush();
    if (mp_children_next_running(true) != NULL) {
        stop_daemons();
    }
    mp_record *child;
    while ((child = mp_children_next_running(false)) != NULL) {
        mp_children_join(child, MP_FOREVER);
    }
    if (at_end.handler != NULL) {
        at_end.handler();
    }
}

void mp_exit_at_end(void (*handler)(void))
{
    at_end.handler = handler;
}

// The main process's exit handler is end() itself: exit() goes on to end the
// process with its status. A raw fork() copies the handler, and its child looks
// after its own children with it, which are none as long as it starts none.
void mp_exit_begin(void)
{
    atexit(end);
}

// A child's last exit handler: registered before any of its own, and so called
// after them (atexit(3)). It does not come back: the next handlers would be
// those that were registered in the parent.
static _Noreturn void end_child(int status)
{
    end();
    if (at_end.generation == mp_own_generation()) {
        // Not in the child of a raw fork of ours.
        at_end.exit_status->exitcode = status & 0xff;
    }
    _exit(status);
}

// glibc's on_exit(3) tells a handler the status that exit() was called with.
// musl has only atexit(3), which does not: there mp_exit() leaves a note.
#ifdef __GLIBC__
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
    end_child(at_end.given);
}

static int register_end_child(void)
{
    return atexit(at_exit_child);
}
#endif

void mp_exit_begin_child(mp_exit_status *exit_status)
{
    at_end.given = MP_EXIT_UNKNOWN;
    at_end.exit_status = exit_status;
    at_end.generation = mp_own_generation();
    if (register_end_child() != 0) {
        _exit(MP_EXIT_UNKNOWN);  // better no run than a wrong end
    }
}

void mp_exit(int status)
{
    at_end.given = status;
    (exit)(status);  // in parentheses: the function, whatever the macro says
}
