// reap.h - how a child ended: the kernel is asked, or the child's fork server.

#ifndef MP_PROCESS_REAP_H
#define MP_PROCESS_REAP_H

#include "process/children.h"

// The exit code of a child that was started here and has not been reaped yet,
// and reaps it. MP_NONE while it runs, and while its fork server, if it has
// one, has not told how it ended. Never blocks. Called by children.c alone,
// under its lock.
int mp_reap(const mp_record *record);

#endif
