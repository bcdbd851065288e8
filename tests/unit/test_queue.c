// Queue: each item comes out once, in its producer's order; what a call does
// when the queue is full, empty or closed; and what it costs.

#include "unit.h"

#include <sched.h>
#include <sys/mman.h>

#include "memory/arena.h"
#include "memory/shm.h"

// As in queue.c: the bytes of a segment, and the largest item that shares one.
enum { SMALL = 65536 - 64 - 16, LARGE = SMALL / 4 };

enum { MOST = 1000000, PRODUCERS = 3, CONSUMERS = 3 };

// What processes share, and are told the address of.
typedef struct {
    mp_queue *queue;
    int items;               // for each producer
    _Atomic int next;        // producer
    _Atomic long done;       // calls that have worked
    _Atomic int calls;       // futex(2), by a child
    _Atomic unsigned char got[MOST];  // how often each number has been got
} page;

static page *new_page(int maxsize)
{
    page *new = mp_array(page, 1);
    ck_assert_ptr_nonnull(new);
    new->queue = mp_queue_new(maxsize);
    ck_assert_msg(new->queue != NULL, "%s", mp_error());
    return new;
}

static void free_page(page *on)
{
    mp_queue_free(on->queue);
    mp_shm_free(on);
}

static void put(mp_queue *queue, long number)
{
    must(mp_queue_put(queue, &number, sizeof number, patience(10)));
}

static long get(mp_queue *queue)
{
    long number = -1;
    must(mp_queue_get(queue, &number, sizeof number, patience(10)));
    return number;
}

static void expect_empty(mp_queue *queue)
{
    char item[1];
    ck_assert_refused(mp_queue_get_nowait(queue, item, 1), ETIMEDOUT,
                      "Queue is empty");
}

static void start_all(mp_process *all, int count, int (*target)(void *),
                      page *on)
{
    for (int i = 0; i < count; i++) {
        start_at(&all[i], target, on);
    }
}

static void join_all(mp_process *all, int count)
{
    for (int i = 0; i < count; i++) {
        ck_assert_msg(mp_process_join(&all[i], patience(60)) == 0, "%s",
                      mp_error());
        ck_assert_int_eq(mp_process_exitcode(&all[i]), 0);
        must(mp_process_close(&all[i]));
    }
}

// An item of this size, whose bytes tell which one it is; and whether it is.
static char *pattern(size_t size, int which)
{
    char *new = malloc(size + 1);
    for (size_t i = 0; i < size; i++) {
        new[i] = (char)(i % 251 + (size_t)which);
    }
    return new;
}

static void put_pattern(mp_queue *queue, size_t size, int which)
{
    char *item = pattern(size, which);
    must(mp_queue_put(queue, size > 0 ? item : NULL, size, patience(10)));
    free(item);
}

static void expect_pattern(mp_queue *queue, size_t size, int which)
{
    char *item = pattern(size, which), *got = malloc(size + 1);
    got[size] = 'x';
    ck_assert_int_eq(mp_queue_get(queue, got, size, patience(10)),
                     (ssize_t)size);
    ck_assert_msg(memcmp(item, got, size) == 0 && got[size] == 'x',
                  "an item of %zu bytes is torn", size);
    free(item);
    free(got);
}

// ---- order ----------------------------------------------------------------

typedef struct {
    int producer, number;
} numbered;

static int produce(void *args)
{
    page *on = *(page **)args;
    numbered item = { .producer = on->next++ };
    for (item.number = 0; item.number < on->items; item.number++) {
        if (mp_queue_put(on->queue, &item, sizeof item, MP_FOREVER) == -1) {
            return 1;
        }
    }
    return 0;
}

// Ends when the queue is closed and empty.
static int consume(void *args)
{
    page *on = *(page **)args;
    int last[PRODUCERS] = { -1, -1, -1 };
    numbered item;
    while (mp_queue_get(on->queue, &item, sizeof item, MP_FOREVER) ==
           sizeof item) {
        if (item.number <= last[item.producer]) {
            return 1;
        }
        last[item.producer] = item.number;
        on->got[item.producer * on->items + item.number]++;
    }
    return errno == EINVAL ? 0 : 2;
}

