// # Ready, go
//
// Three runners get ready. When all three are ready, and not before,
// main says `go`, and then they run. A fourth runner is late: main
// starts it after `go`, and it runs as soon as it is ready.
//
//     ready
//     ready
//     ready
//     go
//     runs
//     runs
//     runs
//     ready
//     runs
//
// To get ready and to say `go` take some time, and nobody knows how
// much. Nobody may look again and again, or guess how long something
// takes. Write your part: the runner, which calls `get_ready`, and the
// function `start_race`, which calls `say_go`. The events are in shared
// memory.

#include "lesson.h"

struct race {
    mp_event ready[4];
    mp_event go;
    double seconds;
};

struct runner_args {
    struct race *race;
    int number;
    double seconds;
};

static void get_ready(const struct runner_args *given)
{
    time_sleep(given->seconds);
    printf("ready\n");
}

static void say_go(const struct race *race)
{
    time_sleep(race->seconds);
    printf("go\n");
}

static int runner(void *args);
static void start_race(struct race *race);

int main(int argc, char **argv)
{
    double seconds[4] = { 0, 0.5, 1, 0.5 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[runner 0] [runner 1] [runner 2] [go]",
                   seconds, 4);

    struct race *race = mp_value(struct race, .seconds = seconds[3]);
    check(race);
    mp_process p[4];
    for (int i = 0; i < 4; i++) {
        if (i == 3) {
            start_race(race);
        }
        struct runner_args args = { race, i, i < 3 ? seconds[i] : 0 };
        check(mp_process_init(&p[i], .target = runner, MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < 4; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    mp_shm_free(race);
}

static int runner(void *args)
{
    const struct runner_args *given = args;
    // ---- your part
    get_ready(given);
    printf("runs\n");
    return 0;
}

static void start_race(struct race *race)
{
    mp_event_clear(&race->go);
    say_go(race);
    // ---- end of your part
}
