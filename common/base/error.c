#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

static _Thread_local char sentence[256];

const char *mp_error(void)
{
    return sentence;
}

int mp_fail(int error, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vsnprintf(sentence, sizeof sentence, format, values);
    va_end(values);
    errno = error;
    return -1;
}