static void expect_all_once(int maxsize, int items)
{
    mp_process producers[PRODUCERS], consumers[CONSUMERS];
    page *on = new_page(maxsize);
    on->items = items;
    start_all(consumers, CONSUMERS, consume, on);
    start_all(producers, PRODUCERS, produce, on);
    join_all(producers, PRODUCERS);
    mp_queue_close(on->queue);
    join_all(consumers, CONSUMERS);
    for (int i = 0; i < PRODUCERS * items; i++) {
        if (on->got[i] != 1) {
            ck_abort_msg("item %d was got %d times", i, on->got[i]);
        }
    }
    free_page(on);
}

START_TEST(each_item_is_got_once_and_those_of_a_producer_in_order)
{
    int items = how_many(in_full() ? 30000 : 3000, MOST / PRODUCERS);
    expect_all_once(0, items);
    expect_all_once(100, items);
    expect_all_once(1, items / 10);
}
END_TEST

START_TEST(threads_put_and_get_as_processes_do)
{
    page *on = new_page(0);
    on->items = 1000;
    for (int i = 0; i < PRODUCERS; i++) {
        ck_assert_int_eq(in_thread(produce, &on), 0);
    }
    mp_queue_close(on->queue);
    ck_assert_int_eq(in_thread(consume, &on), 0);
    for (int i = 0; i < PRODUCERS * 1000; i++) {
        ck_assert_int_eq(on->got[i], 1);
    }
    free_page(on);
}
END_TEST

// ---- empty and full -------------------------------------------------------

START_TEST(an_empty_queue_says_so_at_once_or_after_the_time_out)
{
    mp_queue *queue = mp_queue_new(0);
    char item[1];
    expect_empty(queue);
    ck_assert_refused(mp_queue_get(queue, item, 1, -1), ETIMEDOUT,
                      "Queue is empty");
    double before = mp_clock_now();
    signal_storm(5000);
    ck_assert_refused(mp_queue_get(queue, item, 1, 0.1), ETIMEDOUT,
                      "Queue is empty");
    signal_storm(0);
    ck_assert_double_ge(mp_clock_now() - before, 0.1);
    ck_assert(mp_clock_now() - before < patience(2));
    mp_queue_free(queue);
}
END_TEST

START_TEST(a_full_queue_says_so_at_once_or_after_the_time_out)
{
    mp_queue *queue = mp_queue_new(2);
    put(queue, 1);
    put(queue, 2);
    ck_assert_refused(mp_queue_put_nowait(queue, "x", 1), ETIMEDOUT,
                      "Queue is full");
    ck_assert_refused(mp_queue_put(queue, "x", 1, -1), ETIMEDOUT,
                      "Queue is full");
    double before = mp_clock_now();
    signal_storm(5000);
    ck_assert_refused(mp_queue_put(queue, "x", 1, 0.1), ETIMEDOUT,
                      "Queue is full");
    signal_storm(0);
    ck_assert_double_ge(mp_clock_now() - before, 0.1);
    ck_assert(mp_clock_now() - before < patience(2));
    ck_assert_int_eq(get(queue), 1);
    put(queue, 3);
    ck_assert_int_eq(get(queue), 2);
    ck_assert_int_eq(get(queue), 3);
    expect_empty(queue);
    mp_queue_free(queue);
}
END_TEST

START_TEST(without_a_maxsize_there_is_always_space)
{
    for (int maxsize = -1; maxsize < 1; maxsize++) {
        mp_queue *queue = mp_queue_new(maxsize);
        for (long i = 0; i < 100000; i++) {
            if (mp_queue_put_nowait(queue, &i, sizeof i) == -1) {
                ck_abort_msg("%s", mp_error());
            }
        }
        ck_assert(!mp_queue_full(queue));
        ck_assert_int_eq(mp_queue_qsize(queue), 100000);
        mp_queue_free(queue);
    }
}
END_TEST

