// # A lock is not enough: look and act in one piece
//
// This program has a mistake, although each access is made with the
// lock. Two children want 60 from an account that has 100. Each looks
// whether there is enough, and releases the lock; then it takes the
// lock again, and takes the money. In between the other child may have
// come:
//
// | Process-1             | Process-2             |
// |-----------------------|-----------------------|
// | acquires, sees 100    |                       |
// | releases              |                       |
// |                       | acquires, sees 100    |
// |                       | releases              |
// | acquires, leaves 40   |                       |
// |                       | acquires, leaves -20  |
//
// Run it: the first child is nearly always done before the second has
// begun, and the balance is 40. Watch what happens under
// `MP_SCHEDULE=1 make lesson-lock_account_broken`, and with 2, 3 and so
// on: some of these numbers often give -20. If none of 1 to 9 does, run
// them once more.

#include "lesson.h"

struct account {
    mp_lock lock;
    int balance;
};

struct withdraw_args {
    struct account *account;
    int amount;
};

static int withdraw(void *args)
{
    const struct withdraw_args *given = args;
    struct account *account = given->account;

    check(mp_lock_acquire(&account->lock, MP_FOREVER));
    bool enough = account->balance >= given->amount;
    check(mp_lock_release(&account->lock));

    if (enough) {
        check(mp_lock_acquire(&account->lock, MP_FOREVER));
        account->balance -= given->amount;
        check(mp_lock_release(&account->lock));
    }
    return 0;
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    struct account *account = mp_value(struct account, .balance = 100);
    check(account);
    mp_process p[2];
    for (int i = 0; i < 2; i++) {
        struct withdraw_args args = { account, 60 };
        check(mp_process_init(&p[i], .target = withdraw,
                              MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < 2; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    printf("the balance is %d\n", account->balance);
    mp_shm_free(account);
}

// ## What happens underneath
//
// The lock keeps each of the two pieces whole, and nothing keeps them
// together. What must not be interrupted belongs between one acquire
// and its release.
//
// `MP_SCHEDULE` makes a process go on, yield its CPU or sleep for some
// milliseconds, at each acquire and each release, and nowhere else:
// `pause_or_not()` in `common/watch/watch.c`. The number decides which.
// So a mistake that shows once in a month may show within seconds, and
// the number that showed it helps to find it. A tool that watches one
// process (ThreadSanitizer) does not see a mistake between two.
//
// `threading.Lock` keeps no more together than this one.
//
// ## Try this
//
// - Mend it: take the first release and the second acquire out. What
//   does `MP_SCHEDULE` show now?
// - Run `for i in 1 2 3 4 5 6 7 8 9; do MP_SCHEDULE=$i make -s
//   lesson-lock_account_broken; done`, and then one of the numbers that
//   gave -20 nine times. How often is it -20 again?
