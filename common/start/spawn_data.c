#include "base/platform.h"

#include "start/spawn_data.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "memory/shm.h"
#include "process/current.h"
#include "start/function.h"

// Each part begins at a multiple of this, which suits any type: a cache line.
enum { ALIGNMENT = 64 };

struct mp_spawn_data {
    size_t size;  // bytes of all of it
    mp_record self, creator;
    mp_function run, target;  // of no target, module 0
    size_t object, args;      // where they stand, bytes from the beginning
};

static size_t align(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

mp_spawn_data *mp_spawn_data_new(const mp_process *process)
{
    mp_spawn_data head = { .self = *process->record,
                           .creator = mp_current_as_creator(-1) };
    if (mp_function_find((mp_function_pointer)process->run, &head.run) == -1 ||
        (process->target != NULL &&
         mp_function_find((mp_function_pointer)process->target,
                          &head.target) == -1)) {
        return NULL;
    }
    head.object = align(sizeof head);
    head.args = align(head.object + process->size);
    head.size = head.args + process->args_size;
    mp_spawn_data *data = mp_shm_alloc(head.size);
    if (data == NULL) {
        return NULL;
    }
    mp_shm_give(data, process->record->exit_status);
    *data = head;
    memcpy((char *)data + head.object, process, process->size);
    if (process->args != NULL) {
        memcpy((char *)data + head.args, process->args, process->args_size);
    }
    return data;
}

// What is ours must not be the parent's too, nor our children's: so all of it
// is copied, once. The addresses in the object are its parent's, and replaced.
mp_process *mp_spawn_data_open(const mp_spawn_data *given, int creator_pidfd,
                               mp_record *creator)
{
    void *memory;
    if (posix_memalign(&memory, ALIGNMENT, given->size) != 0) {
        mp_fail(ENOMEM, "no memory for a process object");
        return NULL;
    }
    mp_spawn_data *data = memcpy(memory, given, given->size);
    mp_process *process = (mp_process *)((char *)memory + data->object);
    process->run = (int (*)(mp_process *))mp_function_at(&data->run);
    process->target = (int (*)(void *))mp_function_at(&data->target);
    if (process->run == NULL ||
        (process->target == NULL && data->target.module != 0)) {
        mp_fail(ENOENT, "the target is not in this image of the program: a "
                        "library is another one here");
        return NULL;
    }
    process->args = process->args_size > 0 ? (char *)memory + data->args : NULL;
    process->launch = mp_launch;
    process->record = &data->self;
    process->record->object = process;
    process->record->creator = 0;  // nobody here has made it
    *creator = data->creator;
    creator->sentinel = creator_pidfd;
    return process;
}
