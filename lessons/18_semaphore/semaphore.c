// # At most three inside at once
//
// A semaphore is a number that never falls below 0. `acquire` takes one
// away, and waits while the number is 0. `release` adds one. So
// `Semaphore(3)` lets three processes in, and each of the others waits
// until one leaves. This is how programs limit the number of downloads,
// or of connections to a database. A lock lets one process in at a
// time. A semaphore that begins with 1 does so, too, but a lock has an
// owner, and a semaphore has none: see `semaphore_killed`.
//
// Six workers want to go in. Watch how many are inside. The lines say
// it after each step, and the last line says the highest number, which
// is never above 3. It is less than 3 only if workers leave before the
// next ones have started.

#include "lesson.h"

enum { WORKERS = 6 };

// All of this is in shared memory. The numbers have a lock: two
// processes that change them at the same time would lose a count
// (lesson 16).
struct room {
    mp_semaphore semaphore;
    mp_lock lock;
    int inside;
    int most;
};

struct worker_args {
    struct room *room;
    double seconds;
};

// Writes the line before the lock is released: so the lines stand in
// the order of the steps. `fflush` writes it now, also to a pipe.
static void count(struct room *room, int change, const char *what)
{
    check(mp_lock_acquire(&room->lock, MP_FOREVER));
    room->inside += change;
    if (room->inside > room->most) {
        room->most = room->inside;
    }
    printf("%s %s, inside: %d\n",
           mp_process_name(mp_current_process()), what, room->inside);
    fflush(stdout);
    check(mp_lock_release(&room->lock));
}

// A worker counts itself after `acquire` and until before `release`. If
// it counted later or earlier, it could be inside without being
// counted, and the number would prove nothing.
static int worker(void *args)
{
    const struct worker_args *given = args;
    struct room *room = given->room;
    check(mp_semaphore_acquire(&room->semaphore, MP_FOREVER));
    count(room, 1, "enters");
    time_sleep(given->seconds);
    count(room, -1, "leaves");
    check(mp_semaphore_release(&room->semaphore));
    return 0;
}

int main(int argc, char **argv)
{
    double seconds = 0.5;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    struct room *room = mp_value(struct room, .inside = 0);
    check(room);
    check(mp_semaphore_init(&room->semaphore, 3));
    mp_process p[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
        struct worker_args args = { room, seconds };
        check(mp_process_init(&p[i], .target = worker, MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < WORKERS; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    printf("most inside at once: %d\n", room->most);
    mp_shm_free(room);
}

// ## See it
//
// `make trace-semaphore` draws a row for each process: grey while it
// waits, and in a colour while it is inside. At each moment at most
// three rows have a colour, and a fourth one gets it when one of the
// three has lost it.
//
// ## What happens underneath
//
// The number is in shared memory. To take one away, a process reads the
// number, and writes one less by a compare-and-swap (lesson 12). If the
// number was changed in between, it tries again. No system call is
// needed as long as the number is above 0.
//
// If it is 0, the process sleeps on it, as in lesson 17: the number is
// a futex. `mp_eventcount_await()` in `common/base/futex.c` counts
// those that sleep. So `mp_semaphore_release()` in
// `common/sync/semaphore.c` knows whether there is one to wake, and
// makes no system call otherwise. A process that was woken has nothing
// yet. It tries again, and another process may be faster.
//
// Python's `threading.Semaphore` has the same methods, and is made of a
// Condition (lesson 19). `multiprocessing.Semaphore` is a semaphore of
// POSIX, `sem_open` (sem_overview(7)). C's threads have `sem_t`, which
// sleeps on a futex, too.
//
// ## Try this
//
// - Let `mp_semaphore_init` begin with 6, and then with 1. How long
//   does the whole take?
// - Leave out the `release`. How many workers enter? End the program by
//   Ctrl-C.
// - Give `acquire` the time-out 0 instead of MP_FOREVER, and print
//   `full` where it returns -1. How many workers enter now?
