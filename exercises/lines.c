// lines.c - linked to a program that is checked: each line of it is written at
// once, as on a terminal, though its output goes through a pipe.

#include <stdio.h>

__attribute__((constructor)) static void write_whole_lines(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
}
