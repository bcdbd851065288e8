// # Ready, go
//
// Three runners get ready: runner 0 at once, runner 1 after `seconds`,
// and runner 2 after twice that time. Each prints `ready`. When all are
// ready, and not before, main prints `go`, and then all run:
//
//     ready
//     ready
//     ready
//     go
//     runs
//     runs
//     runs
//
// Nobody may look again and again, or guess how long something takes.
// Write your part: the runner, from `ready` to `runs`, and the function
// `start_race`, which main calls when it has started the runners. The
// events are in shared memory.

#include "lesson.h"

struct race {
    mp_event ready[3];
    mp_event go;
};

struct runner_args {
    struct race *race;
    int number;
    double seconds;
};

static int runner(void *args);
static void start_race(struct race *race);

int main(int argc, char **argv)
{
    double seconds = 0.5;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    struct race *race = mp_array(struct race, 1);
    check(race);
    mp_process p[3];
    for (int i = 0; i < 3; i++) {
        struct runner_args args = { race, i, seconds };
        check(mp_process_init(&p[i], .target = runner, MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    start_race(race);
    for (int i = 0; i < 3; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    mp_shm_free(race);
}

static int runner(void *args)
{
    const struct runner_args *given = args;
    time_sleep(given->number * given->seconds);
    // ---- your part
    printf("ready\n");
    printf("runs\n");
    return 0;
}

static void start_race(struct race *race)
{
    mp_event_clear(&race->go);
    printf("go\n");
    // ---- end of your part
}
