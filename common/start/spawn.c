#include "base/platform.h"

#include "start/spawn.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/auxv.h>

#include "start/launch.h"
#include "base/error.h"
#include "start/pass_fds.h"
#include "start/spawn_data.h"

// The kernel's own name for the file of this process's program. It holds also
// when the file was deleted or replaced.
#define IMAGE "/proc/self/exe"

static const char *program;

void mp_spawn_begin(const char *name)
{
    program = name;
}

// The kernel keeps for each process the path that execve(2) was given. A shell
// gives another one.
bool mp_spawn_is_image(void)
{
    const char *path = (const char *)getauxval(AT_EXECFN);
    return path != NULL && strcmp(path, IMAGE) == 0;
}

// The child blocks no signal, or it could not be terminated. Our handlers end
// with our image; signals that we ignore stay ignored (execve(2)).
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(attributes, &none);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK);
}

// Duplicated to its own number, a descriptor stays open in the new image.
static int set_descriptors(posix_spawn_file_actions_t *actions, int fd,
                           const int *kept, int count)
{
    int error = posix_spawn_file_actions_adddup2(actions, fd, MP_SPAWN_FD);
    for (int i = 0; i < count && error == 0; i++) {
        error = posix_spawn_file_actions_adddup2(actions, kept[i], kept[i]);
    }
    return error;
}

pid_t mp_spawn_image(const char *mark, int fd, const int *kept, int count)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    char *argv[] = { (char *)program, (char *)mark, NULL };
    pid_t pid = -1;
    int error = set_descriptors(&actions, fd, kept, count);
    if (error == 0) {
        error = set_attributes(&attributes);
    }
    if (error == 0) {
        error = posix_spawn(&pid, IMAGE, &actions, &attributes, argv, environ);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    errno = error;
    return error == 0 ? pid : -1;
}

static int launch(mp_process *process)
{
    mp_spawn_data letter;
    if (mp_spawn_data_write(&letter, process) == -1) {
        return -1;
    }
    mp_launch_flush();
    pid_t pid = mp_spawn_image(MP_SPAWN_MARK, letter.memory, letter.fds,
                               letter.count);
    // This also frees the descriptor that the child's pidfd will need.
    mp_spawn_data_close(&letter);
    if (pid == -1) {
        return mp_launch_refuse(errno);
    }
    return mp_launch_register(process->record, pid);
}

void mp_spawn_run(void)
{
    mp_spawn_data letter;
    mp_record creator;
    mp_process *self = NULL;
    if (mp_spawn_data_read(&letter, MP_SPAWN_FD) == 0) {
        int kept[1 + sizeof letter.fds / sizeof *letter.fds] = { MP_SPAWN_FD };
        memcpy(kept + 1, letter.fds, sizeof letter.fds);
        mp_close_all_but(kept, 1 + letter.count);
        self = mp_spawn_data_open(&letter, &creator);
    }
    if (self == NULL) {
        fprintf(stderr, "%s\n", mp_error());
        _exit(MP_EXIT_UNKNOWN);
    }
    self->context = &mp_start_spawn;
    mp_process_bootstrap(self, &creator, creator.pid);
}

const mp_context mp_start_spawn = { .name = "spawn",
                                    .class_name = "SpawnProcess",
                                    .launch = launch };
