// reap.h - how a child ended: the kernel tells it, or the exit status slot.

#ifndef MP_PROCESS_REAP_H
#define MP_PROCESS_REAP_H

#include "process/children.h"

// The exit code of a child that was started here and has not been reaped yet,
// and reaps it. MP_NONE while it runs, and until its fork server, if it has
// one, has noted how it was killed. Never blocks. Called by children.c alone,
// under its lock.
int mp_reap(const mp_record *record);

// Whether a child that was started has ended, reaped or not.
bool mp_reap_has_ended(const mp_record *record);

// What waitid(2) tells, as an exit code.
int mp_reap_exitcode(const siginfo_t *info);

#endif
