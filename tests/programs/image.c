// A program that executes itself in the way in which a spawned child is
// executed, but gives it `argv[1]` in the place of what a child is given.

#include <stdio.h>
#include <unistd.h>

#include "mp.h"

int main(int argc, char **argv)
{
    char argument[100];
    mp_main(argc, argv);
    snprintf(argument, sizeof argument, "--multiprocessing-spawn=%s", argv[1]);
    execl("/proc/self/exe", argv[0], argument, (char *)0);
    return 1;
}
