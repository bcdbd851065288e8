#include "base/platform.h"

#include "start/spawn.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/auxv.h>

#include "base/error.h"
#include "base/pid.h"
#include "memory/arena.h"
#include "start/launch.h"
#include "start/pass_fds.h"

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
    return path != NULL && strcmp(path, IMAGE) == 0 &&
           getauxval(AT_SECURE) == 0;
}

// ---- in the parent --------------------------------------------------------

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
static int set_descriptors(posix_spawn_file_actions_t *actions, int arena,
                           int creator, const int *fds, int count)
{
    int error = posix_spawn_file_actions_adddup2(actions, arena, arena);
    if (error == 0) {
        error = posix_spawn_file_actions_adddup2(actions, creator, creator);
    }
    for (int i = 0; i < count && error == 0; i++) {
        error = posix_spawn_file_actions_adddup2(actions, fds[i], fds[i]);
    }
    return error;
}

pid_t mp_spawn_image(const char *mark, const char *numbers, const int *fds,
                     int count)
{
    mp_shm_arena arena = mp_shm_get_arena();
    int creator = mp_pidfd_open(mp_own_pid());
    if (creator == -1) {
        return -1;
    }
    char argument[256];
    snprintf(argument, sizeof argument, "%s%d,%zx,%zx,%d;%s", mark, arena.fd,
             (size_t)arena.address, arena.size, creator, numbers);
    char *argv[] = { (char *)program, argument, NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    pid_t pid = -1;
    int error = set_descriptors(&actions, arena.fd, creator, fds, count);
    if (error == 0) {
        error = set_attributes(&attributes);
    }
    if (error == 0) {
        error = posix_spawn(&pid, IMAGE, &actions, &attributes, argv, environ);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(creator);
    errno = error;
    return error == 0 ? pid : -1;
}

static int launch(mp_process *process)
{
    const mp_spawn_data *data = mp_spawn_data_new(process);
    if (data == NULL) {
        return -1;
    }
    char address[32];
    snprintf(address, sizeof address, "%p", (void *)data);
    mp_platform_flush();
    pid_t pid = mp_spawn_image(MP_SPAWN_MARK, address, process->pass_fds,
                               process->pass_fds_count);
    return pid == -1 ? mp_launch_refuse(errno)
                     : mp_launch_register(process->record, pid);
}

// ---- in the child ---------------------------------------------------------

void mp_spawn_fail(void)
{
    fprintf(stderr, "%s\n", mp_error());
    _exit(MP_EXIT_UNKNOWN);
}

const char *mp_spawn_begin_image(const char *argument, int *creator)
{
    mp_shm_arena arena;
    size_t address;
    const char *numbers = strchr(argument, ';');
    if (numbers == NULL || sscanf(argument, "%d,%zx,%zx,%d;", &arena.fd,
                                  &address, &arena.size, creator) != 4) {
        mp_fail(EINVAL, "cannot read what this process was given: '%s'",
                argument);
        mp_spawn_fail();
    }
    arena.address = address;
    fcntl(arena.fd, F_SETFD, FD_CLOEXEC);
    fcntl(*creator, F_SETFD, FD_CLOEXEC);
    if (mp_shm_open_arena(&arena) == -1) {
        mp_spawn_fail();
    }
    return numbers + 1;
}

void mp_spawn_run(const char *argument)
{
    void *data = NULL;
    int creator_pidfd;
    sscanf(mp_spawn_begin_image(argument, &creator_pidfd), "%p", &data);
    mp_record creator;
    mp_process *self = mp_spawn_data_open(data, creator_pidfd, &creator);
    if (self == NULL) {
        mp_spawn_fail();
    }
    mp_close_all_but(self->pass_fds, self->pass_fds_count, creator_pidfd);
    self->context = &mp_start_spawn;
    mp_process_bootstrap(self, &creator, creator.pid);
}

const mp_context mp_start_spawn = { .name = "spawn",
                                    .class_name = "SpawnProcess",
                                    .launch = launch };
