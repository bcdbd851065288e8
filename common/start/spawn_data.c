#include "base/platform.h"

#include "start/spawn_data.h"

#include <errno.h>
#include <stdalign.h>
#include <string.h>

#include "start/launch.h"
#include "process/current.h"
#include "base/descriptors.h"
#include "start/spawn_data_format.h"
#include "process/exit_status.h"

// What the parts are to hold, before their places are known.
typedef struct {
    const void *data[PARTS];
    size_t size[PARTS];
} contents;

static void put(contents *content, int which, const void *data, size_t size)
{
    content->data[which] = data;
    content->size[which] = data != NULL ? size : 0;
}

// With its final zero; nothing for NULL.
static void put_text(contents *content, int which, const char *text)
{
    put(content, which, text, text != NULL ? strlen(text) + 1 : 0);
}

static int put_functions(contents *content, heading *head,
                         const mp_process *process)
{
    head->has_target = process->target != NULL;
    if (mp_function_find((mp_function_pointer)process->run,
                         &head->run) == -1 ||
        (head->has_target &&
         mp_function_find((mp_function_pointer)process->target,
                          &head->target) == -1)) {
        return -1;
    }
    put_text(content, RUN_MODULE, head->run.module);
    put_text(content, TARGET_MODULE, head->target.module);
    return 0;
}

static void put_record(contents *content, heading *head,
                       const mp_record *record, const mp_record *creator)
{
    head->creator = creator->pid;
    head->creator_daemon = creator->daemon;
    head->daemon = record->daemon;
    put_text(content, NAME, record->name);
    put_text(content, IDENTITY, record->identity);
    put(content, AUTHKEY, record->authkey, record->authkey_size);
    put_text(content, CREATOR_NAME, creator->name);
    put_text(content, CREATOR_IDENTITY, creator->identity);
}

// A place for each part, aligned for any type. Returns the whole size.
static size_t lay_out(heading *head, const contents *content)
{
    const size_t unit = alignof(max_align_t);
    size_t end = sizeof *head;
    for (int i = 0; i < PARTS; i++) {
        if (content->data[i] != NULL) {
            end = (end + unit - 1) / unit * unit;
            head->parts[i] = (part){ .at = end, .size = content->size[i] };
            end += content->size[i];
        }
    }
    return end;
}

static int write_parts(int memory, const heading *head, const contents *content)
{
    if (mp_write_at(memory, head, sizeof *head, 0) == -1) {
        return -1;
    }
    for (int i = 0; i < PARTS; i++) {
        if (mp_write_at(memory, content->data[i], content->size[i],
                        (off_t)head->parts[i].at) == -1) {
            return -1;
        }
    }
    return 0;
}

// A pidfd of ours is new; all others are there already, and the child gets them
// under the numbers that they have here. But not number 3, under which it finds
// the letter.
static int collect_fds(mp_spawn_data *letter, const mp_process *process,
                       heading *head)
{
    letter->fds[letter->count++] = mp_pidfd_open(getpid());
    letter->fds[letter->count++] =
        mp_exit_status_locate(process->record->status_slot, &head->status_slot);
    head->arena = mp_shm_get_arena();
    if (head->arena.fd != -1) {
        letter->fds[letter->count++] = head->arena.fd;
    }
    head->own = letter->count;
    for (int i = 0; i < process->pass_fds_count; i++) {
        int fd = process->pass_fds[i];
        if (fd == MP_FD_FIRST - 1 && letter->copy == -1) {
            fd = letter->copy = mp_fd_copy(fd, MP_FD_FIRST);
        }
        letter->fds[letter->count++] = fd;
    }
    for (int i = 0; i < letter->count; i++) {
        if (letter->fds[i] == -1) {
            return -1;
        }
    }
    memcpy(head->fds, letter->fds, sizeof head->fds);
    head->count = letter->count;
    return 0;
}

int mp_spawn_data_write(mp_spawn_data *letter, const mp_process *process)
{
    *letter = (mp_spawn_data){ .memory = -1, .copy = -1 };
    const uintptr_t address = (uintptr_t)process;
    heading head = { .magic = SPAWN_DATA_MAGIC,
                     .alignment = address & -address };
    contents content = { 0 };
    if (put_functions(&content, &head, process) == -1) {
        return -1;
    }
    if (collect_fds(letter, process, &head) == 0) {
        mp_record creator = mp_current_as_creator(-1);
        put_record(&content, &head, process->record, &creator);
        put(&content, OBJECT, process, process->size);
        put(&content, ARGS, process->args, process->args_size);
        put(&content, NUMBERS, process->pass_fds,
            (size_t)process->pass_fds_count * sizeof *process->pass_fds);
        letter->memory = mp_memory_file(lay_out(&head, &content));
        if (letter->memory != -1 &&
            write_parts(letter->memory, &head, &content) == 0) {
            return 0;
        }
    }
    mp_spawn_data_close(letter);
    return mp_launch_refuse(errno);
}

void mp_spawn_data_close(const mp_spawn_data *letter)
{
    int error = errno;
    close(letter->memory);
    close(letter->copy);
    if (letter->count > MP_SPAWN_DATA_CREATOR) {
        close(letter->fds[MP_SPAWN_DATA_CREATOR]);
    }
    errno = error;
}