START_TEST(qsize_empty_and_full_say_what_is_so_right_at_once)
{
    mp_queue *queue = mp_queue_new(3);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(mp_queue_qsize(queue), i);
        ck_assert_int_eq(mp_queue_empty(queue), i == 0);
        ck_assert(!mp_queue_full(queue));
        put(queue, i);
    }
    for (int i = 3; i > 0; i--) {
        ck_assert_int_eq(mp_queue_qsize(queue), i);
        ck_assert(!mp_queue_empty(queue));
        ck_assert_int_eq(mp_queue_full(queue), i == 3);
        get(queue);
    }
    ck_assert(mp_queue_empty(queue));
    mp_queue_free(queue);
}
END_TEST

static int put_one(void *args)
{
    page *on = *(page **)args;
    long number = 5;
    on->next++;
    return mp_queue_put(on->queue, &number, sizeof number, MP_FOREVER);
}

static int get_one(void *args)
{
    page *on = *(page **)args;
    long number = 0;
    on->next++;
    ssize_t got = mp_queue_get(on->queue, &number, sizeof number, MP_FOREVER);
    return got == sizeof number && number == 5 ? 0 : 1;
}

static void wait_for_calls(page *on, int count)
{
    while (on->next < count) {
        usleep(1000);
    }
    usleep(20000);  // they sleep, or nearly so
}

START_TEST(who_waits_goes_on_when_there_is_an_item_or_space)
{
    mp_process all[3];
    page *on = new_page(2);
    start_all(all, 3, get_one, on);
    wait_for_calls(on, 3);
    for (int i = 0; i < 3; i++) {
        put(on->queue, 5);
    }
    join_all(all, 3);
    put(on->queue, 1);
    put(on->queue, 2);
    start_all(all, 3, put_one, on);
    wait_for_calls(on, 6);
    ck_assert_int_eq(mp_queue_qsize(on->queue), 2);
    ck_assert_int_eq(get(on->queue), 1);
    ck_assert_int_eq(get(on->queue), 2);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(get(on->queue), 5);
    }
    join_all(all, 3);
    expect_empty(on->queue);
    free_page(on);
}
END_TEST

// ---- closing --------------------------------------------------------------

START_TEST(a_closed_queue_gives_what_is_left_and_takes_nothing)
{
    mp_queue *queue = mp_queue_new(0);
    char item[1];
    put(queue, 1);
    put(queue, 2);
    mp_queue_close(queue);
    mp_queue_close(queue);
    ck_assert_refused(mp_queue_put_nowait(queue, "x", 1), EINVAL,
                      "Queue is closed");
    ck_assert_refused(mp_queue_put(queue, "x", 1, MP_FOREVER), EINVAL,
                      "Queue is closed");
    ck_assert_int_eq(get(queue), 1);
    ck_assert_int_eq(get(queue), 2);
    for (int i = 0; i < 2; i++) {
        ck_assert_refused(mp_queue_get(queue, item, 1, MP_FOREVER), EINVAL,
                          "Queue is closed");
    }
    mp_queue_free(queue);
}
END_TEST

static int expect_to_be_closed(void *args)
{
    page *on = *(page **)args;
    char item[8] = "";
    on->next++;
    int got = mp_queue_full(on->queue)
                  ? mp_queue_put(on->queue, item, 8, MP_FOREVER)
                  : (int)mp_queue_get(on->queue, item, 8, MP_FOREVER);
    return got == -1 && errno == EINVAL &&
                   strcmp(mp_error(), "Queue is closed") == 0 ? 0 : 1;
}

START_TEST(close_wakes_all_that_wait_also_from_another_process)
{
    mp_process all[6];
    page *empty = new_page(1), *full = new_page(1);
    put(full->queue, 1);
    start_all(all, 3, expect_to_be_closed, empty);
    start_all(all + 3, 3, expect_to_be_closed, full);
    wait_for_calls(empty, 3);
    wait_for_calls(full, 3);
    double before = mp_clock_now();
    mp_queue_close(empty->queue);
    mp_queue_close(full->queue);
    join_all(all, 6);
    ck_assert(mp_clock_now() - before < patience(1));
    ck_assert_int_eq(get(full->queue), 1);
    free_page(empty);
    free_page(full);
}
END_TEST

static int put_until_closed(void *args)
{
    page *on = *(page **)args;
    long number = 0;
    on->next++;
    while (mp_queue_put(on->queue, &number, sizeof number, MP_FOREVER) == 0) {
        on->done++;
    }
    return errno == EINVAL ? 0 : 1;
}

