// # A lock that its owner may take again
//
// `deposit` takes the lock of the bank. `deposit_two` takes it, too,
// since nobody is to see one deposit without the other, and then it
// calls `deposit` twice. With a Lock it would wait for itself, for
// ever. An RLock (Python: `RLock()`) is a lock that its owner has at
// once when it takes it again. Watch the balance, and what a Lock does.

#include "lesson.h"

struct bank {
    mp_rlock rlock;
    mp_lock lock;
    int balance;
};

struct bank_args {
    struct bank *bank;
};

static void deposit(struct bank *bank, int amount)
{
    check(mp_rlock_acquire(&bank->rlock, MP_FOREVER));
    bank->balance += amount;
    check(mp_rlock_release(&bank->rlock));
}

// The lock is free for others after as many releases as it was taken.
static int deposit_two(void *args)
{
    struct bank *bank = ((struct bank_args *)args)->bank;
    check(mp_rlock_acquire(&bank->rlock, MP_FOREVER));
    deposit(bank, 70);
    deposit(bank, 30);
    check(mp_rlock_release(&bank->rlock));
    return 0;
}

// An RLock has an owner, and nobody else may release it. A Lock may be
// released by any process. That is an error in most programs, and no
// lock can tell.
static int release_both(void *args)
{
    struct bank *bank = ((struct bank_args *)args)->bank;
    if (mp_rlock_release(&bank->rlock) == -1) {
        printf("RLock, in a child: %s\n", mp_error());
    }
    check(mp_lock_release(&bank->lock));
    printf("Lock, in a child: released\n");
    return 0;
}

static void run(int (*target)(void *), struct bank *bank)
{
    mp_process p;
    struct bank_args args = { bank };
    check(mp_process_init(&p, .target = target, MP_ARGS(args)));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    check(mp_process_close(&p));
}

// The time-out of 0.1 seconds ends the wait for a lock that we hold.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    struct bank *bank = mp_value(struct bank, .balance = 0);
    check(bank);
    run(deposit_two, bank);
    printf("balance %d\n", bank->balance);

    check(mp_rlock_acquire(&bank->rlock, MP_FOREVER));
    check(mp_lock_acquire(&bank->lock, MP_FOREVER));
    if (mp_lock_acquire(&bank->lock, 0.1) == -1) {
        printf("Lock, taken again: not within 0.1 s\n");
    }
    run(release_both, bank);
    check(mp_rlock_release(&bank->rlock));
    mp_shm_free(bank);
}

// ## What happens underneath
//
// An `mp_rlock` is an `mp_lock` and a number: how often its owner has
// it. `mp_rlock_acquire()` in `common/sync/lock.c` asks first whether
// the lock is ours already (`mp_lock_is_mine()` in
// `common/sync/lock.c`). If so, it adds 1 to the number, and there is
// no race: nobody but the owner touches it. `mp_rlock_release()` in
// `common/sync/lock.c` subtracts 1, and releases the lock at 0.
//
// The owner is one thread of one process, so a second thread of the
// same process waits. It is the same in Python, for `threading.RLock`
// and for `multiprocessing.RLock`. The lock that Python puts into a
// `Value` or `Array` is an RLock, so that `with value.get_lock():
// value.value += 1` does not wait for itself.
//
// ## Try this
//
// - Print `mp_error()` where the Lock is taken again. Who holds it?
// - Let `deposit_two` forget its last release. Does the parent wait for
//   ever at its `mp_rlock_acquire`? And in Python?
// - Write the bank without an RLock: a function that expects that its
//   caller has the lock, and two functions that take it and call it.
