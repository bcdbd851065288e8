// # The holder of the lock was killed: repair
//
// A child moves 30 from one account to the other, from 100 and 0. It
// has the lock meanwhile, and it may be killed at any moment. The money
// must not be lost. If it has left `from` and has not come to `to`, it
// must come to `to`.
//
// Main waits for the child and then calls `settle` twice. Each call
// acquires the lock, repairs what a dead owner has left half done,
// prints the two balances and releases the lock:
//
//     from 70, to 30
//     from 70, to 30
//
// If the child was killed before it has taken the money, both lines say
// `from 100, to 0`. Write your part: the function `settle`. To try it,
// let the child sleep, and kill it from another terminal.

#include "lesson.h"

struct bank {
    mp_lock lock;
    int from, to;
};

struct transfer_args {
    struct bank *bank;
    double seconds[3];
};

static int transfer(void *args)
{
    const struct transfer_args *given = args;
    struct bank *bank = given->bank;
    check(mp_lock_acquire(&bank->lock, MP_FOREVER));
    printf("process %d begins\n", getpid());
    time_sleep(given->seconds[0]);
    bank->from -= 30;
    time_sleep(given->seconds[1]);
    bank->to += 30;
    time_sleep(given->seconds[2]);
    check(mp_lock_release(&bank->lock));
    return 0;
}

static void settle(struct bank *bank)
{
    // ---- your part
    printf("from %d, to %d\n", bank->from, bank->to);
    // ---- end of your part
}

// How long the child sleeps before, between and after the two changes.
int main(int argc, char **argv)
{
    double seconds[3] = { 0, 0, 0 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[first] [between] [last]", seconds, 3);

    struct bank *bank = mp_value(struct bank, .from = 100);
    check(bank);
    struct transfer_args args = { bank, { seconds[0], seconds[1],
                                          seconds[2] } };
    mp_process p;
    check(mp_process_init(&p, .target = transfer, MP_ARGS(args)));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    check(mp_process_close(&p));
    settle(bank);
    settle(bank);
    mp_shm_free(bank);
}
