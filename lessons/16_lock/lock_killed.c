// # The holder of a lock is killed
//
// A child moves 30 from one account to another. It holds the lock, and
// is killed when it has done half of it: the money has left `from` and
// has not come to `to`. Watch what the parent gets when it acquires the
// lock, and what the total is.
//
// In Python the lock stays locked, and nobody can tell why. `acquire`
// without a time-out waits for ever. The Python original gives up after
// a second, by `acquire(timeout=1)`, and prints another line.

#include "lesson.h"

#include <signal.h>

struct bank {
    mp_lock lock;
    int from, to;
};

struct transfer_args {
    struct bank *bank;
    int amount;
};

// SIGKILL as in lesson 14: it can come at any moment.
static int transfer(void *args)
{
    const struct transfer_args *given = args;
    struct bank *bank = given->bank;
    check(mp_lock_acquire(&bank->lock, MP_FOREVER));
    bank->from -= given->amount;
    kill(getpid(), SIGKILL);
    bank->to += given->amount;
    check(mp_lock_release(&bank->lock));
    return 0;
}

// `mp_lock_acquire` returns 0 if all is well, and 1 if the lock is ours
// because its previous owner died. This is not an error, since we have
// the lock. It is a warning: what the lock protects may be half done.
// Only your program knows what that means, and how to repair it. Here
// the total must be 100.
static void look(struct bank *bank)
{
    int got = mp_lock_acquire(&bank->lock, MP_FOREVER);
    check(got);
    if (got == 1) {
        int missing = 100 - bank->from - bank->to;
        printf("the previous owner died, %d are missing\n", missing);
        bank->from += missing;
    }
    printf("from %d, to %d\n", bank->from, bank->to);
    check(mp_lock_release(&bank->lock));
}

// The second `look` shows that the lock is an ordinary one again.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    struct bank *bank = mp_value(struct bank, .from = 100);
    check(bank);
    mp_process p;
    struct transfer_args args = { bank, 30 };
    check(mp_process_init(&p, .target = transfer, MP_ARGS(args)));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    printf("exit code %d\n", mp_process_exitcode(&p));
    check(mp_process_close(&p));

    look(bank);
    look(bank);
    mp_shm_free(bank);
}

// ## What happens underneath
//
// The lock's word has the pid of its owner, and the time when that
// process started, because the kernel may give the same pid to a later
// process. A waiter does not sleep for ever. Every 20 ms
// `mp_owner_is_dead()` in `common/sync/wait.c` asks the kernel whether
// the owner lives (pidfd_open(2)). If it does not, `wait_for()` in
// `common/sync/lock.c` puts its own number into the word, in the place
// of the dead one. This is a compare-and-swap, so if many wait, one of
// them gets the lock.
//
// A killed process can do nothing more, and needs to do nothing here.
// It does not matter at which instruction it was killed: either the
// word has its number or not.
//
// C has such a lock as well: a mutex that is robust
// (pthread_mutexattr_setrobust(3)). The kernel itself goes through the
// robust locks of a thread that ends. Only its owner may release it,
// where Python's Lock may be released by any process.
//
// `threading.Lock` has no such case. A thread cannot be killed alone:
// the signal ends the whole process. But a thread may end without a
// release, and then this lock stays locked as long as the process
// lives, and so does ours.
//
// ## Try this
//
// - Ignore the 1, and print `from` and `to` only. What is wrong?
// - Print `mp_error()` where `got` is 1.
// - Let the child call `return` instead of `kill`, and forget the
//   release. What does the parent get, and what in Python?
// - Give the bank two pairs of amounts, and an index that says which
//   pair is valid. Write the other pair, and then change the index.
//   Does a kill lose money now, at any moment?
