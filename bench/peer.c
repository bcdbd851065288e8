#define _GNU_SOURCE

#include "bench.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

bool peer_open(peer *p, char *const argv[])
{
    int down[2], up[2];
    // A question to a program that has ended is an error, not our end.
    signal(SIGPIPE, SIG_IGN);
    need(pipe2(down, O_CLOEXEC), "pipe");
    need(pipe2(up, O_CLOEXEC), "pipe");
    p->path = argv[0];
    if (need(fork(), "fork") == 0) {
        dup2(down[0], STDIN_FILENO);
        dup2(up[1], STDOUT_FILENO);
        execvp(argv[0], argv);
        _exit(127);
    }
    close(down[0]);
    close(up[1]);
    p->questions = fdopen(down[1], "w");
    p->answers = fdopen(up[0], "r");
    if (fgets(p->says, sizeof p->says, p->answers) == NULL) {
        return false;
    }
    p->says[strcspn(p->says, "\n")] = '\0';
    return true;
}

int64_t peer_ask(peer *p, const char *words, int64_t n)
{
    char line[64];
    int64_t ns;
    fprintf(p->questions, "%s %" PRId64 "\n", words, n);
    fflush(p->questions);
    if (fgets(line, sizeof line, p->answers) == NULL ||
        sscanf(line, "%" SCNd64, &ns) != 1 || ns < 0) {
        bench_fail("%s gave no answer; what it says stands above", p->path);
    }
    return ns;
}
