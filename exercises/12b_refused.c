// # A task that fails
//
// Four workers compute square roots of 1, 4, 9, .. up to 64. A task
// whose number is odd fails: it returns 1, which means that there is no
// result. Main prints a line for each number, in their order:
//
//     1 failed
//     4 has the root 2
//     9 failed
//     16 has the root 4
//     25 failed
//     36 has the root 6
//     49 failed
//     64 has the root 8
//
// A task that fails must not end the program. Any other call that fails
// must: by `check`. The tasks are submitted already. Write your part,
// which gets their results and prints the lines.

#include "lesson.h"

struct root_args {
    int number;
    double seconds;
};

static int root(const void *arg, void *result)
{
    const struct root_args *given = arg;
    int root = 1;
    time_sleep(given->seconds);
    while (root * root < given->number) {
        root++;
    }
    *(int *)result = root;
    return given->number % 2;
}

int main(int argc, char **argv)
{
    double seconds = 0.2;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    mp_async_result *results[8];
    for (int i = 0; i < 8; i++) {
        struct root_args args = { (i + 1) * (i + 1), seconds };
        results[i] = mp_pool_apply_async(pool, root, MP_ITEM(args),
                                         .result_size = sizeof(int));
        check(results[i]);
    }
    int value = 0;
    // ---- your part
    for (int i = 0; i < 8; i++) {
        printf("%d has the root %d\n", (i + 1) * (i + 1), value);
    }
    // ---- end of your part
    for (int i = 0; i < 8; i++) {
        mp_async_result_free(results[i]);
    }
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
}
