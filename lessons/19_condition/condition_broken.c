// # if in the place of while
//
// Two consumers wait for an item, and the parent puts one on the shelf.
// These consumers look at the shelf with `if`, and not with `while`:
// when `wait` returns, they do not look again. `notify_all` wakes both.
// One gets the lock first and takes the item. Then the other gets the
// lock and takes an item that is not there. Watch the number of items
// on the shelf, which ends below 0, in each run. This program is wrong,
// and so is the Python original.

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
    if (shelf->items == 0) {  /* wrong: it must be while */
        check(mp_condition_wait(&shelf->changed, MP_FOREVER));
    }
    shelf->items--;
    printf("took one, %d left\n", shelf->items);
    fflush(stdout);
    check(mp_condition_release(&shelf->changed));
    return 0;
}

// How does the parent know that both consumers wait? A consumer
// releases the semaphore `ready` while it has the lock, and gives the
// lock away only by `wait`. So when the parent has acquired `ready`
// twice, and then has the lock, both are in the list of waiters. This
// is certain on each machine, however slow a process starts.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    struct shelf *shelf = mp_value(struct shelf, .items = 0);
    check(shelf);
    check(mp_semaphore_init(&shelf->ready, 0));
    struct shelf_args args = { shelf };
    mp_process p[2];
    for (int i = 0; i < 2; i++) {
        check(mp_process_init(&p[i], .target = consumer,
                              MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < 2; i++) {
        check(mp_semaphore_acquire(&shelf->ready, MP_FOREVER));
    }

    check(mp_condition_acquire(&shelf->changed, MP_FOREVER));
    shelf->items++;
    printf("put one, %d on the shelf\n", shelf->items);
    fflush(stdout);
    check(mp_condition_notify_all(&shelf->changed));
    check(mp_condition_release(&shelf->changed));
    for (int i = 0; i < 2; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    mp_shm_free(shelf);
}

// ## What happens underneath
//
// | consumer 1          | consumer 2          | parent              |
// |---------------------|---------------------|---------------------|
// | 0 items, `wait`     |                     |                     |
// |                     | 0 items, `wait`     |                     |
// |                     |                     | puts one            |
// |                     |                     | notifies both       |
// |                     |                     | releases the lock   |
// | gets the lock       |                     |                     |
// | takes one, 0 left   |                     |                     |
// | releases the lock   |                     |                     |
// |                     | gets the lock       |                     |
// |                     | takes one, -1 left  |                     |
//
// `notify_all` changes the words of both waiters, and both return from
// `mp_condition_wait()` in `common/sync/condition.c`, one after the
// other, as they get the lock. `wait` does not know what a caller waits
// for. Only the caller can look.
//
// Would `notify(1)` be enough? Here it would. But a third consumer that
// comes just then may get the lock before the woken one. Then the item
// is gone, too. And `wait` may return although nobody has notified: in
// this library when a process has died that had the lock, and in
// `pthread_cond_wait` at any time.
//
// ## Try this
//
// - Write `while`. How many consumers take an item? Why does the
//   program not end? Let the parent put a second one.
// - Keep `while`, and use `mp_condition_wait_for` with a function that
//   says whether there is an item.
// - Keep the `if`, and write `notify` with 1. Which consumer still
//   waits, the first or the second? (Ctrl-C ends the program.)
