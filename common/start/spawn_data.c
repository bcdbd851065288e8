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
    mp_function run, target;
    bool has_target;
    // Where the other parts stand, in bytes from the beginning; 0: nowhere.
    size_t object, args;
};

// ---- in the parent --------------------------------------------------------

// A place for a part, behind the others.
static size_t place(size_t *end, const void *part, size_t size)
{
    size_t at = (*end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (part == NULL) {
        return 0;
    }
    *end = at + size;
    return at;
}

static void put(mp_spawn_data *data, size_t at, const void *part, size_t size)
{
    if (at != 0) {
        memcpy((char *)data + at, part, size);
    }
}

static int find_functions(mp_spawn_data *head, const mp_process *process)
{
    head->has_target = process->target != NULL;
    if (mp_function_find((mp_function_pointer)process->run, &head->run) == -1) {
        return -1;
    }
    return head->has_target
               ? mp_function_find((mp_function_pointer)process->target,
                                  &head->target)
               : 0;
}

mp_spawn_data *mp_spawn_data_new(const mp_process *process)
{
    mp_spawn_data head = { .self = *process->record,
                           .creator = mp_current_as_creator(-1) };
    if (find_functions(&head, process) == -1) {
        return NULL;
    }
    head.size = sizeof head;
    head.object = place(&head.size, process, process->size);
    head.args = place(&head.size, process->args, process->args_size);
    mp_spawn_data *data = mp_shm_alloc(head.size);
    if (data != NULL) {
        mp_shm_give(data, process->record->exit_status);
        *data = head;
        put(data, head.object, process, process->size);
        put(data, head.args, process->args, process->args_size);
    }
    return data;
}

// ---- in the child ---------------------------------------------------------

static void *part(const mp_spawn_data *data, size_t at)
{
    return at != 0 ? (char *)data + at : NULL;
}

mp_exit_status *mp_spawn_data_exit_status(const mp_spawn_data *data)
{
    return data->self.exit_status;
}

// The addresses in the object are its parent's: they are replaced by our own.
static int restore(mp_process *process, mp_spawn_data *data)
{
    process->run = (int (*)(mp_process *))mp_function_at(&data->run);
    process->target = NULL;
    if (data->has_target) {
        process->target = (int (*)(void *))mp_function_at(&data->target);
    }
    if (process->run == NULL || (data->has_target && process->target == NULL)) {
        return mp_fail(ENOENT, "the target is not in this image of the "
                               "program: a library is another one here");
    }
    process->args = part(data, data->args);
    process->launch = mp_launch;
    process->record = &data->self;
    process->record->object = process;
    process->record->creator = 0;  // nobody here has made it
    return 0;
}

// What is ours must not be the parent's too, nor our children's: so all of it
// is copied, once.
mp_process *mp_spawn_data_open(const mp_spawn_data *given, int creator_pidfd,
                               mp_record *creator)
{
    void *memory;
    if (posix_memalign(&memory, ALIGNMENT, given->size) != 0) {
        mp_fail(ENOMEM, "no memory for a process object");
        return NULL;
    }
    mp_spawn_data *data = memcpy(memory, given, given->size);
    *creator = data->creator;
    creator->sentinel = creator_pidfd;
    mp_process *process = part(data, data->object);
    return restore(process, data) == 0 ? process : NULL;
}
