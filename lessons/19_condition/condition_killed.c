// # A waiter is killed
//
// Two consumers wait for an item, and one of them is killed. Then the
// parent puts an item on the shelf and notifies all. Watch the last
// line: the other consumer takes the item.
//
// Python's `notify_all` waits until each waiter has said that it is
// awake. The dead one never says so. So `notify_all` waits for ever,
// and has the lock meanwhile. The other consumer is awake, but does not
// get the lock. Python's `Event.set` and `Barrier.wait` notify in this
// way, too. The Python original calls `notify_all` in a thread, gives
// up after a second, and kills the other consumer itself.

#include "lesson.h"

struct shelf {
    mp_condition changed;
    mp_semaphore ready;
    int items;
};

struct shelf_args {
    struct shelf *shelf;
};

static int consumer(void *args)
{
    struct shelf *shelf = ((struct shelf_args *)args)->shelf;
    check(mp_condition_acquire(&shelf->changed, MP_FOREVER));
    check(mp_semaphore_release(&shelf->ready));
    while (shelf->items == 0) {
        check(mp_condition_wait(&shelf->changed, MP_FOREVER));
    }
    shelf->items--;
    printf("%s took one, %d left\n",
           mp_process_name(mp_current_process()), shelf->items);
    check(mp_condition_release(&shelf->changed));
    return 0;
}

// As in `condition_broken`: when the parent has acquired `ready` for a
// consumer, and then has the lock, this consumer waits.
static void start_consumer(mp_process *p, struct shelf *shelf)
{
    struct shelf_args args = { shelf };
    check(mp_process_init(p, .target = consumer, MP_ARGS(args)));
    check(mp_process_start(p));
    check(mp_semaphore_acquire(&shelf->ready, MP_FOREVER));
    check(mp_condition_acquire(&shelf->changed, MP_FOREVER));
    check(mp_condition_release(&shelf->changed));
}

static void join(mp_process *p)
{
    check(mp_process_join(p, MP_FOREVER));
    check(mp_process_close(p));
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    struct shelf *shelf = mp_value(struct shelf, .items = 0);
    check(shelf);
    check(mp_semaphore_init(&shelf->ready, 0));
    mp_process p[2];
    start_consumer(&p[0], shelf);
    start_consumer(&p[1], shelf);
    check(mp_process_kill(&p[0]));
    join(&p[0]);
    printf("killed a consumer that waits\n");

    check(mp_condition_acquire(&shelf->changed, MP_FOREVER));
    shelf->items++;
    check(mp_condition_notify_all(&shelf->changed));
    printf("notify_all returned\n");
    fflush(stdout);
    check(mp_condition_release(&shelf->changed));
    join(&p[1]);
    mp_shm_free(shelf);
}

// ## What happens underneath
//
// Our `notify` waits for nobody. It changes the waiter's word, and from
// then on the wake-up belongs to that waiter, be it awake, stopped or
// dead (`mp_waiters_wake()` in `common/sync/waiters.c`).
//
// But `notify(1)` could give its only wake-up to a dead process, and
// the item would stay on the shelf. So each waiter looks fifty times a
// second whether a process died after it was notified, and takes its
// wake-up over (`take_over()` in `common/sync/condition.c`).
//
// A process that is killed while it has the lock may leave the state
// half changed. In the program `condition`, `produced` may be one more,
// and the item is not in its place yet. Then the next call of
// `mp_condition_acquire` or `mp_condition_wait` returns 1 (lesson 16).
// Repair the state there, or give up.
//
// ## Try this
//
// - Write `mp_condition_notify(&shelf->changed, 1)`. The oldest waiter
//   is the dead one. Does the other consumer take the item, and after
//   how many milliseconds? (The line that is printed still says
//   notify_all.)
// - Keep the 1, and kill the second consumer instead of the first. Who
//   takes the item now, and is it late?
