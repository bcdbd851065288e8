// reap.h - how a child ended: the kernel is asked, or the child's fork server.

#ifndef MP_REAP_H
#define MP_REAP_H

#include "children.h"

// The exit code of a child that was started here and has not been reaped yet;
// MP_NONE while it runs. Reaps it. A fork server is given until `deadline`
// (clock.h) to tell how a child has ended; it takes microseconds, unless the
// server is stopped, or a debugger holds the child. Called by children.c alone,
// under its lock.
int mp_reap(const mp_record *record, double deadline);

#endif
