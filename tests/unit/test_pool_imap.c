// Results that come one by one: imap and imap_unordered.

#include "unit.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "pool/internal.h"

static int square(const void *arg, void *result)
{
    long number = *(const long *)arg;
    *(long *)result = number * number;
    return number == 13 ? 4 : 0;
}

static mp_pool *new_pool(int processes)
{
    mp_pool *pool = mp_pool_new(.processes = processes);
    ck_assert_msg(pool != NULL, "%s", mp_error());
    return pool;
}

static void close_and_join(mp_pool *pool)
{
    must(mp_pool_close(pool));
    must(mp_pool_join(pool));
    mp_pool_free(pool);
}

// An input of so many numbers, from 0 on; then it fails, or ends.
typedef struct {
    long pulled, count;
    int error;
} numbers;

static int next_number(void *state, void *item)
{
    numbers *from = state;
    if (from->pulled == from->count) {
        errno = from->error;
        return from->error != 0 ? -1 : 0;
    }
    *(long *)item = from->pulled++;
    return 1;
}

#define NUMBERS(from)                                              \
    .next = next_number, .state = &(from), .item_size = sizeof(long), \
    .result_size = sizeof(long)

static mp_imap_iterator *checked(mp_imap_iterator *iterator)
{
    ck_assert_msg(iterator != NULL, "%s", mp_error());
    return iterator;
}

static int next(mp_imap_iterator *iterator, long *value)
{
    errno = 0;
    return mp_imap_iterator_next(iterator, value, MP_FOREVER);
}

static void expect_end(mp_imap_iterator *iterator)
{
    long value = -1;
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(next(iterator, &value), 0);
    }
    ck_assert_int_eq(value, -1);
    mp_imap_iterator_free(iterator);
}

// ---- their order ----------------------------------------------------------

START_TEST(imap_gives_results_in_the_order_of_the_items)
{
    long items[100], value;
    mp_pool *pool = new_pool(3);
    for (int i = 0; i < 100; i++) {
        items[i] = i + 20;
    }
    for (size_t size = 0; size < 8; size++) {
        numbers from = { .pulled = 20, .count = 120 };
        mp_imap_iterator *of_array = checked(mp_pool_imap(
            pool, square, MP_ITEMS(items), .result_size = sizeof(long),
            .chunksize = size, .buffersize = size));
        mp_imap_iterator *of_function = checked(mp_pool_imap(
            pool, square, NUMBERS(from), .chunksize = size));
        for (long i = 20; i < 120; i++) {
            ck_assert_int_eq(next(of_array, &value), 1);
            ck_assert_int_eq(value, i * i);
            ck_assert_int_eq(next(of_function, &value), 1);
            ck_assert_int_eq(value, i * i);
        }
        expect_end(of_array);
        expect_end(of_function);
    }
    close_and_join(pool);
}
END_TEST

enum { GATE = 10 };

static int wait_if_zero(const void *arg, void *result)
{
    while (*(const long *)arg == 0 && shared[GATE] == 0) {
        usleep(1000);
    }
    return square(arg, result);
}

START_TEST(imap_unordered_gives_each_when_it_is_ready)
{
    mp_pool *pool = new_pool(2);
    for (size_t size = 1; size < 4; size++) {
        numbers from = { .count = 12 };
        bool seen[12] = { false };
        long value;
        shared[GATE] = 0;
        mp_imap_iterator *it = checked(mp_pool_imap_unordered(
            pool, wait_if_zero, NUMBERS(from), .chunksize = size));
        for (size_t i = 0; i < 12; i++) {
            shared[GATE] = i == 12 - size;  // all others are taken
            ck_assert_int_eq(next(it, &value), 1);
            long number = 0;
            while (number * number < value) {
                number++;
            }
            ck_assert(!seen[number]);
            seen[number] = true;
            ck_assert_int_eq(i < 12 - size, number >= (long)size);
        }
        expect_end(it);
    }
    close_and_join(pool);
}
END_TEST

START_TEST(an_empty_input_is_at_its_end)
{
    numbers from = { .count = 0 };
    mp_pool *pool = new_pool(1);
    expect_end(checked(mp_pool_imap(pool, square, NUMBERS(from))));
    expect_end(checked(mp_pool_imap_unordered(pool, square, .count = 0)));
    mp_imap_iterator_free(NULL);
    close_and_join(pool);
}
END_TEST

static int count_it(const void *arg, void *result)
{
    (void)arg;
    (void)result;
    __atomic_fetch_add(&shared[GATE], 1, __ATOMIC_SEQ_CST);
    return 0;
}

