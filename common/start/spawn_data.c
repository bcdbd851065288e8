#include "base/platform.h"

#include "start/spawn_data.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "memory/arena.h"
#include "process/current.h"
#include "start/function.h"

// Each part begins at a multiple of this, which suits any type: a cache line.
enum { ALIGNMENT = 64 };

struct mp_spawn_data {
    size_t size;  // bytes of all of it
    mp_function run, target;
    bool has_target, daemon, creator_daemon;
    pid_t creator;
    int *exit_status;
    size_t authkey_size;
    // Where the parts stand, in bytes from the beginning; 0: there is none.
    size_t object, args, name, identity, authkey;
    size_t creator_name, creator_identity, directory;
};

// ---- in the parent --------------------------------------------------------

// Puts a part behind the others. It is only measured while `to` is NULL.
static size_t put(char *to, size_t *end, const void *part, size_t size)
{
    size_t at = (*end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (part == NULL || size == 0) {
        return 0;
    }
    if (to != NULL) {
        memcpy(to + at, part, size);
    }
    *end = at + size;
    return at;
}

static size_t put_text(char *to, size_t *end, const char *text)
{
    return put(to, end, text, text != NULL ? strlen(text) + 1 : 0);
}

static void put_all(mp_spawn_data *head, char *to, const mp_process *process,
                    const char *directory)
{
    const mp_record *record = process->record;
    const mp_record *creator = mp_current_process()->record;
    size_t end = sizeof *head;
    head->object = put(to, &end, process, process->size);
    head->args = put(to, &end, process->args, process->args_size);
    head->name = put_text(to, &end, record->name);
    head->identity = put_text(to, &end, record->identity);
    head->authkey = put(to, &end, record->authkey, record->authkey_size);
    head->creator_name = put_text(to, &end, creator->name);
    head->creator_identity = put_text(to, &end, creator->identity);
    head->directory = put_text(to, &end, directory);
    head->size = end;
}

mp_spawn_data *mp_spawn_data_new(mp_process *process)
{
    mp_record *record = process->record;
    mp_record creator = mp_current_as_creator(-1);
    mp_spawn_data head = { .has_target = process->target != NULL,
                           .daemon = record->daemon,
                           .creator_daemon = creator.daemon,
                           .creator = creator.pid,
                           .exit_status = record->exit_status,
                           .authkey_size = record->authkey_size };
    if (mp_function_find((mp_function_pointer)process->run, &head.run) == -1 ||
        (head.has_target &&
         mp_function_find((mp_function_pointer)process->target,
                          &head.target) == -1)) {
        return NULL;
    }
    char *directory = getcwd(NULL, 0);
    put_all(&head, NULL, process, directory);
    mp_spawn_data *data = mp_shm_alloc(head.size);
    if (data != NULL) {
        put_all(&head, (char *)data, process, directory);
        *data = head;
    }
    free(directory);
    record->spawn_data = data;
    return data;
}

void mp_spawn_data_free(mp_process *process)
{
    int error = errno;
    mp_shm_free(process->record->spawn_data);
    process->record->spawn_data = NULL;
    errno = error;
}

// ---- in the child ---------------------------------------------------------

static void *part(const mp_spawn_data *data, size_t at)
{
    return at != 0 ? (char *)data + at : NULL;
}

const char *mp_spawn_data_directory(const mp_spawn_data *data)
{
    return part(data, data->directory);
}

// A part that the library may free one day.
static void *copy(const mp_spawn_data *data, size_t at, size_t size)
{
    void *memory = malloc(size + 1);
    if (memory != NULL && size > 0) {
        memcpy(memory, part(data, at), size);
    }
    return memory;
}

static mp_record *make_record(const mp_spawn_data *data)
{
    mp_record *record = malloc(sizeof *record);
    if (record == NULL) {
        return NULL;
    }
    *record = (mp_record){
        .name = strdup(part(data, data->name)),
        .identity = part(data, data->identity),
        .daemon = data->daemon,
        .exit_status = data->exit_status,
        .authkey = copy(data, data->authkey, data->authkey_size),
        .authkey_size = data->authkey_size,
        MP_RECORD_EMPTY,
    };
    return record->name != NULL && record->authkey != NULL ? record : NULL;
}

// The addresses in the object are its parent's: they are replaced by our own.
static int restore(mp_process *process, const mp_spawn_data *data)
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
    process->record = make_record(data);
    if (process->record == NULL) {
        return mp_fail(ENOMEM, "no memory for a process object");
    }
    process->record->object = process;
    return 0;
}

// What is ours must not be the parent's too, nor our children's: so all of it
// is copied, once.
mp_process *mp_spawn_data_open(const mp_spawn_data *data, int creator_pidfd,
                               mp_record *creator)
{
    void *memory;
    if (posix_memalign(&memory, ALIGNMENT, data->size) != 0) {
        mp_fail(ENOMEM, "no memory for a process object");
        return NULL;
    }
    data = memcpy(memory, data, data->size);
    *creator = (mp_record){ .name = part(data, data->creator_name),
                            .identity = part(data, data->creator_identity),
                            .daemon = data->creator_daemon, MP_RECORD_EMPTY };
    creator->pid = data->creator;
    creator->sentinel = creator_pidfd;
    mp_process *process = part(data, data->object);
    return restore(process, data) == 0 ? process : NULL;
}
