// lines.c - linked to a program that is checked. Each line of it is written at
// once, as on a terminal, though its output goes through a pipe. A child that
// a fault kills says so. And main stops at its very end, where the checker asks
// for that, to look at what is still open.

#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void say_fault(int number)
{
    if (getpid() != getsid(0)) {  // main's end is seen by the checker
        dprintf(STDERR_FILENO, "A child was killed by signal %d (%s): did it "
                "get the arguments that it expects?\n", number,
                number == SIGSEGV ? "SIGSEGV" : "SIGBUS");
    }
    raise(number);  // kills it now: SA_RESETHAND
}

__attribute__((constructor)) static void before_main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct sigaction once = { .sa_handler = say_fault };
    once.sa_flags = (int)SA_RESETHAND;
    sigaction(SIGSEGV, &once, NULL);
    sigaction(SIGBUS, &once, NULL);
}

__attribute__((destructor)) static void after_main(void)
{
    if (getpid() == getsid(0) && getenv("STOP_AT_END") != NULL) {
        raise(SIGSTOP);
    }
}
