#include "base/platform.h"

#include "process/process.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/descriptors.h"
#include "base/error.h"
#include "base/pid.h"
#include "process/current.h"
#include "process/exit.h"

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

static int copy_pass_fds(mp_process *process, const mp_process_options *options)
{
    int count = options->pass_fds_count;
    if (count < 0 || count > MP_PASS_FDS_MOST) {
        return mp_fail(EINVAL, "too many fds: %d, at most %d can be passed",
                       count, MP_PASS_FDS_MOST);
    }
    for (int i = 0; i < count; i++) {
        process->pass_fds[i] = options->pass_fds[i];
    }
    process->pass_fds_count = count;
    return 0;
}

// What was for the child alone.
static void free_args(mp_process *process)
{
    free(process->args);
    process->args = NULL;
    process->args_size = 0;
    process->target = NULL;
}

static const char *class_name(const mp_process_options *options)
{
    if (options->class_name != NULL) {
        return options->class_name;
    }
    return options->context != NULL ? options->context->class_name : "Process";
}

int mp_process_init_with(mp_process *process,
                         const mp_process_options *options)
{
    size_t size = options->size != 0 ? options->size : sizeof *process;
    if (size < sizeof *process) {
        return mp_fail(EINVAL, "size must be that of the whole subclass");
    }
    if (options->context != NULL && options->context->launch == NULL) {
        return mp_fail(EINVAL, "cannot find context: mp_get_context was given "
                               "a name that is no start method");
    }
    mp_process new = {
        .run = options->run != NULL ? options->run : mp_process_run,
        .target = options->target,
        .size = size,
        .context = options->context,
        .launch = options->launch,
    };
    if (copy_args(&new, options) == 0 && copy_pass_fds(&new, options) == 0) {
        new.record = mp_current_new_record(process, class_name(options),
                                         options->name, options->daemon);
    }
    if (new.record == NULL) {
        free_args(&new);
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
    if (process->record->creator != mp_own_generation()) {
        return mp_fail(EPERM, "can only start a process object created by "
                              "current process");
    }
    if (mp_process_daemon(mp_current_process())) {
        return mp_fail(EPERM, "daemonic processes are not allowed to have "
                              "children");
    }
    for (int i = 0; i < process->pass_fds_count; i++) {
        if (fcntl(process->pass_fds[i], F_GETFD) == -1) {
            return mp_fail(EBADF, "cannot pass descriptor %d: it is not open",
                           process->pass_fds[i]);
        }
    }
    mp_children_reap_all();
    if (process->launch(process) == -1) {
        return -1;
    }
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
    if (record->creator != mp_own_generation()) {
        return mp_fail(EPERM, "can only join a child process");
    }
    if (!record->started) {
        return mp_fail(EINVAL, "can only join a started process");
    }
    return mp_children_join(record, deadline);
}

static int send(const mp_process *process, int sig)
{
    if (mp_process_check_open(process) == -1) {
        return -1;
    }
    mp_record *record = process->record;
    if (!record->started) {
        return mp_fail(EINVAL, "can only signal a started process");
    }
    if (record->creator == mp_own_generation()) {
        return mp_children_signal(record, sig);
    }
    kill(record->pid, sig);  // a sibling has no pidfd of it
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

int mp_process_close(mp_process *process)
{
    mp_record *record = process->record;
    if (record == NULL) {
        return 0;
    }
    if (process == mp_current_process() || process == mp_parent_process() ||
        record->creator != mp_own_generation()) {
        return mp_fail(EPERM, "can only close a process object created by "
                              "current process");
    }
    if (process != record->object) {
        return mp_fail(EPERM, "can only close the process object itself");
    }
    if (mp_children_runs(record)) {
        return mp_fail(EBUSY, "Cannot close a process while it is still "
                              "running. You should first call join() or "
                              "terminate().");
    }
    mp_children_remove(record);
    free_args(process);
    process->record = NULL;
    return 0;
}

void mp_process_bootstrap(mp_process *process, const mp_record *creator,
                          pid_t kernel_parent)
{
    mp_current_become(process, creator, kernel_parent);
    mp_exit(process->run(process));
}
