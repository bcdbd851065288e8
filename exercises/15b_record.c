// # A record that others can read
//
// Three children, one after the other, fill a record each with a name
// and some points. When all have ended, main prints the records:
//
//     alvin has 7
//     catherine has 12
//     pablo diego jose francisco paula has 9
//
// Write your part: what a record looks like, how main makes an empty
// one, and how a child fills it. A name has at most 32 characters. It
// must work under each start method, and must not choose one itself.
// (Try it by `MP_START_METHOD=spawn make run F=mine/15b.c`.)

#include "lesson.h"

// ---- your part
struct record {
    const char *name;
    int points;
};

static struct record *new_record(void)
{
    return calloc(1, sizeof(struct record));
}

static void fill_record(struct record *record, const char *name,
                        int points)
{
    record->name = name;
    record->points = points;
}
// ---- end of your part

struct player {
    struct record *record;
    char name[33];
    int points;
};

static int play(void *args)
{
    const struct player *player = args;
    fill_record(player->record, player->name, player->points);
    return 0;
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    struct player players[3] = {
        { .name = "alvin", .points = 7 },
        { .name = "catherine", .points = 12 },
        { .name = "pablo diego jose francisco paula", .points = 9 },
    };
    for (int i = 0; i < 3; i++) {
        mp_process p;
        players[i].record = new_record();
        check(players[i].record);
        check(mp_process_init(&p, .target = play,
                              MP_ARGS(players[i])));
        check(mp_process_start(&p));
        check(mp_process_join(&p, MP_FOREVER));
        check(mp_process_close(&p));
    }
    for (int i = 0; i < 3; i++) {
        printf("%s has %d\n", players[i].record->name,
               players[i].record->points);
    }
}
