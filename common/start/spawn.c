#include "base/platform.h"

#include "start/spawn.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>

#include "base/error.h"
#include "base/pid.h"
#include "memory/arena.h"
#include "start/launch.h"
#include "start/pass_fds.h"
#include "start/spawn_data.h"

// The kernel's own name for the file of this process's program. It holds also
// when the file was deleted or replaced.
#define IMAGE "/proc/self/exe"

// A new image has one argument: this mark, and behind it numbers which tell
// where the arena is, and what else it was given.
#define MARK "--multiprocessing-spawn="

// The kernel keeps for each process the path that execve(2) was given. A shell
// gives another one.
bool mp_spawn_is_image(void)
{
    const char *path = (const char *)getauxval(AT_EXECFN);
    return path != NULL && strcmp(path, IMAGE) == 0 &&
           getauxval(AT_SECURE) == 0;
}

// The descriptors that go from us into the image, beside the standard ones.
enum { ARENA, CREATOR, PASSED };
typedef int descriptors[PASSED + MP_PASS_FDS_MOST];

// ---- in the parent --------------------------------------------------------

// Starts a new image of this program, also if its file was deleted. It has our
// `fds` under the same numbers: a descriptor that is duplicated to its own
// number stays open. It blocks no signal, or it could not be terminated. Our
// handlers end with our image; signals that we ignore stay ignored (execve(2)).
// Fast, since it copies no page table (posix_spawn(3)). Returns its pid, or -1,
// with errno.
static pid_t execute(char *argument, const int *fds, int count)
{
    char *argv[] = { program_invocation_name, argument, NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    pid_t pid = -1;
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    int error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    for (int i = 0; i < count && error == 0; i++) {
        error = posix_spawn_file_actions_adddup2(&actions, fds[i], fds[i]);
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
    const mp_spawn_data *data = mp_spawn_data_new(process);
    if (data == NULL) {
        return -1;
    }
    mp_shm_arena arena = mp_shm_get_arena();
    descriptors fds = { arena.fd, mp_pidfd_open(mp_own_pid()) };
    memcpy(fds + PASSED, process->pass_fds, sizeof process->pass_fds);
    pid_t pid = -1;
    if (fds[CREATOR] != -1) {
        char argument[128];
        snprintf(argument, sizeof argument, MARK "%d,%zx,%zx,%p,%d",
                 arena.fd, (size_t)arena.address, arena.size, (void *)data,
                 fds[CREATOR]);
        mp_platform_flush();
        pid = execute(argument, fds, PASSED + process->pass_fds_count);
    }
    int error = errno;
    close(fds[CREATOR]);  // which frees the one that the sentinel needs
    return pid == -1 ? mp_launch_refuse(error)
                     : mp_launch_register(process->record, pid);
}

// ---- in the child ---------------------------------------------------------

void mp_spawn_fail(void)
{
    fprintf(stderr, "%s\n", mp_error());
    _exit(MP_EXIT_UNKNOWN);
}

static int open_arena(const char *argument, void **data, int *fds)
{
    mp_shm_arena arena;
    size_t address;
    if (sscanf(argument, MARK "%d,%zx,%zx,%p,%d", &arena.fd, &address,
               &arena.size, data, &fds[CREATOR]) != 5) {
        return mp_fail(EINVAL, "cannot read what this process was given: '%s'",
                       argument);
    }
    arena.address = address;
    fds[ARENA] = arena.fd;
    fcntl(fds[ARENA], F_SETFD, FD_CLOEXEC);
    fcntl(fds[CREATOR], F_SETFD, FD_CLOEXEC);
    return mp_shm_open_arena(&arena);
}

void mp_spawn_begin(int argc, char **argv)
{
    if (!mp_spawn_is_image() || argc != 2 ||
        strncmp(argv[1], MARK, strlen(MARK)) != 0) {
        return;
    }
    // ps would show the name of the file that was executed, "exe".
    prctl(PR_SET_NAME, program_invocation_short_name);
    void *data;
    descriptors fds;
    mp_record creator;
    mp_process *self = NULL;
    if (open_arena(argv[1], &data, fds) == 0) {
        self = mp_spawn_data_open(data, fds[CREATOR], &creator);
    }
    if (self == NULL) {
        mp_spawn_fail();
    }
    memcpy(fds + PASSED, self->pass_fds, sizeof self->pass_fds);
    mp_close_all_but(fds, PASSED + self->pass_fds_count);
    self->context = &mp_start_spawn;
    mp_process_bootstrap(self, &creator, creator.pid);
}

const mp_context mp_start_spawn = { .name = "spawn",
                                    .class_name = "SpawnProcess",
                                    .launch = launch };