START_TEST(tasks_may_have_no_item_and_no_result)
{
    mp_pool *pool = new_pool(2);
    mp_imap_iterator *it = checked(mp_pool_imap(pool, count_it, .count = 10));
    for (int i = 0; i < 10; i++) {
        ck_assert_int_eq(mp_imap_iterator_next(it, NULL, MP_FOREVER), 1);
    }
    expect_end(it);
    ck_assert_int_eq(shared[GATE], 10);
    close_and_join(pool);
}
END_TEST

// ---- bounded memory -------------------------------------------------------

START_TEST(an_endless_input_is_pulled_as_results_are_taken)
{
    mp_pool *pool = new_pool(2);
    for (int size = 0; size < 6; size++) {
        numbers from = { .pulled = 20, .count = -1 };
        long chunk = size > 0 ? size : 1, most = size > 0 ? size : 2 * 2;
        mp_imap_iterator *it = checked(mp_pool_imap(
            pool, square, NUMBERS(from), .chunksize = (size_t)size,
            .buffersize = (size_t)size));
        ck_assert_int_eq(from.pulled - 20, most * chunk);
        for (long i = 20; i < 500; i++) {
            long value;
            ck_assert_int_eq(next(it, &value), 1);
            ck_assert_int_eq(value, i * i);
            ck_assert(from.pulled - i <= most * chunk);
        }
        mp_imap_iterator_free(it);  // long before the end
    }
    close_and_join(pool);
}
END_TEST

static int next_block(void *state, void *item)
{
    memset(item, 1, 1 << 20);
    return ++*(int *)state <= 300;
}

static int check_block(const void *arg, void *result)
{
    (void)result;
    return ((const char *)arg)[(1 << 20) - 1] != 1;
}

START_TEST(a_short_input_does_not_fill_a_long_buffer)
{
    mp_pool *pool = new_pool(1);
    numbers from = { .pulled = 20, .count = 120 };
    long value, taken = 0;
    mp_imap_iterator *it = checked(mp_pool_imap_unordered(
        pool, square, NUMBERS(from), .buffersize = SIZE_MAX));
    ck_assert_int_eq(from.pulled, 120);
    while (next(it, &value) == 1) {
        taken++;
    }
    ck_assert_int_eq(taken, 100);
    expect_end(it);
    close_and_join(pool);
}
END_TEST

START_TEST(large_items_use_their_memory_again)
{
    int pulled = 0, got;
    mp_pool *pool = new_pool(2);
    mp_imap_iterator *it = checked(mp_pool_imap_unordered(
        pool, check_block, .next = next_block, .state = &pulled,
        .item_size = 1 << 20));
    char *low = (char *)UINTPTR_MAX, *high = NULL;
    while ((got = mp_imap_iterator_next(it, NULL, MP_FOREVER)) == 1) {
        for (mp_async_result *job = pool->oldest; job != NULL;
             job = job->next) {
            low = job->data.items < low ? job->data.items : low;
            high = job->data.items > high ? job->data.items : high;
        }
    }
    must(got);
    ck_assert_int_lt(high - low, 30 << 20);  // and not 300 MiB
    mp_imap_iterator_free(it);
    close_and_join(pool);
}
END_TEST

// ---- what goes wrong ------------------------------------------------------

START_TEST(a_time_out_changes_nothing)
{
    mp_pool *pool = new_pool(1);
    for (int unordered = 0; unordered < 2; unordered++) {
        numbers from = { .count = 2 };
        long value = -1;
        shared[GATE] = 0;
        mp_imap_iterator *it = checked(
            unordered ? mp_pool_imap_unordered(pool, wait_if_zero,
                                               NUMBERS(from))
                      : mp_pool_imap(pool, wait_if_zero, NUMBERS(from)));
        ck_assert_refused(mp_imap_iterator_next(it, &value, 0.02), ETIMEDOUT,
                          "timed out");
        ck_assert_refused(mp_imap_iterator_next(it, &value, 0), ETIMEDOUT,
                          "timed out");
        ck_assert_int_eq(value, -1);
        shared[GATE] = 1;
        ck_assert_int_eq(next(it, &value), 1);
        ck_assert_int_eq(value, 0);
        ck_assert_int_eq(next(it, &value), 1);
        ck_assert_int_eq(value, 1);
        expect_end(it);
    }
    close_and_join(pool);
}
END_TEST

