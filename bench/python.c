#include "platform.h"

#include "python.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "error.h"

// There is at most one.
static struct {
    pid_t pid;       // 0: none
    FILE *questions;
    FILE *answers;
    char version[64];
} python;

const char *python_version(void)
{
    return python.version;
}

// -B: no compiled copy of the script is left beside it.
static _Noreturn void become_python(int in, int out, const char *script)
{
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    execlp("python3", "python3", "-B", script, (char *)NULL);
    _exit(127);
}

static int launch(const char *script)
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
    python.pid = fork();
    if (python.pid == 0) {
        become_python(down[0], up[1], script);
    }
    close(down[0]);
    close(up[1]);
    python.questions = fdopen(down[1], "w");
    python.answers = fdopen(up[0], "r");
    if (python.pid == -1 || python.questions == NULL ||
        python.answers == NULL) {
        return mp_fail(errno, "cannot start Python: %s", strerror(errno));
    }
    return 0;
}

// One line without its newline.
static int read_answer(char *line, int size)
{
    if (fgets(line, size, python.answers) == NULL) {
        return mp_fail(EPIPE, "the Python program ended early; what it says "
                              "stands above");
    }
    line[strcspn(line, "\n")] = '\0';
    return 0;
}

int python_open(const char *script)
{
    // A question to a program that has ended is an error, not our end.
    signal(SIGPIPE, SIG_IGN);
    if (launch(script) == -1) {
        return -1;
    }
    if (read_answer(python.version, sizeof python.version) == 0) {
        return 0;
    }
    int status = 0;
    waitpid(python.pid, &status, 0);
    python.pid = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        return mp_fail(ENOENT, "there is no python3");
    }
    return -1;
}

int64_t python_ask(const char *word, int64_t n)
{
    char line[64];
    int64_t ns;
    fprintf(python.questions, "%s %" PRId64 "\n", word, n);
    fflush(python.questions);
    if (read_answer(line, sizeof line) == -1) {
        return -1;
    }
    if (sscanf(line, "%" SCNd64, &ns) != 1 || ns <= 0) {
        return mp_fail(EINVAL, "the Python program answered '%s'", line);
    }
    return ns;
}

void python_close(void)
{
    if (python.pid <= 0) {
        return;
    }
    fclose(python.questions);
    fclose(python.answers);
    waitpid(python.pid, NULL, 0);
    python.pid = 0;
}
