#include "platform.h"

#include "process.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "family.h"
#include "fdio.h"
#include "post.h"

static int copy_args(mp_process *process, const mp_process_options *options)
{
    if ((options->args == NULL) != (options->args_size == 0)) {
        return mp_fail(EINVAL, "args and args_size must be given together");
    }
    process->args = NULL;
    process->args_size = options->args_size;
    if (options->args == NULL) {
        return 0;
    }
    process->args = malloc(options->args_size);
    if (process->args == NULL) {
        return mp_fail(ENOMEM, "no memory for %zu bytes of arguments",
                       options->args_size);
    }
    memcpy(process->args, options->args, options->args_size);
    return 0;
}

static void free_args(mp_process *process)
{
    free(process->args);
    process->args = NULL;
    process->args_size = 0;
}

int mp_process_init_with(mp_process *process,
                         const mp_process_options *options)
{
    size_t size = options->size != 0 ? options->size : sizeof *process;
    if (size < sizeof *process) {
        return mp_fail(EINVAL, "size must be that of the whole subclass");
    }
    if (options->launch == NULL) {
        return mp_fail(EINVAL, "launch must be given, as mp_process_init does");
    }
    mp_process new = {
        .run = options->run != NULL ? options->run : mp_process_run,
        .target = options->target,
        .size = size,
        .launch = options->launch,
    };
    if (copy_args(&new, options) == -1) {
        return -1;
    }
    new.record = mp_family_construct(
        process, options->class_name != NULL ? options->class_name : "Process",
        options->name, options->daemon);
    if (new.record == NULL) {
        free(new.args);
        return -1;
    }
    *process = new;
    return 0;
}

// The checks stand in Python's order, so that the same mistake meets the same
// sentence (CPython, Lib/multiprocessing/process.py, start).
int mp_process_start(mp_process *process)
{
    if (mp_process_check_open(process) == -1) {
        return -1;
    }
    if (process->record->started) {
        return mp_fail(EINVAL, "cannot start a process twice");
    }
    if (process->record->creator != getpid()) {
        return mp_fail(EPERM, "can only start a process object created by "
                              "current process");
    }
    if (mp_process_daemon(mp_current_process())) {
        return mp_fail(EPERM, "daemonic processes are not allowed to have "
                              "children");
    }
    if (mp_children_may_start() == -1) {
        return -1;
    }
    mp_children_reap_all();
    *process->record->box = MP_POST_EMPTY;
    if (process->launch(process) == -1) {
        return -1;
    }
    process->target = NULL;
    free_args(process);
    return 0;
}

int mp_process_run(mp_process *process)
{
    return process->target != NULL ? process->target(process->args) : 0;
}

int mp_process_join(mp_process *process, double timeout)
{
    if (mp_process_check_open(process) == -1) {
        return -1;
    }
    mp_record *record = process->record;
    double deadline = mp_clock_deadline(timeout);
    if (process == mp_parent_process()) {
        return mp_fd_wait(record->sentinel, deadline);
    }
    if (record->creator != getpid()) {
        return mp_fail(EPERM, "can only join a child process");
    }
    if (!record->started) {
        return mp_fail(EINVAL, "can only join a started process");
    }
    return mp_children_join(record, deadline);
}

// A sibling, which holds a copy of the object, may signal the process as well,
// but by its pid alone: it has no pidfd of it.
static int send(const mp_process *process, int sig)
{
    if (mp_process_check_open(process) == -1) {
        return -1;
    }
    mp_record *record = process->record;
    if (!record->started) {
        return mp_fail(EINVAL, "can only signal a started process");
    }
    if (record->creator == getpid()) {
        mp_children_signal(record, sig);
    } else {
        kill(record->pid, sig);
    }
    return 0;
}

int mp_process_terminate(const mp_process *process)
{
    return send(process, SIGTERM);
}

int mp_process_kill(const mp_process *process)
{
    return send(process, SIGKILL);
}

int mp_process_stop(mp_process *process, double grace)
{
    if (mp_process_terminate(process) == -1) {
        return -1;
    }
    if (mp_process_join(process, grace) == 0) {
        return 0;
    }
    if (errno != ETIMEDOUT) {
        return -1;
    }
    mp_process_kill(process);
    return mp_process_join(process, MP_FOREVER);
}

int mp_process_close(mp_process *process)
{
    mp_record *record = process->record;
    if (record == NULL) {
        return 0;
    }
    if (process == mp_current_process() || process == mp_parent_process() ||
        record->creator != getpid()) {
        return mp_fail(EPERM, "can only close a process object created by "
                              "current process");
    }
    if (process != record->object) {
        return mp_fail(EPERM, "can only close the process object itself");
    }
    if (record->started && mp_children_reap(record) == MP_NONE) {
        return mp_fail(EBUSY, "Cannot close a process while it is still "
                              "running. You should first call join() or "
                              "terminate().");
    }
    mp_children_remove(record);
    free_args(process);
    process->target = NULL;
    process->record = NULL;
    return 0;
}

void mp_process_bootstrap(mp_process *process, int parent_sentinel)
{
    mp_family_enter(process, parent_sentinel);
    mp_exit(process->run(process));
}
