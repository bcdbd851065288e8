// A program that executes itself in the way in which a spawned child is
// executed, but without a letter.

#include <string.h>
#include <unistd.h>

#include "mp.h"

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    execl("/proc/self/exe", argv[0], "--multiprocessing-spawn", (char *)0);
    return 1;
}
