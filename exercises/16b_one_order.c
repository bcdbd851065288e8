// # Two locks, and no deadlock
//
// A bank has two accounts of 100, each with a lock. One child transfers
// 10 from account 0 to account 1, and the other child 10 from 1 to 0,
// at the same time. `move` may be called only while the process has
// both locks. Whatever the order of events, both transfers come to
// their end, and main prints:
//
//     balances 100, 100
//
// Write your part: the function `transfer`. It gets locks by `take` and
// releases them by `leave`. `take` needs `seconds` after it has got the
// lock, so that a deadlock has time to show.

#include "lesson.h"

struct account {
    mp_lock lock;
    int balance;
};

struct transfer_args {
    struct account *bank;  // two of them
    int from, to;
    double seconds;
};

static int held;  // how many locks this process has

static void take(const struct transfer_args *given, int i)
{
    int got = mp_lock_acquire(&given->bank[i].lock, MP_FOREVER);
    check(got);
    held++;
    printf("%s lock %d\n", got == 1 ? "inherits" : "takes", i);
    time_sleep(given->seconds);
}

static void leave(const struct transfer_args *given, int i)
{
    held--;
    check(mp_lock_release(&given->bank[i].lock));
    printf("leaves lock %d\n", i);
}

static void move(const struct transfer_args *given)
{
    printf("moves 10 with %d locks\n", held);
    given->bank[given->from].balance -= 10;
    given->bank[given->to].balance += 10;
}

static int transfer(void *args)
{
    const struct transfer_args *given = args;
    // ---- your part
    take(given, given->from);
    move(given);
    leave(given, given->from);
    // ---- end of your part
    return 0;
}

int main(int argc, char **argv)
{
    double seconds = 0.1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    struct account *bank = mp_array(struct account, 2);
    check(bank);
    bank[0].balance = bank[1].balance = 100;
    mp_process p[2];
    for (int i = 0; i < 2; i++) {
        struct transfer_args its = { bank, i, 1 - i, seconds };
        check(mp_process_init(&p[i], .target = transfer, MP_ARGS(its)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < 2; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    printf("balances %d, %d\n", bank[0].balance, bank[1].balance);
    mp_shm_free(bank);
}