// With a chunksize of 4 the items 13, 14 and 15 of a chunk are not done.
START_TEST(an_item_that_fails_is_reported_in_its_place)
{
    mp_pool *pool = new_pool(2);
    for (size_t size = 1; size <= 4; size *= 4) {
        numbers from = { .count = 20 };
        mp_imap_iterator *it = checked(mp_pool_imap(
            pool, square, NUMBERS(from), .chunksize = size));
        for (long i = 0; i < 20; i++) {
            long value = -1;
            if (i == 13 || (size == 4 && i / 4 == 13 / 4 && i > 13)) {
                ck_assert_refused(next(it, &value), EBADMSG,
                                  "item 13 failed: its task returned 4");
                ck_assert_int_eq(value, -1);
            } else {
                ck_assert_int_eq(next(it, &value), 1);
                ck_assert_int_eq(value, i * i);
            }
        }
        expect_end(it);
    }
    close_and_join(pool);
}
END_TEST

START_TEST(an_error_of_the_input_comes_after_all_results)
{
    mp_pool *pool = new_pool(2);
    for (size_t size = 1; size <= 3; size++) {
        numbers from = { .count = 10, .error = ENODATA };
        long value, sum = 0;
        mp_imap_iterator *it = checked(mp_pool_imap_unordered(
            pool, square, NUMBERS(from), .chunksize = size));
        for (long i = 0; i < 10; i++) {
            ck_assert_int_eq(next(it, &value), 1);
            sum += value;
        }
        ck_assert_int_eq(sum, 285);
        ck_assert_int_eq(next(it, &value), -1);
        ck_assert_int_eq(errno, ENODATA);
        expect_end(it);
    }
    close_and_join(pool);
}
END_TEST

static int die_of_seven(const void *arg, void *result)
{
    return *(const long *)arg == 7 ? raise(SIGKILL) : square(arg, result);
}

START_TEST(the_items_of_a_killed_worker_are_lost_and_no_others)
{
    mp_pool *pool = new_pool(2);
    for (size_t size = 1; size <= 3; size += 2) {
        numbers from = { .count = 12 };
        int lost = 0;
        mp_imap_iterator *it = checked(mp_pool_imap(
            pool, die_of_seven, NUMBERS(from), .chunksize = size));
        for (long i = 0; i < 12; i++) {
            long value = -1;
            int got = next(it, &value);
            ck_assert_int_eq(got, i / (long)size == 7 / (long)size ? -1 : 1);
            ck_assert_int_eq(value, got == 1 ? i * i : -1);
            const char *said = size == 1 ? "item 7 was lost: worker "
                                         : "items 6 to 8 were lost: worker ";
            ck_assert(got == 1 || (errno == ECHILD &&
                                   strstr(mp_error(), said) == mp_error()));
            lost += got == -1;
        }
        ck_assert_int_eq(lost, (int)size);
        expect_end(it);
    }
    close_and_join(pool);
}
END_TEST

START_TEST(a_terminated_pool_cancels_what_is_not_done)
{
    mp_pool *pool = new_pool(1);
    numbers from = { .count = 100 };
    long value;
    shared[GATE] = 0;
    mp_imap_iterator *it = checked(mp_pool_imap(pool, wait_if_zero,
                                                NUMBERS(from)));
    must(mp_pool_terminate(pool));
    for (int i = 0; i < 2; i++) {
        ck_assert_refused(next(it, &value), ECANCELED, "pool terminated");
    }
    ck_assert_refused(next(it, &value), EINVAL, "Pool not running");
    expect_end(it);
    ck_assert_int_eq(from.pulled, 3);
    mp_pool_free(pool);
}
END_TEST

START_TEST(a_closed_pool_goes_on_until_it_is_joined)
{
    mp_pool *pool = new_pool(1);
    numbers from = { .pulled = 20, .count = 40 }, other = { .count = 0 };
    long value;
    mp_imap_iterator *it = checked(mp_pool_imap(pool, square, NUMBERS(from)));
    must(mp_pool_close(pool));
    ck_assert_refused(mp_pool_imap(pool, square, NUMBERS(other)) == NULL
                          ? -1 : 0, EINVAL, "Pool not running");
    for (long i = 20; i < 30; i++) {
        ck_assert_int_eq(next(it, &value), 1);
        ck_assert_int_eq(value, i * i);
    }
    must(mp_pool_join(pool));
    ck_assert_int_eq(next(it, &value), 1);  // had been pulled
    ck_assert_int_eq(value, 30 * 30);
    ck_assert_refused(next(it, &value), EINVAL, "Pool not running");
    expect_end(it);
    mp_pool_free(pool);
}
END_TEST

