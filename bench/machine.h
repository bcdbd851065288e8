// machine.h - what a measurement must say about the machine it ran on.
//
//     int cpus = machine_usable_cpus();
//     machine_pin(1, text, sizeof text);
//     machine_describe(&data, cpus);

#ifndef MACHINE_H
#define MACHINE_H

#include "raw.h"

// CPUs that this process may use: the affinity mask, sched_getaffinity(2). What
// a container allows in CPU time, its quota, is not counted.
int machine_usable_cpus(void);

// Keeps this process, and all that it starts, on so many CPUs, or on fewer
// where there are not so many: the last that it may use, since the first often
// serves the interrupts. Writes them as "CPU 3", or "CPUs 2 3".
int machine_pin(int cpus, char *text, size_t size);

// Adds facts: machine, kernel, compiler, C library, usable CPUs, date, and how
// many processes wanted a CPU lately (getloadavg(3)): ideally 0.
int machine_describe(raw_data *data, int usable_cpus);

#endif
