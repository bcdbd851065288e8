// lesson.h - what only lessons use: a check for every call, the command line,
// and a few words of Python's time and random modules.

#ifndef MP_LESSON_H
#define MP_LESSON_H

#include "base/platform.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mp.h"

// ---- checking -------------------------------------------------------------

// Around every call of the library: says what failed, where and why on stderr,
// and ends the program with status 1. (Python: an exception nobody catches.)
#define check(call)                                        \
    _Generic((call), int: lesson_check,                    \
             default: lesson_check_pointer)((call), #call, \
                                            __FILE__, __LINE__)

static inline void lesson_check(int result, const char *call, const char *file,
                                int line)
{
    if (result == -1) {
        fprintf(stderr, "%s:%d: %s: %s\n", file, line, call, mp_error());
        exit(1);
    }
}

static inline void lesson_check_pointer(const void *result, const char *call,
                                        const char *file, int line)
{
    lesson_check(result != NULL ? 0 : -1, call, file, line);
}

// ---- the command line -----------------------------------------------------

static inline void lesson_usage(const char *program, const char *names)
{
    const char *slash = strrchr(program, '/');
    fprintf(stderr, "usage: %s%s%s\n", slash != NULL ? slash + 1 : program,
            *names != '\0' ? " " : "", names);
    exit(2);
}

// Reads up to `count` numbers from the command line into `values`, which keep
// their defaults where none is given. Anything else - more arguments, a text,
// a number outside 0 to 10^9 - gets a line and the usage on stderr, status 2.
static inline void lesson_numbers(int argc, char **argv, const char *names,
                                  double values[], int count)
{
    for (int i = 1; i < argc; i++) {
        if (i > count) {
            fprintf(stderr, "unexpected argument '%s'\n", argv[i]);
            lesson_usage(argv[0], names);
        }
        char *end;
        values[i - 1] = strtod(argv[i], &end);
        if (end == argv[i] || *end != '\0' ||
            !(values[i - 1] >= 0 && values[i - 1] <= 1e9)) {
            fprintf(stderr, "'%s' is not a number from 0 to 10^9\n", argv[i]);
            lesson_usage(argv[0], names);
        }
    }
}

// For a lesson that takes no arguments.
static inline void lesson_no_arguments(int argc, char **argv)
{
    lesson_numbers(argc, argv, "", NULL, 0);
}

// ---- Python's time and random ---------------------------------------------

// time.ctime(): the time of day, as in "Wed Sep 13 14:29:51 2017". Valid until
// this thread's next call.
static inline const char *time_ctime(void)
{
    static _Thread_local char text[32];
    time_t now = time(NULL);
    ctime_r(&now, text);
    text[strcspn(text, "\n")] = '\0';
    return text;
}

// time.sleep(seconds): a signal handler does not cut the sleep short.
static inline void time_sleep(double seconds)
{
    struct timespec left = mp_clock_remaining(mp_clock_deadline(seconds));
    while (nanosleep(&left, &left) == -1 && errno == EINTR) {
    }
}

// random.randint(low, high), both included. The kernel's random bytes: a seed
// kept in memory would be copied to each child, and all would draw the same
// numbers. (Python seeds anew in each child.) Differences up to 2^31.
static inline int random_randint(int low, int high)
{
    unsigned number;
    if (getentropy(&number, sizeof number) == -1) {
        perror("getentropy");
        exit(1);
    }
    return low + (int)(number % (unsigned)(high - low + 1));
}

#endif
