// trace.h - a record of what the kernel does not see: who took which chunk of a
// pool's job, who waited for which lock, and on which CPU.
//
//     MP_TRACE=file ./program
//
// adds a line for each event, with tabs between: the time in seconds, the
// process, its thread, the process's name, the CPU, what happened, the object's
// address, and a number. One write(2) to a file opened for appending makes the
// line: none is torn. None is made where no descriptor is free.
//
//     what                     object            number
//     asks has late leaves     a lock, semaphore 1: has, of a dead owner
//     asks has late sets       an event          0
//     waits woken              a condition       0
//     claims done fails        a pool's job      item; after the last; item
//     anything                 none              as mp_trace was given

#ifndef MP_TRACE_H
#define MP_TRACE_H

#include "base/watch.h"

// A line of the program's own, if there is a trace: mp_trace("level", count).
#define mp_trace(what, number) mp_watch_event((what), NULL, (number))

#endif
