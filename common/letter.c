#include "platform.h"

#include "letter.h"

#include <errno.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "birth.h"
#include "error.h"
#include "family.h"
#include "function.h"
#include "post.h"

// The letter begins with this. A part is bytes that stand further on.
typedef struct {
    size_t at;    // bytes from the beginning; 0: there is no such part
    size_t size;  // bytes
} part;

enum { OBJECT, ARGS, NAME, IDENTITY, AUTHKEY, NUMBERS, CREATOR_NAME,
       CREATOR_IDENTITY, RUN_MODULE, TARGET_MODULE, PARTS };

typedef struct {
    uint64_t magic;
    part parts[PARTS];
    mp_function run, target;
    pid_t creator;
    bool daemon, creator_daemon, has_target;
    size_t box;  // where in the post's memory
    int fds[MP_LETTER_PASSED + MP_PASS_FDS_MOST];
    int count;
} heading;

static const uint64_t MAGIC = 0x6d702d6c65747465;  // "mp-lette"

// ---- in the parent --------------------------------------------------------

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

static int add_fd(mp_letter *letter, int fd)
{
    if (fd != -1) {
        letter->fds[letter->count++] = fd;
    }
    return fd;
}

// Copies of the descriptors: numbers of our own, which none of those that the
// child is to have can be.
static int collect_fds(mp_letter *letter, const mp_process *process,
                       heading *head)
{
    int post = mp_post_locate(process->record->box, &head->box);
    if (add_fd(letter, mp_pidfd_open(getpid())) == -1 ||
        add_fd(letter, mp_fd_copy(post, MP_FD_FIRST)) == -1) {
        return -1;
    }
    for (int i = 0; i < process->pass_fds_count; i++) {
        int copy = mp_fd_copy(process->pass_fds[i], MP_FD_FIRST);
        if (add_fd(letter, copy) == -1) {
            return -1;
        }
    }
    memcpy(head->fds, letter->fds, sizeof head->fds);
    head->count = letter->count;
    return 0;
}

int mp_letter_write(mp_letter *letter, const mp_process *process)
{
    *letter = (mp_letter){ .memory = -1 };
    heading head = { .magic = MAGIC };
    contents content = { 0 };
    if (put_functions(&content, &head, process) == -1) {
        return -1;
    }
    if (collect_fds(letter, process, &head) == 0) {
        mp_record creator = mp_family_introduce(-1);
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
    mp_letter_close(letter);
    return mp_birth_refuse(errno);
}

void mp_letter_close(const mp_letter *letter)
{
    int error = errno;
    close(letter->memory);
    for (int i = 0; i < letter->count; i++) {
        close(letter->fds[i]);
    }
    errno = error;
}

// ---- in the child ---------------------------------------------------------

int mp_letter_read(mp_letter *letter, int memory)
{
    heading head;
    if (pread(memory, &head, sizeof head, 0) != sizeof head ||
        head.magic != MAGIC) {
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
        .box = box,
        .authkey = authkey,
        .authkey_size = head->parts[AUTHKEY].size,
        .pid = MP_NONE,
        .sentinel = -1,
        .report = -1,
        .exitcode = MP_NONE,
    };
    return record->name && record->identity && record->box ? record : NULL;
}

// The addresses in the object are its parent's: they are replaced by our own.
// The arguments stay in the letter.
static mp_process *make_process(heading *head, int *box)
{
    mp_process *process = malloc(head->parts[OBJECT].size);
    if (process == NULL) {
        mp_fail(ENOMEM, "no memory for a process object");
        return NULL;
    }
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

mp_process *mp_letter_open(mp_letter *letter, mp_record *creator)
{
    struct stat file;
    heading *head = MAP_FAILED;
    if (fstat(letter->memory, &file) == 0) {
        head = mmap(NULL, (size_t)file.st_size, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE, letter->memory, 0);
    }
    if (head == MAP_FAILED) {
        mp_fail(errno, "cannot read the letter: %s", strerror(errno));
        return NULL;
    }
    mp_close_all_but(letter->fds, letter->count);
    int *post = &letter->fds[MP_LETTER_POST];
    int *box = mp_post_open(*post, head->box);
    close(*post);
    *post = -1;
    if (mp_move_fds(letter->fds, letter->count, find(head, NUMBERS),
                    MP_LETTER_PASSED) == -1) {
        return NULL;
    }
    mp_process *process = make_process(head, box);
    *creator = (mp_record){
        .name = (char *)find(head, CREATOR_NAME),
        .identity = (char *)find(head, CREATOR_IDENTITY),
        .daemon = head->creator_daemon,
        .pid = head->creator,
        .sentinel = letter->fds[MP_LETTER_CREATOR],
        .report = -1,
        .exitcode = MP_NONE,
    };
    return process;
}
