// watch.h - help to find mistakes with locks, where the environment asks for
// it. Lesson 16. Python has neither.
//
//     MP_DEADLOCK=2 ./program     who waits longer than 2 s for a Lock says so
//     MP_SCHEDULE=7 ./program     other orders, chosen by the number 7
//
// MP_DEADLOCK: a process that has waited so many seconds for a Lock, an RLock
// or the lock of a Condition prints on stderr, once for each wait, where it
// waits and who holds that lock; then for what that process waits itself, and
// so on; and whether this is a circle, so that none of them will ever go on.
//
// MP_SCHEDULE: a mistake often shows in one order of events out of thousands.
// At each acquire and each release of a Lock, a Semaphore, an Event, a
// Condition or a Barrier, and only there, the process goes on, or yields its
// CPU, or sleeps for 4 milliseconds at most. The number, the name of the
// process and how often it was here decide which. So an order that is mostly
// the same comes again with the same number. (The rest is up to the machine.)
//
// It stands above sync, which calls it through mp_watch (base/watch.h), and
// costs nothing but a look at that pointer where it is not asked for. Nobody
// calls it.

#ifndef MP_WATCH_H
#define MP_WATCH_H

#define MP_DEADLOCK_VARIABLE "MP_DEADLOCK"
#define MP_SCHEDULE_VARIABLE "MP_SCHEDULE"

#endif
