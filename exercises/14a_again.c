// # Once more, please
//
// A pool does six items. Some kill their worker, and the item is lost
// with it. Main submits a lost item again, alone, until it is done. It
// submits no other item again: a task that has returned 1 has refused
// its item, and would only refuse it again. Main prints a line for each
// item, in their order. If item 1 kills one worker, item 4 kills two
// workers, and item 3 is refused:
//
//     item 0 is done
//     item 1 is done
//     item 2 is done
//     item 3 was refused
//     item 4 is done
//     item 5 is done
//
// The lines of the tasks, `task 4 begins`, come before these. So task 4
// begins three times, and task 3 once. Where a call fails, errno says
// why: ECHILD means that the worker has ended, and EBADMSG that the
// task returned a number that is not 0. (`mp_value` makes a variable in
// shared memory; lesson 15 has more of it.) Write your part: submit,
// wait, submit again what was lost, and then print.

#include "lesson.h"

#include <errno.h>
#include <signal.h>

struct item {
    int number, *kills;  // so many workers more: shared memory
};

static int work(const void *arg, void *result)
{
    const struct item *item = arg;
    (void)result;
    printf("task %d begins\n", item->number);
    if (*item->kills > 0) {
        *item->kills -= 1;
        kill(getpid(), SIGKILL);
    }
    return item->number == 3;
}

int main(int argc, char **argv)
{
    double numbers[6] = { 0, 1, 0, 0, 2, 0 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[kills of each item]", numbers, 6);

    struct item items[6];
    for (int i = 0; i < 6; i++) {
        items[i] = (struct item){ i, mp_value(int, (int)numbers[i]) };
        check(items[i].kills);
    }
    mp_pool *pool = mp_pool_new(.processes = 3);
    check(pool);
    // ---- your part
    check(mp_pool_map(pool, work, MP_ITEMS(items)));
    printf("item %d is done\n", items[0].number);
    // ---- end of your part
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
}