START_TEST(a_put_that_races_with_close_is_refused_or_delivered)
{
    for (int i = 0; i < how_many(20, 500); i++) {
        mp_process all[2];
        page *on = new_page(0);
        long number, count = 0;
        start_all(all, 2, put_until_closed, on);
        while (on->next < 2) {
            sched_yield();
        }
        usleep((useconds_t)i % 20 * 10);
        mp_queue_close(on->queue);
        while (mp_queue_get(on->queue, &number, sizeof number, MP_FOREVER) !=
               -1) {
            count++;
        }
        ck_assert_int_eq(errno, EINVAL);
        join_all(all, 2);
        ck_assert_int_eq(count, on->done);
        ck_assert_int_eq(mp_queue_qsize(on->queue), 0);
        free_page(on);
    }
}
END_TEST

// ---- sizes ----------------------------------------------------------------

static int get_four_bytes(void *args)
{
    char item[4];
    ssize_t got = mp_queue_get_nowait((*(page **)args)->queue, item, 4);
    return got == -1 && errno == EMSGSIZE ? 0 : 1;
}

START_TEST(an_item_for_which_there_is_no_room_is_still_there)
{
    page *on = new_page(0);
    char item[4];
    put(on->queue, 1);
    put(on->queue, 2);
    ck_assert_refused(mp_queue_get(on->queue, item, 4, MP_FOREVER), EMSGSIZE,
                      "the item has 8 bytes, and there is room for 4");
    ck_assert_int_eq(exitcode_at(get_four_bytes, on), 0);
    ck_assert_int_eq(mp_queue_qsize(on->queue), 2);
    ck_assert_int_eq(get(on->queue), 1);
    ck_assert_int_eq(get(on->queue), 2);
    free_page(on);
}
END_TEST

// Each size after each number of bytes that may be free in a segment, first one
// by one, and then all at once.
START_TEST(items_of_all_sizes_come_out_whole_wherever_a_segment_ends)
{
    static const size_t sizes[] = {
        0, 1, 7, 8, 9, LARGE - 1, LARGE, LARGE + 1, SMALL - 25, SMALL - 24,
        SMALL - 16, SMALL - 15, SMALL - 8, SMALL - 1, SMALL, SMALL + 1, 200000
    };
    enum { COUNT = sizeof sizes / sizeof *sizes };
    mp_queue *queue = mp_queue_new(0);
    for (size_t filler = SMALL - 64; filler <= SMALL; filler++) {
        for (int i = 0; i < COUNT; i++) {
            put_pattern(queue, filler / 4, 1);
            put_pattern(queue, filler - filler / 4, 2);
            put_pattern(queue, sizes[i], 3);
            expect_pattern(queue, filler / 4, 1);
            expect_pattern(queue, filler - filler / 4, 2);
            expect_pattern(queue, sizes[i], 3);
        }
    }
    for (int i = 0; i < COUNT * COUNT; i++) {
        put_pattern(queue, sizes[i / COUNT], i);
        put_pattern(queue, sizes[i % COUNT], i + 1);
    }
    for (int i = 0; i < COUNT * COUNT; i++) {
        expect_pattern(queue, sizes[i / COUNT], i);
        expect_pattern(queue, sizes[i % COUNT], i + 1);
    }
    expect_empty(queue);
    mp_queue_free(queue);
}
END_TEST

START_TEST(puts_and_gets_in_any_order_agree_with_a_list)
{
    enum { HELD = 64 };
    size_t sizes[HELD];
    unsigned seed = (unsigned)getpid();
    mp_queue *queue = mp_queue_new(0);
    int first = 0, count = 0;
    printf("the seed is %u\n", seed);
    for (int i = 0; i < how_many(20000, 2000000); i++) {
        bool more = rand_r(&seed) % 100 < (i / 500 % 2 ? 40 : 60);
        if (more ? count < HELD : count == 0) {
            int rank = rand_r(&seed) % 17;
            size_t size = (size_t)rand_r(&seed) % ((size_t)1 << rank);
            int at = (first + count++) % HELD;
            sizes[at] = size;
            put_pattern(queue, size, at);
        } else {
            expect_pattern(queue, sizes[first], first);
            first = (first + 1) % HELD;
            count--;
        }
        ck_assert_int_eq(mp_queue_qsize(queue), count);
    }
    mp_queue_free(queue);
}
END_TEST

