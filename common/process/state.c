#include "base/platform.h"

#include "process/process.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/descriptors.h"
#include "base/error.h"
#include "base/pid.h"
#include "process/current.h"

int mp_process_check_open(const mp_process *process)
{
    if (process->record == NULL) {
        return mp_fail(EINVAL, "process object is closed");
    }
    return 0;
}

pid_t mp_process_pid(const mp_process *process)
{
    if (mp_process_check_open(process) == -1) {
        return MP_NONE;
    }
    errno = 0;
    return process == mp_current_process() ? mp_own_pid()
                                           : process->record->pid;
}

int mp_process_exitcode(const mp_process *process)
{
    if (mp_process_check_open(process) == -1) {
        return MP_NONE;
    }
    bool ours = process->record->creator == mp_own_generation();
    int exitcode = ours ? mp_children_exitcode(process->record) : MP_NONE;
    errno = 0;
    return exitcode;
}

const char *mp_process_name(const mp_process *process)
{
    if (mp_process_check_open(process) == -1) {
        return NULL;
    }
    return process->record->name;
}

int mp_process_set_name(mp_process *process, const char *name)
{
    if (mp_process_check_open(process) == -1) {
        return -1;
    }
    if (name == NULL) {
        return mp_fail(EINVAL, "name must be a string");
    }
    if (process->record->creator != mp_own_generation() &&
        process != mp_current_process()) {
        return mp_fail(EPERM, "can only name a process object created by "
                              "current process");
    }
    if (strlen(name) >= MP_NAME_SIZE) {
        return mp_fail(EINVAL, "the name of a process has at most %d bytes",
                       MP_NAME_SIZE - 1);
    }
    strcpy(process->record->name, name);
    return 0;
}

int mp_process_daemon(const mp_process *process)
{
    return mp_process_check_open(process) == -1 ? -1 : process->record->daemon;
}

int mp_process_set_daemon(mp_process *process, bool daemon)
{
    if (mp_process_check_open(process) == -1) {
        return -1;
    }
    if (process->record->started || process == mp_current_process() ||
        process == mp_parent_process()) {
        return mp_fail(EINVAL, "process has already started");
    }
    process->record->daemon = daemon;
    return 0;
}

int mp_process_is_alive(const mp_process *process)
{
    if (mp_process_check_open(process) == -1) {
        return -1;
    }
    mp_record *record = process->record;
    if (process == mp_current_process()) {
        return 1;
    }
    if (process == mp_parent_process()) {
        return mp_fd_wait(record->sentinel, mp_clock_deadline(0)) == -1;
    }
    if (record->creator != mp_own_generation()) {
        return mp_fail(EPERM, "can only test a child process");
    }
    return mp_children_runs(record);
}

int mp_process_sentinel(const mp_process *process)
{
    if (mp_process_check_open(process) == -1) {
        return -1;
    }
    if (process->record->sentinel == -1) {
        return mp_fail(EINVAL, "process not started");
    }
    return process->record->sentinel;
}

const unsigned char *mp_process_authkey(const mp_process *process, size_t *size)
{
    if (mp_process_check_open(process) == -1) {
        return NULL;
    }
    if (process == mp_parent_process()) {
        mp_fail(EPERM, "the parent's authkey is not known here");
        return NULL;
    }
    mp_current_begin();
    *size = process->record->authkey_size;
    return process->record->authkey;
}

int mp_process_set_authkey(mp_process *process, const void *key, size_t size)
{
    if (mp_process_check_open(process) == -1) {
        return -1;
    }
    if (process == mp_parent_process()) {
        return mp_fail(EPERM, "the parent's authkey is not known here");
    }
    mp_current_begin();
    if (size > MP_AUTHKEY_MOST) {
        return mp_fail(EINVAL, "an authkey has at most %d bytes",
                       MP_AUTHKEY_MOST);
    }
    memcpy(process->record->authkey, key, size);
    process->record->authkey_size = size;
    return 0;
}
