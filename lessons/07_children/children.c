// # My children
//
// Four workers sleep 4, 3, 2 and 1 seconds. The main process lists its
// children that still run: Python's `active_children()`. Watch that the
// list has all four, though the call gets an empty array and none of
// our four objects. The workers' own lines come in any order: in
// `make many-children RUNS=60`, which takes more than a minute, one
// machine showed 11 orders. (The notes print name and id the wrong way
// round.)

#include "lesson.h"

static int worker(void *args)
{
    const double *ti = args;
    printf("time is %s\n", time_ctime());
    time_sleep(*ti);
    return 0;
}

// The list holds further objects for the same children. You may ask
// them and join them as you may the originals, until the original is
// closed. They need not be closed themselves. In our list the oldest
// child comes first. The order of Python's list varies.
int main(int argc, char **argv)
{
    double unit = 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[unit]", &unit, 1);

    printf("the number of cpu is %d\n", mp_cpu_count());
    mp_process p[4];
    for (int i = 0; i < 4; i++) {
        double ti = (4 - i) * unit;
        check(mp_process_init(&p[i], .target = worker, MP_ARGS(ti)));
        check(mp_process_start(&p[i]));
    }

    mp_process active[4];
    int count = mp_active_children(active, 4);
    check(count);
    for (int i = 0; i < count; i++) {
        printf("name is %s, id is %d\n", mp_process_name(&active[i]),
               (int)mp_process_pid(&active[i]));
    }
}

// ## See it
//
// `make timeline-children` draws the four children, and how long each
// of them runs. The fourth one ends first. Then it is a zombie (`_` in
// the text), a child that has ended, and for which nobody has waited
// yet: the main process waits for the first one, which sleeps longest.
//
// ## What happens underneath
//
// The library has a record for each child of this process.
// `mp_active_children()` in `common/process/children.c` goes through
// these records, collects the children that have ended, and returns the
// others. A child that was started by a child is not in the list: each
// process has records of its own children only.
//
// ## Try this
//
// - Join `p[3]` before the list is made. Who is missing?
// - Make the list in `worker`. How many children does a worker have?