static int put_64_mib(void *args)
{
    put_pattern((*(page **)args)->queue, 64 << 20, 1);
    return 0;
}

START_TEST(an_item_may_have_64_mib)
{
    page *on = new_page(0);
    ck_assert_int_eq(exitcode_at(put_64_mib, on), 0);
    expect_pattern(on->queue, 64 << 20, 1);
    free_page(on);
}
END_TEST

// ---- task_done and join ---------------------------------------------------

static int join_it(void *args)
{
    page *on = *(page **)args;
    on->next++;
    int got = mp_queue_join(on->queue, MP_FOREVER);
    return got == 0 && on->done == 1 ? 0 : 1;
}

START_TEST(join_waits_until_each_item_is_done)
{
    mp_process all[2];
    page *on = new_page(0);
    must(mp_queue_join(on->queue, 0));
    put(on->queue, 1);
    put(on->queue, 2);
    start_all(all, 2, join_it, on);
    wait_for_calls(on, 2);
    for (int i = 0; i < 2; i++) {
        double before = mp_clock_now();
        ck_assert_refused(mp_queue_join(on->queue, 0.05), ETIMEDOUT,
                          "tasks of the queue are not done");
        ck_assert_double_ge(mp_clock_now() - before, 0.05);
        get(on->queue);
        on->done = i;
        must(mp_queue_task_done(on->queue));
    }
    must(mp_queue_join(on->queue, MP_FOREVER));
    join_all(all, 2);
    free_page(on);
}
END_TEST

START_TEST(task_done_once_too_often_is_refused)
{
    mp_queue *queue = mp_queue_new(0);
    ck_assert_refused(mp_queue_task_done(queue), EINVAL,
                      "task_done() called too many times");
    put(queue, 1);
    must(mp_queue_task_done(queue));
    ck_assert_refused(mp_queue_task_done(queue), EINVAL,
                      "task_done() called too many times");
    must(mp_queue_join(queue, 0));
    mp_queue_free(queue);
}
END_TEST

static int do_all_tasks(void *args)
{
    page *on = *(page **)args;
    numbered item;
    while (mp_queue_get(on->queue, &item, sizeof item, MP_FOREVER) != -1) {
        on->done++;
        if (mp_queue_task_done(on->queue) == -1) {
            return 1;
        }
    }
    return errno == EINVAL ? 0 : 1;
}

START_TEST(several_consumers_do_the_tasks_of_several_producers)
{
    mp_process producers[PRODUCERS], consumers[CONSUMERS];
    page *on = new_page(10);
    on->items = 1000;
    start_all(consumers, CONSUMERS, do_all_tasks, on);
    start_all(producers, PRODUCERS, produce, on);
    join_all(producers, PRODUCERS);
    must(mp_queue_join(on->queue, patience(20)));
    ck_assert_int_eq(on->done, PRODUCERS * 1000);
    mp_queue_close(on->queue);
    join_all(consumers, CONSUMERS);
    free_page(on);
}
END_TEST

// ---- the processes' lives -------------------------------------------------

static int put_ten_mib(void *args)
{
    for (int i = 0; i < 1000; i++) {
        put_pattern((*(page **)args)->queue, 10486, i);
    }
    return 0;
}

START_TEST(a_process_that_has_put_ends_before_anybody_gets)
{
    mp_process p;
    page *on = new_page(0);
    start_at(&p, put_ten_mib, on);
    join_all(&p, 1);
    ck_assert_int_eq(mp_queue_qsize(on->queue), 1000);
    for (int i = 0; i < 1000; i++) {
        expect_pattern(on->queue, 10486, i);
    }
    free_page(on);
}
END_TEST

static int have_children_produce_and_consume(void *args)
{
    page *on = *(page **)args;
    mp_process producers[PRODUCERS], consumer;
    start_all(producers, PRODUCERS, produce, on);
    start_at(&consumer, consume, on);
    join_all(producers, PRODUCERS);
    mp_queue_close(on->queue);
    join_all(&consumer, 1);
    return 0;
}

