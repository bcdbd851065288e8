#include "base/platform.h"

#include "process/current.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/error.h"
#include "base/pid.h"
#include "memory/shm.h"
#include "process/exit.h"
#include "process/parent_death.h"

// Two objects that nobody constructed: the main process and, in a child, its
// parent. Neither can be run, started or closed.
static mp_record main_record = { .name = "MainProcess", MP_RECORD_EMPTY };
static mp_process main_process = { .record = &main_record };
static mp_record parent_record;
static mp_process parent_process = { .record = &parent_record };

static mp_process *current = &main_process;
static mp_process *parent;             // NULL in the main process
static _Atomic unsigned constructed;   // objects so far: the N of Process-N

// Python's main process has 32 random bytes.
enum { AUTHKEY_SIZE = 32 };

mp_process *mp_current_process(void)
{
    return current;
}

mp_process *mp_parent_process(void)
{
    return parent;
}

static void begin(void)
{
    mp_children_begin();
    mp_exit_begin();
    if (getentropy(main_record.authkey, AUTHKEY_SIZE) == 0) {
        main_record.authkey_size = AUTHKEY_SIZE;
    }
}

void mp_current_begin(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, begin);
}

// ---- new records ----------------------------------------------------------

// Identity and name of the object with this number. Errors: EINVAL.
static int set_identity(mp_record *record, unsigned number,
                        const char *class_name, const char *name)
{
    const char *creator = current->record->identity;
    int length = snprintf(record->identity, MP_IDENTITY_SIZE, "%s%s%u", creator,
                          *creator != '\0' ? ":" : "", number);
    int named = name != NULL && *name != '\0'
                    ? snprintf(record->name, MP_NAME_SIZE, "%s", name)
                    : snprintf(record->name, MP_NAME_SIZE, "%s-%s", class_name,
                               record->identity);
    if (length >= MP_IDENTITY_SIZE || named >= MP_NAME_SIZE) {
        return mp_fail(EINVAL, "the name of a process has at most %d bytes",
                       MP_NAME_SIZE - 1);
    }
    return 0;
}

mp_record *mp_current_new_record(const void *object, const char *class_name,
                                 const char *name, int daemon)
{
    mp_current_begin();
    mp_record *record = malloc(sizeof *record);
    if (record == NULL) {
        mp_fail(ENOMEM, "no memory for a process object");
        return NULL;
    }
    const mp_record *creator = current->record;
    *record = (mp_record){
        .object = object,
        .creator = mp_own_generation(),
        .daemon = daemon == MP_INHERIT ? creator->daemon : daemon > 0,
        .exit_status = mp_shm_alloc(sizeof *record->exit_status),
        .authkey_size = creator->authkey_size,
        MP_RECORD_EMPTY,
    };
    memcpy(record->authkey, creator->authkey, creator->authkey_size);
    unsigned number = ++constructed;
    if (record->exit_status == NULL ||
        set_identity(record, number, class_name, name) == -1) {
        // The number is used up only if another thread took the next one.
        atomic_compare_exchange_strong(&constructed, &number, number - 1);
        int error = errno;
        mp_children_free(record);
        errno = error;
        return NULL;
    }
    mp_children_add(record);
    return record;
}

mp_record mp_current_as_creator(int sentinel)
{
    mp_record creator = *current->record;
    creator.pid = mp_own_pid();
    creator.sentinel = sentinel;
    return creator;
}

void mp_current_become(mp_process *self, const mp_record *creator,
                       pid_t kernel_parent)
{
    if (parent != NULL && parent_record.sentinel != creator->sentinel) {
        close(parent_record.sentinel);
    }
    parent_record = *creator;
    parent_record.creator = 0;  // nobody here
    self->record->pid = mp_own_pid();
    parent = &parent_process;
    current = self;
    constructed = 0;
    mp_shm_begin_owner(self->record->exit_status);
    mp_exit_begin_child(self->record->exit_status);
    if (self->record->daemon) {
        mp_die_with_parent(kernel_parent);
    }
}