START_TEST(an_iterator_may_be_freed_after_its_pool)
{
    mp_pool *pool = new_pool(2);
    numbers from = { .count = -1 };
    mp_imap_iterator *it = checked(mp_pool_imap(pool, square, NUMBERS(from)));
    mp_pool_free(pool);
    mp_imap_iterator_free(it);
}
END_TEST

static int never_begin(const void *args)
{
    (void)args;
    return 3;
}

START_TEST(it_ends_where_no_worker_can_begin)
{
    mp_pool *pool = mp_pool_new(.processes = 2, .initializer = never_begin);
    ck_assert_msg(pool != NULL, "%s", mp_error());
    for (int unordered = 0; unordered < 2; unordered++) {
        numbers from = { .count = -1 };
        long value;
        mp_imap_iterator *it = checked(
            unordered ? mp_pool_imap_unordered(pool, square, NUMBERS(from))
                      : mp_pool_imap(pool, square, NUMBERS(from)));
        ck_assert_refused(next(it, &value), ECHILD, "the pool's workers end in "
                          "their initializer, the last one with exit code 3");
        expect_end(it);
    }
    must(mp_pool_terminate(pool));
    mp_pool_free(pool);
}
END_TEST

START_TEST(wrong_tasks_are_refused)
{
    mp_pool *pool = new_pool(1);
    numbers from = { .count = 1 };
    errno = 0;
    ck_assert_ptr_null(mp_pool_imap(pool, NULL, NUMBERS(from)));
    ck_assert_int_eq(errno, EINVAL);
#ifndef UNIT_SANITIZED  // where calloc ends the program
    errno = 0;
    ck_assert_ptr_null(mp_pool_imap(pool, square, NUMBERS(from),
                                    .chunksize = SIZE_MAX / 2));
    ck_assert_int_eq(errno, ENOMEM);
#endif
    close_and_join(pool);
}
END_TEST

// ---- threads --------------------------------------------------------------

static void *iterate(void *pool)
{
    for (int round = 0; round < 5; round++) {
        numbers from = { .count = 12 };
        long value, sum = 0;
        mp_imap_iterator *it = checked(mp_pool_imap_unordered(
            pool, square, NUMBERS(from), .buffersize = 3));
        while (next(it, &value) == 1) {
            sum += value;
        }
        ck_assert_int_eq(sum, 506);
        mp_imap_iterator_free(it);
    }
    return NULL;
}

START_TEST(several_threads_have_iterators_of_one_pool)
{
    pthread_t threads[4];
    mp_pool *pool = new_pool(2);
    for (int i = 0; i < 4; i++) {
        pthread_create(&threads[i], NULL, iterate, pool);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    close_and_join(pool);
}
END_TEST

START_TEST(to_wait_takes_no_cpu_time)
{
    mp_pool *pool = new_pool(2);
    numbers from = { .count = 1 };
    struct timespec used;
    long value;
    mp_imap_iterator *it = checked(mp_pool_imap_unordered(
        pool, wait_if_zero, NUMBERS(from)));
    ck_assert_int_eq(mp_imap_iterator_next(it, &value, 0.5), -1);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    ck_assert_int_eq(used.tv_sec, 0);
    ck_assert_int_lt(used.tv_nsec, 250 * 1000 * 1000);
    shared[GATE] = 1;
    ck_assert_int_eq(next(it, &value), 1);
    expect_end(it);
    close_and_join(pool);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(ALL, imap_gives_results_in_the_order_of_the_items);
    fact(ALL, imap_unordered_gives_each_when_it_is_ready);
    fact(FORK, an_empty_input_is_at_its_end);
    fact(FORK, tasks_may_have_no_item_and_no_result);
    fact(FORK, an_endless_input_is_pulled_as_results_are_taken);
    fact(FORK, a_short_input_does_not_fill_a_long_buffer);
    fact(FORK, large_items_use_their_memory_again);
    fact(FORK, a_time_out_changes_nothing);
    fact(FORK, an_item_that_fails_is_reported_in_its_place);
    fact(FORK, an_error_of_the_input_comes_after_all_results);
    fact(ALL, the_items_of_a_killed_worker_are_lost_and_no_others);
    fact(FORK, a_terminated_pool_cancels_what_is_not_done);
    fact(FORK, a_closed_pool_goes_on_until_it_is_joined);
    fact(FORK, an_iterator_may_be_freed_after_its_pool);
    fact(FORK, it_ends_where_no_worker_can_begin);
    fact(FORK, wrong_tasks_are_refused);
    fact(FORK, several_threads_have_iterators_of_one_pool);
    fact(FORK, to_wait_takes_no_cpu_time);
    return unit_main("pool imap");
}