START_TEST(a_queue_lies_between_grandchildren)
{
    mp_process p;
    page *on = new_page(0);
    on->items = 1000;
    start_at(&p, have_children_produce_and_consume, on);
    join_all(&p, 1);
    for (int i = 0; i < PRODUCERS * on->items; i++) {
        ck_assert_int_eq(on->got[i], 1);
    }
    free_page(on);
}
END_TEST

static int free_it(void *args)
{
    mp_queue_free((*(page **)args)->queue);
    mp_queue_free(NULL);
    return 0;
}

START_TEST(free_by_another_process_does_nothing)
{
    page *on = new_page(0);
    for (int i = 0; i < 10; i++) {
        put_pattern(on->queue, 20000, i);
    }
    ck_assert_int_eq(exitcode_at(free_it, on), 0);
    mp_queue *other = mp_queue_new(0);
    for (int i = 0; i < 10; i++) {
        put_pattern(other, 20000, 100 + i);
    }
    for (int i = 0; i < 10; i++) {
        expect_pattern(on->queue, 20000, i);
        expect_pattern(other, 20000, 100 + i);
    }
    mp_queue_free(other);
    free_page(on);
}
END_TEST

static void stop(int sig)
{
    (void)sig;
    raise(SIGSTOP);
}

// Stops while it copies, with the lock of put: half of the item is not there.
static int put_and_stop(void *args)
{
    enum { SIZE = 1 << 20 };
    char *item = mmap(NULL, SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
                      -1, 0);
    mprotect(item, SIZE / 2, PROT_READ);
    signal(SIGSEGV, stop);
    return mp_queue_put((*(page **)args)->queue, item, SIZE, MP_FOREVER);
}

START_TEST(who_is_stopped_in_put_holds_up_put_but_not_get)
{
    mp_process p;
    page *on = new_page(0);
    put(on->queue, 1);
    start_at(&p, put_and_stop, on);
    wait_until_stopped(mp_process_pid(&p));
    ck_assert_int_eq(mp_queue_qsize(on->queue), 1);
    double before = mp_clock_now();
    ck_assert_int_eq(get(on->queue), 1);
    expect_empty(on->queue);
    ck_assert(mp_clock_now() - before < patience(0.5));
    errno = 0;
    ck_assert_int_eq(mp_queue_put_nowait(on->queue, "x", 1), -1);
    ck_assert_int_eq(errno, ETIMEDOUT);
    ck_assert(mp_clock_now() - before < patience(2));
    must(mp_process_kill(&p));
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
    put(on->queue, 2);
    ck_assert_int_eq(get(on->queue), 2);
    free_page(on);
}
END_TEST

// ---- memory ---------------------------------------------------------------

// How many bytes of the arena have ever been used: its first word.
static size_t used(void)
{
    return *(volatile size_t *)mp_shm_get_arena().address;
}

static int get_until_closed(void *args)
{
    static char item[100000];
    while (mp_queue_get((*(page **)args)->queue, item, sizeof item,
                        MP_FOREVER) != -1) {
    }
    return errno == EINVAL ? 0 : 1;
}

static void pass_items(size_t size, int count)
{
    mp_process p;
    page *on = new_page(1000);
    char *item = pattern(size, 0);
    start_at(&p, get_until_closed, on);
    for (int i = 0; i < count; i++) {
        if (mp_queue_put(on->queue, item, size, MP_FOREVER) == -1) {
            ck_abort_msg("%s", mp_error());
        }
    }
    mp_queue_close(on->queue);
    join_all(&p, 1);
    free(item);
    free_page(on);
}

// How much more of the arena it takes to pass many items than to pass some.
// Chance decides how many there are at once, which is 1000 at most.
static void expect_memory_to_be_used_again(size_t size, int count)
{
    pass_items(size, count / 10);
    size_t before = used();
    pass_items(size, count);
    size_t more = used() - before, at_once = 1000 * (size + 64) * 2;
    printf("%d items of %zu bytes: %zu KiB more\n", count, size, more / 1024);
    ck_assert(more <= at_once && at_once < (size_t)count * size / 5);
}

