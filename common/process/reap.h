// reap.h - how a child ended: the kernel is asked, or the child's fork server.

#ifndef MP_PROCESS_REAP_H
#define MP_PROCESS_REAP_H

#include "process/children.h"

// The exit code of a child that was started here and has not been reaped yet;
// MP_NONE while it runs, and also until its fork server, if it has one, has
// told how it ended. Reaps it. Never blocks. Called by children.c alone, under
// its lock.
int mp_reap(const mp_record *record);

#endif
