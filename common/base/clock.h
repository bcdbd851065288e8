// clock.h - time-outs and deadlines, in seconds on the monotonic clock.
//
// A caller gives a time-out ("at most 0.5 s from now"). A wait that may be
// interrupted and resumed needs a deadline ("until then"): resuming with the
// time-out again would wait too long. Neither moves when the time of day is
// set (clock_gettime(2), CLOCK_MONOTONIC).

#ifndef MP_BASE_CLOCK_H
#define MP_BASE_CLOCK_H

#include <math.h>
#include <time.h>

// Python's timeout=None: no time-out at all.
#define MP_FOREVER HUGE_VAL

// Seconds since some moment in the past. Only differences mean anything.
double mp_clock_now(void);

// The moment that lies `timeout` seconds ahead. MP_FOREVER never comes; zero,
// a negative number and NaN have passed already, so that a wait only looks.
double mp_clock_deadline(double timeout);

// The time that is left until `deadline`, and a number of seconds, both in the
// form that system calls want; never negative, and at most some thirty years,
// so that every time_t holds it.
struct timespec mp_clock_remaining(double deadline);
struct timespec mp_clock_timespec(double seconds);

#endif