START_TEST(the_memory_of_items_is_used_again)
{
    int count = how_many(in_full() ? 1000000 : 50000, 10000000);
    expect_memory_to_be_used_again(64, count);
    expect_memory_to_be_used_again(90000, 11000);
}
END_TEST

// Other processes have allocated it, and will do so again.
START_TEST(free_frees_what_is_left_in_a_queue)
{
    size_t before = 0;
    for (int i = 0; i < 20; i++) {
        mp_process p;
        page *on = new_page(0);
        start_at(&p, put_ten_mib, on);
        join_all(&p, 1);
        for (int j = 0; j < i * 30; j++) {
            expect_pattern(on->queue, 10486, j);
        }
        free_page(on);
        before = i == 0 ? used() : before;
    }
    ck_assert(used() - before <= 1 << 20);
}
END_TEST

// Each of them has allocated a segment, which others do not see.
START_TEST(what_killed_producers_were_copying_to_is_used_again)
{
    enum { KILLS = 8 };
    page *on = new_page(0);
    size_t before = 0;
    for (int i = 0; i < KILLS; i++) {
        mp_process p;
        start_at(&p, put_and_stop, on);
        wait_until_stopped(mp_process_pid(&p));
        must(mp_process_kill(&p));
        must(mp_process_join(&p, MP_FOREVER));
        must(mp_process_close(&p));
        put(on->queue, 1);  // takes the lock from the dead one
        ck_assert_int_eq(get(on->queue), 1);
        before = i == 2 ? used() : before;
    }
    ck_assert_uint_eq(used(), before);
    free_page(on);
}
END_TEST

// Largest first, until there is no space for the smallest; it is not touched.
static void use_up_the_arena(void)
{
    for (size_t size = (size_t)1 << 37; size > 0; size /= 2) {
        while (mp_shm_alloc(size) != NULL) {
        }
    }
}

START_TEST(where_shared_memory_is_used_up_put_says_so_and_changes_nothing)
{
    mp_queue *queue = mp_queue_new(0);
    char *last = mp_shm_alloc(100000);
    put(queue, 1);
    use_up_the_arena();
    ck_assert_ptr_null(mp_queue_new(0));
    ck_assert_int_eq(errno, ENOMEM);
    char *item = pattern(100000, 3);
    for (int i = 0; i < 3; i++) {
        ck_assert_refused(mp_queue_put(queue, item, 100000, MP_FOREVER), ENOMEM,
                          "no shared memory: all of it is in use");
        ck_assert_int_eq(mp_queue_qsize(queue), i + 1);
        put(queue, i + 2);  // there is space for a small one
    }
    mp_shm_free(last);
    must(mp_queue_put(queue, item, 100000, MP_FOREVER));
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(get(queue), i + 1);
    }
    expect_pattern(queue, 100000, 3);
    expect_empty(queue);
    free(item);
    mp_queue_free(queue);
}
END_TEST

// ---- a number that wraps --------------------------------------------------

// After an odd number of items that no other word of the queue is likely to
// be, the words that are so are its counts. They get another odd number.
static void bring_counts_near_their_end(mp_queue *queue)
{
    enum { ODD = 54321 };
    int found = 0;
    for (int i = 0; i < ODD; i++) {
        put(queue, i);
        get(queue);
        must(mp_queue_task_done(queue));
    }
    for (volatile uint32_t *word = (uint32_t *)queue;
         word < (uint32_t *)queue + 128; word++) {
        if (*word == ODD) {
            *word = UINT32_MAX - 6;
            found++;
        }
    }
    ck_assert_int_eq(found, 4);  // get knows that of put
}

START_TEST(the_counts_may_wrap)
{
    mp_queue *queue = mp_queue_new(20);
    bring_counts_near_their_end(queue);
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(mp_queue_qsize(queue), i);
        ck_assert(!mp_queue_full(queue));
        put(queue, i);
    }
    ck_assert(mp_queue_full(queue));
    ck_assert_int_eq(mp_queue_put_nowait(queue, "x", 1), -1);
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(mp_queue_join(queue, 0), -1);
        ck_assert_int_eq(get(queue), i);
        must(mp_queue_task_done(queue));
    }
    must(mp_queue_join(queue, 0));
    ck_assert(mp_queue_empty(queue));
    ck_assert_int_eq(mp_queue_task_done(queue), -1);
    mp_queue_free(queue);
}
END_TEST

