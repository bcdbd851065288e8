// # Who is waited for
//
// Main starts two children, works for a while, and ends. It joins
// neither of them. `saver` saves some work, and the program must not
// end before it has. `logger` has nothing to save: it may run as long
// as main works, but the program must never wait for it:
//
//     main is done
//     saved
//
// `logging is over` is printed only where the logger ends first. The
// command line has the seconds that each of them takes, and those for
// which main works. Write your part: both children.

#include "lesson.h"

static int log_events(void *args)
{
    time_sleep(*(double *)args);
    printf("logging is over\n");
    return 0;
}

static int save(void *args)
{
    time_sleep(*(double *)args);
    printf("saved\n");
    return 0;
}

int main(int argc, char **argv)
{
    double seconds[3] = { 60, 1, 0.5 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[logger] [saver] [main]", seconds, 3);

    mp_process logger, saver;
    // ---- your part
    check(mp_process_init(&logger, .target = log_events,
                          MP_ARGS(seconds[0])));
    check(mp_process_init(&saver, .target = save, MP_ARGS(seconds[1])));
    check(mp_process_start(&logger));
    check(mp_process_start(&saver));
    // ---- end of your part
    time_sleep(seconds[2]);
    printf("main is done\n");
}
