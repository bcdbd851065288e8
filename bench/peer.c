#include "base/platform.h"

#include "peer.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/error.h"

static _Noreturn void become(int in, int out, char *const argv[])
{
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    execvp(argv[0], argv);
    _exit(127);
}

static int launch(peer *p, char *const argv[])
{
    int down[2], up[2];
    if (pipe2(down, O_CLOEXEC) == -1) {
        return mp_fail(errno, "cannot make a pipe: %s", strerror(errno));
    }
    if (pipe2(up, O_CLOEXEC) == -1) {
        int error = errno;
        close(down[0]);
        close(down[1]);
        return mp_fail(error, "cannot make a pipe: %s", strerror(error));
    }
    p->pid = fork();
    if (p->pid == 0) {
        become(down[0], up[1], argv);
    }
    close(down[0]);
    close(up[1]);
    p->questions = fdopen(down[1], "w");
    p->answers = fdopen(up[0], "r");
    if (p->pid == -1 || p->questions == NULL || p->answers == NULL) {
        return mp_fail(errno, "cannot start %s: %s", p->name, strerror(errno));
    }
    return 0;
}

// One line without its newline.
static int read_answer(peer *p, char *line, int size)
{
    if (fgets(line, size, p->answers) == NULL) {
        return mp_fail(EPIPE, "%s ended early; what it says stands above",
                       p->name);
    }
    line[strcspn(line, "\n")] = '\0';
    return 0;
}

int peer_open(peer *p, char *const argv[])
{
    // A question to a program that has ended is an error, not our end.
    signal(SIGPIPE, SIG_IGN);
    if (launch(p, argv) == -1) {
        return -1;
    }
    if (read_answer(p, p->says, sizeof p->says) == 0) {
        return 0;
    }
    int status = 0;
    fclose(p->questions);
    fclose(p->answers);
    waitpid(p->pid, &status, 0);
    p->pid = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        return mp_fail(ENOENT, "there is no %s", argv[0]);
    }
    return -1;
}

int64_t peer_ask(peer *p, const char *word, int64_t n)
{
    char line[64];
    int64_t ns;
    fprintf(p->questions, "%s %" PRId64 "\n", word, n);
    fflush(p->questions);
    if (read_answer(p, line, sizeof line) == -1) {
        return -1;
    }
    if (sscanf(line, "%" SCNd64, &ns) != 1 || ns <= 0) {
        return mp_fail(EINVAL, "%s answered '%s'", p->name, line);
    }
    return ns;
}

void peer_close(peer *p)
{
    if (p->pid <= 0) {
        return;
    }
    fclose(p->questions);
    fclose(p->answers);
    waitpid(p->pid, NULL, 0);
    p->pid = 0;
    p->says[0] = '\0';
}