// ---- what it costs --------------------------------------------------------

// Binds the calling process to the first or the second CPU that it may use.
static void run_on(int which)
{
    cpu_set_t may, one;
    CPU_ZERO(&one);
    sched_getaffinity(0, sizeof may, &may);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &may) && which-- == 0) {
            CPU_SET(cpu, &one);
        }
    }
    sched_setaffinity(0, sizeof one, &one);
}

static int produce_and_count_calls(void *args)
{
    page *on = *(page **)args;
    int before = futex_calls;
    int failed = produce(args);
    on->calls = futex_calls - before;
    return failed;
}

static double calls_per_item(page *on)
{
    int status, before = futex_calls;
    numbered item;
    pid_t pid = fork();
    run_on(pid == 0);
    if (pid == 0) {
        _exit(produce_and_count_calls(&on));
    }
    while (mp_queue_empty(on->queue)) {  // it is not awake yet
    }
    for (int i = 0; i < on->items; i++) {
        if (mp_queue_get(on->queue, &item, sizeof item, MP_FOREVER) == -1) {
            ck_abort_msg("%s", mp_error());
        }
    }
    waitpid(pid, &status, 0);
    return (double)(futex_calls - before + on->calls) / on->items;
}

// Short runs, as another program may have one of the CPUs for a while.
START_TEST(while_both_sides_are_awake_an_item_costs_no_system_call)
{
    page *on = new_page(0);
    on->items = 5000;
    double least = mp_cpu_count() > 1 ? 2 : 0;
    for (int i = 0; i < 200 && least > 0.02; i++) {
        double calls = calls_per_item(on);
        least = calls < least ? calls : least;
    }
    printf("%g system calls an item\n", least);
    ck_assert(least <= 0.02);
    free_page(on);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    unit_deadline(how_many(120, 1200));
    fact(ALL, each_item_is_got_once_and_those_of_a_producer_in_order);
    fact(FORK, threads_put_and_get_as_processes_do);
    fact(FORK, an_empty_queue_says_so_at_once_or_after_the_time_out);
    fact(FORK, a_full_queue_says_so_at_once_or_after_the_time_out);
    fact(FORK, without_a_maxsize_there_is_always_space);
    fact(FORK, qsize_empty_and_full_say_what_is_so_right_at_once);
    fact(ALL, who_waits_goes_on_when_there_is_an_item_or_space);
    fact(FORK, a_closed_queue_gives_what_is_left_and_takes_nothing);
    fact(ALL, close_wakes_all_that_wait_also_from_another_process);
    fact(FORK, a_put_that_races_with_close_is_refused_or_delivered);
    fact(ALL, an_item_for_which_there_is_no_room_is_still_there);
    fact(FORK, items_of_all_sizes_come_out_whole_wherever_a_segment_ends);
    fact(FORK, puts_and_gets_in_any_order_agree_with_a_list);
    fact(ALL, an_item_may_have_64_mib);
    fact(ALL, join_waits_until_each_item_is_done);
    fact(FORK, task_done_once_too_often_is_refused);
    fact(ALL, several_consumers_do_the_tasks_of_several_producers);
    fact(ALL, a_process_that_has_put_ends_before_anybody_gets);
    fact(ALL, a_queue_lies_between_grandchildren);
    fact(ALL, free_by_another_process_does_nothing);
    fact(FORK, who_is_stopped_in_put_holds_up_put_but_not_get);
    fact(FORK, the_memory_of_items_is_used_again);
    fact(FORK, free_frees_what_is_left_in_a_queue);
    fact(FORK, what_killed_producers_were_copying_to_is_used_again);
    fact(FORK, where_shared_memory_is_used_up_put_says_so_and_changes_nothing);
    fact(FORK, the_counts_may_wrap);
    fact(FORK, while_both_sides_are_awake_an_item_costs_no_system_call);
    return unit_main("queue");
}
