#include "base/watch.h"

const mp_watcher *mp_watch;
_Thread_local const char *mp_place = "a place that is not known";
