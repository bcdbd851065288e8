#include "base/platform.h"

#include "start/spawn_data.h"

#include <errno.h>
#include <stdalign.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/error.h"
#include "start/pass_fds.h"
#include "start/spawn_data_format.h"
#include "process/exit_status.h"

int mp_spawn_data_read(mp_spawn_data *letter, int memory)
{
    heading head;
    if (pread(memory, &head, sizeof head, 0) != sizeof head ||
        head.magic != SPAWN_DATA_MAGIC) {
        return mp_fail(EPROTO, "descriptor %d is no letter", memory);
    }
    letter->memory = memory;
    letter->count = head.count;
    memcpy(letter->fds, head.fds, sizeof letter->fds);
    return 0;
}

static const void *find(const heading *head, int which)
{
    size_t at = head->parts[which].at;
    return at != 0 ? (const char *)head + at : NULL;
}

static char *copy_text(const heading *head, int which)
{
    const char *text = find(head, which);
    return text != NULL ? strdup(text) : NULL;
}

static mp_record *make_record(const heading *head, int *box)
{
    mp_record *record = malloc(sizeof *record);
    unsigned char *authkey = malloc(head->parts[AUTHKEY].size + 1);
    if (record == NULL || authkey == NULL) {
        return NULL;
    }
    memcpy(authkey, find(head, AUTHKEY), head->parts[AUTHKEY].size);
    *record = (mp_record){
        .creator = head->creator,
        .name = copy_text(head, NAME),
        .identity = copy_text(head, IDENTITY),
        .daemon = head->daemon,
        .status_slot = box,
        .authkey = authkey,
        .authkey_size = head->parts[AUTHKEY].size,
        .pid = MP_NONE,
        .sentinel = -1,
        .report = -1,
        .exitcode = MP_NONE,
    };
    bool whole = record->name && record->identity && record->status_slot;
    return whole ? record : NULL;
}

// The addresses in the object are its parent's: they are replaced by our own.
// The arguments stay in the letter.
static mp_process *make_process(heading *head, int *box)
{
    // At least what malloc gives; and as it stood, for types that want more.
    const size_t least = alignof(max_align_t), most = 4096;
    size_t alignment = head->alignment > least ? head->alignment : least;
    void *memory;
    if (posix_memalign(&memory, alignment < most ? alignment : most,
                       head->parts[OBJECT].size) != 0) {
        mp_fail(ENOMEM, "no memory for a process object");
        return NULL;
    }
    mp_process *process = memory;
    memcpy(process, find(head, OBJECT), head->parts[OBJECT].size);
    head->run.module = find(head, RUN_MODULE);
    head->target.module = find(head, TARGET_MODULE);
    process->run = (int (*)(mp_process *))mp_function_at(&head->run);
    process->target = NULL;
    if (head->has_target) {
        process->target = (int (*)(void *))mp_function_at(&head->target);
    }
    if (process->run == NULL || (head->has_target && process->target == NULL)) {
        mp_fail(ENOENT, "the target is not in this image of the program: a "
                        "library is another one here");
        return NULL;
    }
    process->args = (void *)find(head, ARGS);
    process->pass_fds = NULL;
    process->launch = mp_launch;
    process->record = make_record(head, box);
    if (process->record == NULL) {
        mp_fail(ENOMEM, "no memory for a process object");
        return NULL;
    }
    process->record->object = process;
    return process;
}

// Our copy of it, page by page as we write.
static heading *map_letter(int memory)
{
    struct stat file;
    heading *head = MAP_FAILED;
    if (fstat(memory, &file) == 0) {
        head = mmap(NULL, (size_t)file.st_size, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE, memory, 0);
    }
    if (head == MAP_FAILED) {
        mp_fail(errno, "cannot read the letter: %s", strerror(errno));
        return NULL;
    }
    close(memory);
    return head;
}

// Puts the descriptors in their places, and maps the arena.
static int take_fds(mp_spawn_data *letter, heading *head)
{
    if (mp_move_fds(letter->fds, letter->count, find(head, NUMBERS),
                    head->own) == -1) {
        return -1;
    }
    for (int i = 0; i < head->own; i++) {
        fcntl(letter->fds[i], F_SETFD, FD_CLOEXEC);
    }
    if (head->arena.fd != -1) {
        head->arena.fd = letter->fds[MP_SPAWN_DATA_ARENA];
        return mp_shm_open_arena(&head->arena);
    }
    return 0;
}

mp_process *mp_spawn_data_open(mp_spawn_data *letter, mp_record *creator)
{
    heading *head = map_letter(letter->memory);
    if (head == NULL) {
        return NULL;
    }
    int *post = &letter->fds[MP_SPAWN_DATA_POST];
    int *box = mp_exit_status_open(*post, head->status_slot);
    close(*post);
    *post = -1;
    if (take_fds(letter, head) == -1) {
        return NULL;
    }
    mp_process *process = make_process(head, box);
    *creator = (mp_record){
        .name = (char *)find(head, CREATOR_NAME),
        .identity = (char *)find(head, CREATOR_IDENTITY),
        .daemon = head->creator_daemon,
        .pid = head->creator,
        .sentinel = letter->fds[MP_SPAWN_DATA_CREATOR],
        .report = -1,
        .exitcode = MP_NONE,
    };
    return process;
}
