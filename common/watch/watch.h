// watch.h - help to find mistakes with locks, where the environment asks for
// it. Lesson 16. Python has neither.
//
//     MP_DEADLOCK=2 ./program     who waits longer than 2 s for a Lock says so
//     MP_SCHEDULE=7 ./program     other orders, chosen by the number 7
//
// MP_DEADLOCK: a process that has waited so many seconds for a Lock, an RLock
// or the lock of a Condition prints on stderr where it waits and who holds that
// lock; then for what that process waits itself, and so on; and whether this is
// a circle, in which none goes on unless one gives up.
//
// MP_SCHEDULE: a mistake often shows in one order of events out of thousands.
// When it takes or releases a Lock, a Semaphore, a Condition or a Barrier, sets
// an Event or waits for one, or does a chunk of a pool's job, and only there, a
// process goes on, or yields its CPU, or sleeps for 4 milliseconds at most. The
// number, the name of the process and how often it was here decide which. So
// an order mostly comes again with the same number.
//
// It stands above sync, which tells it through mp_watch (base/watch.h). Where
// it is not asked for, that costs a look at this pointer.

#ifndef MP_WATCH_H
#define MP_WATCH_H

#define MP_DEADLOCK_VARIABLE "MP_DEADLOCK"
#define MP_SCHEDULE_VARIABLE "MP_SCHEDULE"

#endif
