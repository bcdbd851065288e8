// machine.h - what a measurement must say about the machine it ran on.
//
//     int cpus = machine_usable_cpus();
//     machine_pin();
//     machine_describe(&data, cpus);

#ifndef MACHINE_H
#define MACHINE_H

#include "raw.h"

// CPUs that this process may use: the affinity mask, sched_getaffinity(2). What
// a container allows in CPU time, its quota, is not counted.
int machine_usable_cpus(void);

// Keeps this process, and all that it starts, on one CPU: the last that it may
// use, since the first often serves the interrupts. Returns the CPU's number.
int machine_pin(void);

// Adds facts: machine, kernel, compiler, C library, usable CPUs, date, and how
// many processes wanted a CPU lately (getloadavg(3)): ideally 0.
int machine_describe(raw_data *data, int usable_cpus);

#endif
