// others.h - how much of our CPUs other programs have used meanwhile.
//
//     others_mark begin = others_begin();
//     .. measure ..
//     double cpus = others_since(&begin);  // 0.5: half of one CPU all the time
//
// A program that keeps a CPU busy all the time slows down who needs two, and
// leaves who needs one in peace: a mode and its control may agree all the same.
// The kernel counts what each CPU does (/proc/stat). What is not ours of that,
// on the CPUs that we may use, others have used; so has what the host of a
// virtual machine took away. The clock of that ticks some 100 times in a
// second, so short runs say little.

#ifndef OTHERS_H
#define OTHERS_H

typedef struct {
    double at;    // seconds, on the monotonic clock
    double busy;  // seconds that our CPUs were not idle
    double own;   // seconds of ours among them
} others_mark;

// Counts the CPUs that this process may use now.
others_mark others_begin(void);

// Call it on the same CPUs, and while all still run that were started: besides
// our children whose end was awaited, all of our process group that is younger
// than we are counts as ours, such as a forkserver with its children. Returns a
// negative number where the kernel does not say.
double others_since(const others_mark *begin);

#endif
