// # Wait for a state, not for a time
//
// A producer puts ten items on a shelf with three places, and two
// consumers take them. The producer waits while the shelf is full, and
// a consumer waits while it is empty. Nobody knows how long that takes.
// So they wait for a state, and each process that changes the state
// notifies the others. This is what a condition is for: it is a lock,
// and a list of processes that wait for a change.
//
// Watch the items: each is produced once and consumed once, in this
// order. Which consumer takes which item differs from run to run. No
// process has to guess for how long to sleep.

#include "lesson.h"

enum { PLACES = 3, ITEMS = 10 };

// The condition, and the state that it protects. There are
// `produced - consumed` items on the shelf.
struct shelf {
    mp_condition changed;
    int produced;
    int consumed;
    int places[PLACES];
};

struct shelf_args {
    struct shelf *shelf;
};

// `wait` releases the lock, sleeps until it is notified, and returns
// when it has the lock again. It enters the list of waiters before it
// releases the lock. A process that changes the state has the lock, so
// it comes before our look at the state, or it finds us in the list.
// Its `notify_all` cannot fall between the two, and get lost.
//
// Why `while` and not `if`? A notified process must get the lock first.
// Meanwhile another process may have the lock and change the state
// again. So a notified process looks again. The program
// `condition_broken` shows what happens otherwise. (Python's
// `condition.wait_for(predicate)` is this loop.)
//
// The line is written while we have the lock, and `fflush` writes it at
// once. So the lines stand in the order of the steps. `mp_trace` is for
// the picture that `make trace-19` draws.
static void put(struct shelf *shelf, int item)
{
    check(mp_condition_acquire(&shelf->changed, MP_FOREVER));
    while (shelf->produced - shelf->consumed == PLACES) {
        check(mp_condition_wait(&shelf->changed, MP_FOREVER));
    }
    shelf->places[shelf->produced++ % PLACES] = item;
    printf("produced %d\n", item);
    fflush(stdout);
    mp_trace("level", shelf->produced - shelf->consumed);
    check(mp_condition_notify_all(&shelf->changed));
    check(mp_condition_release(&shelf->changed));
}

// A consumer waits for one of two states: there is an item, or all ten
// are consumed. If it waited for an item alone, it would wait for an
// eleventh for ever. Returns whether it has taken one.
static bool take(struct shelf *shelf)
{
    check(mp_condition_acquire(&shelf->changed, MP_FOREVER));
    while (shelf->consumed == shelf->produced &&
           shelf->consumed < ITEMS) {
        check(mp_condition_wait(&shelf->changed, MP_FOREVER));
    }
    bool more = shelf->consumed < ITEMS;
    if (more) {
        int item = shelf->places[shelf->consumed++ % PLACES];
        printf("consumed %d by %s\n", item,
               mp_process_name(mp_current_process()));
        fflush(stdout);
        mp_trace("level", shelf->produced - shelf->consumed);
        check(mp_condition_notify_all(&shelf->changed));
    }
    check(mp_condition_release(&shelf->changed));
    return more;
}

static int consumer(void *args)
{
    while (take(((struct shelf_args *)args)->shelf)) {
    }
    return 0;
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    struct shelf *shelf = mp_value(struct shelf, .produced = 0);
    check(shelf);
    struct shelf_args args = { shelf };
    mp_process p[2];
    for (int i = 0; i < 2; i++) {
        check(mp_process_init(&p[i], .target = consumer,
                              MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int item = 1; item <= ITEMS; item++) {
        put(shelf, item);
    }
    for (int i = 0; i < 2; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    mp_shm_free(shelf);
}

// ## See it
//
// `make trace-condition` draws who has the lock of the condition (in a
// colour) and who waits (grey). Below it is the number of items on the
// shelf. It never leaves the range from 0 to 3: at 3 the producer
// waits, and at 0 the consumers do.
//
// ## What happens underneath
//
// The list is in shared memory and has a word for each waiter
// (`common/sync/wait.h`). `mp_condition_wait()` in
// `common/sync/condition.c` writes into an empty word that this process
// waits, releases the lock, and sleeps on a futex (lesson 17).
// `mp_waiters_wake()` in `common/sync/waiters.c` changes the words of
// those that it wakes, the oldest first, and makes one system call for
// all of them. It needs the lock, because the lock protects the list:
// without it, `notify` is refused.
//
// `notify(n)` wakes at most n. We use `notify_all`, since producer and
// consumers wait in one list: `notify(1)` could wake a consumer where
// only the producer can go on. Two conditions with one lock,
// `Condition(lock)`, would have a list for each.
//
// A process that is killed while it waits swallows no wake-up: another
// one wakes instead (`condition_killed`).
//
// `threading.Condition` has the same methods. C's threads have
// `pthread_cond_t`, with `pthread_cond_wait` and
// `pthread_cond_broadcast`. It may wake a waiter without a reason, so
// it needs the `while` as well.
//
// ## Try this
//
// - Leave out `notify_all` in `take`. Many runs never end. Which
//   processes wait then? (Ctrl-C ends the program.)
// - Write `mp_condition_notify` with 1 in both places, and let `PLACES`
//   be 1. Many runs never end. Who got a wake-up, and could do nothing?
// - Call `notify_all` after `release`. What does `check` print? (Ctrl-C
//   ends the program.)
