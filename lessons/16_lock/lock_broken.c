// # Two locks in opposite order
//
// This program has a mistake. Each account has a lock, and `transfer`
// takes the lock of the account that gives, then the lock of the
// account that gets. One child transfers from account 0 to account 1,
// another one from 1 to 0, at the same time. Each takes its first lock
// and waits for the lock that the other one holds:
//
// | Process-1           | Process-2           |
// |---------------------|---------------------|
// | acquires lock 0     |                     |
// |                     | acquires lock 1     |
// | waits for lock 1 .. |                     |
// |                     | waits for lock 0 .. |
//
// This is a deadlock: both wait, for ever. Watch that both are alive
// when the joins time out. Then the parent terminates the first. In C
// the second gets the dead one's lock and completes its transfer. In
// Python it waits on, and must be terminated as well.

#include "lesson.h"

struct bank {
    struct {
        mp_lock lock;
        int balance;
    } account[2];
    mp_barrier holding;
};

struct transfer_args {
    struct bank *bank;
    int from, to, amount;
};

// The mistake shows only if both take their first lock before one takes
// its second. A real program may run for weeks before that happens.
// Here they meet at a barrier (lesson 19) with one lock each, and it
// happens in each run. An acquire that returns 1 (the program
// `lock_killed`) passes `check`. This is right here: whoever dies while
// it waits for its second lock has changed no balance yet.
static int transfer(void *args)
{
    const struct transfer_args *given = args;
    struct bank *bank = given->bank;
    mp_lock *first = &bank->account[given->from].lock;
    mp_lock *second = &bank->account[given->to].lock;
    check(mp_lock_acquire(first, MP_FOREVER));
    check(mp_barrier_wait(&bank->holding, MP_FOREVER));
    check(mp_lock_acquire(second, MP_FOREVER));
    bank->account[given->from].balance -= given->amount;
    bank->account[given->to].balance += given->amount;
    check(mp_lock_release(second));
    check(mp_lock_release(first));
    return 0;
}

// The parent comes to the barrier, too, so that it does not look before
// both have their first lock.
int main(int argc, char **argv)
{
    double seconds = 0.5;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    struct bank *bank = mp_array(struct bank, 1);
    check(bank);
    check(mp_barrier_init(&bank->holding, 3, NULL));
    bank->account[0].balance = bank->account[1].balance = 100;
    mp_process p[2];
    for (int i = 0; i < 2; i++) {
        struct transfer_args args = { bank, i, 1 - i, 10 };
        check(mp_process_init(&p[i], .target = transfer,
                              MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    check(mp_barrier_wait(&bank->holding, MP_FOREVER));
    for (int i = 0; i < 2; i++) {
        mp_process_join(&p[i], seconds);
        printf("%s: alive %s\n", mp_process_name(&p[i]),
               mp_process_is_alive(&p[i]) ? "True" : "False");
    }
    check(mp_process_terminate(&p[0]));
    for (int i = 0; i < 2; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        printf("%s: exit code %d\n", mp_process_name(&p[i]),
               mp_process_exitcode(&p[i]));
        check(mp_process_close(&p[i]));
    }
    printf("balances %d, %d\n", bank->account[0].balance,
           bank->account[1].balance);
    mp_shm_free(bank);
}

// ## What happens underneath
//
// The cure is an order: all processes take the locks in the same one,
// for example account 0 before account 1. Then a process that holds
// lock 0 waits only for one that holds lock 1, and that one waits for
// nobody. Locks in shared memory have the same address in every process
// (lesson 15), so the address can be the order.
//
// For the kernel the two are asleep like others, until somebody wakes
// them (futex(2)). The library tells of a deadlock where it is asked
// to: `MP_DEADLOCK=0.3 make lesson-lock_broken ARGS=1` prints
//
// > Process-2 (process 24120) waits
// >     at lessons/16_lock/lock_broken.c:50
// >     for the lock at 0x200000810180, which process 24119 holds.
// > Process-1 (process 24119) waits
// >     at lessons/16_lock/lock_broken.c:50
// >     for the lock at 0x200000810190, which process 24120 holds.
// > This is a circle: none goes on, unless one gives up.
//
// `wait_for()` in `common/sync/lock.c` looks every 20 ms whether the
// owner of its lock is dead. Here each owner is alive, and waits, too.
// After `terminate` one of them is dead. Databases end a deadlock in
// the same way: they choose a victim, and undo what it has done.
//
// `threading.Lock` has the same deadlock, and no victim: Python cannot
// terminate a thread.
//
// ## Try this
//
// - Mend it: take out the barrier, also in `main`, and take the lock of
//   account 0 first. (With the barrier the second child would wait for
//   lock 0 and never come to the barrier, where the others wait.)
// - Leave the mistake, and take out the barrier alone. Are the children
//   ever alive after the joins? Try `MP_SCHEDULE` with 1 to 9, too, as
//   for `lock_account_broken`.
// - Give the second acquire a time-out. When it fails, release the
//   first lock and begin again. Can both go on failing for ever?
