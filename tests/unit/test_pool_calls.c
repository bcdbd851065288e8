// A Pool's other calls: callbacks, an initializer, workers that end after some
// tasks, and how far a map is.

#include "unit.h"

#include <pthread.h>
#include <stdlib.h>

#include "pool/internal.h"
#include "memory/shm.h"

static int square(const void *arg, void *result)
{
    long number = *(const long *)arg;
    *(long *)result = number * number;
    return number == 13;  // which fails
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

// ---- callbacks ------------------------------------------------------------

// What callbacks have noted.
static struct {
    _Atomic int calls, error_calls, inside;
    long value;
    int error;
} noted;

static void note_value(mp_async_result *result, void *arg)
{
    ck_assert_ptr_eq(arg, &noted);
    ck_assert_int_eq(noted.inside++, 0);
    must(mp_async_result_get(result, &noted.value, 0));
    noted.calls++;
    noted.inside--;
}

static void note_error(mp_async_result *result, void *arg)
{
    ck_assert_ptr_eq(arg, &noted);
    long values[8];
    ck_assert_int_eq(mp_async_result_get(result, values, 0), -1);
    noted.error = errno;
    noted.error_calls++;
}

#define NOTE                                                     \
    .callback = note_value, .error_callback = note_error, \
    .callback_arg = &noted

static mp_async_result *ask(mp_pool *pool, mp_task function, long number)
{
    mp_async_result *result = mp_pool_apply_async(
        pool, function, MP_ITEM(number), .result_size = sizeof(long), NOTE);
    ck_assert_msg(result != NULL, "%s", mp_error());
    return result;
}

START_TEST(a_callback_is_called_once_and_the_other_one_never)
{
    mp_pool *pool = new_pool(2);
    mp_async_result *result = ask(pool, square, 12);
    must(mp_async_result_wait(result, MP_FOREVER));
    ck_assert_int_eq(noted.calls, 1);
    ck_assert_int_eq(noted.value, 144);
    must(mp_async_result_get(result, NULL, MP_FOREVER));
    mp_async_result_free(result);

    result = ask(pool, square, 13);
    while (!mp_async_result_ready(result)) {
    }
    ck_assert_int_eq(noted.error_calls, 1);
    ck_assert_int_eq(noted.error, EBADMSG);
    mp_async_result_free(result);
    close_and_join(pool);
    ck_assert_int_eq(noted.calls, 1);
    ck_assert_int_eq(noted.error_calls, 1);
}
END_TEST

START_TEST(a_list_has_one_callback_and_an_empty_one_none)
{
    mp_pool *pool = new_pool(2);
    long numbers[8] = { 10, 11, 12, 13, 14, 15, 16, 17 };
    mp_async_result *none = mp_pool_map_async(pool, square, .count = 0, NOTE);
    mp_async_result *failed = mp_pool_map_async(
        pool, square, MP_ITEMS(numbers), .result_size = sizeof(long),
        .chunksize = 1, NOTE);
    ck_assert_int_eq(mp_async_result_ready(none), 1);
    must(mp_async_result_wait(failed, MP_FOREVER));
    close_and_join(pool);
    ck_assert_int_eq(noted.calls, 0);
    ck_assert_int_eq(noted.error_calls, 1);
    mp_async_result_free(none);
    mp_async_result_free(failed);
}
END_TEST

static int die(const void *arg, void *result)
{
    (void)arg;
    (void)result;
    return raise(SIGKILL);
}

static int sleep_for_ever(const void *arg, void *result)
{
    (void)arg;
    (void)result;
    while (pause() == -1) {
    }
    return 0;
}

START_TEST(a_lost_task_and_a_canceled_one_are_errors)
{
    mp_pool *pool = new_pool(1);
    mp_async_result *result = ask(pool, die, 1);
    must(mp_async_result_wait(result, MP_FOREVER));
    ck_assert_int_eq(noted.error, ECHILD);
    mp_async_result_free(result);
    result = ask(pool, sleep_for_ever, 1);
    must(mp_pool_terminate(pool));
    ck_assert_int_eq(noted.error_calls, 2);
    ck_assert_int_eq(noted.error, ECANCELED);
    mp_pool_free(pool);
    mp_async_result_free(result);
    ck_assert_int_eq(noted.calls, 0);
}
END_TEST

// As in Python, where nobody keeps the promise.
START_TEST(a_result_that_is_freed_at_once_has_its_callback)
{
    mp_pool *pool = new_pool(2);
    for (long i = 20; i < 120; i++) {
        mp_async_result_free(ask(pool, square, i));
    }
    close_and_join(pool);
    ck_assert_int_eq(noted.calls, 100);
}
END_TEST

static void free_it(mp_async_result *result, void *arg)
{
    note_value(result, arg);
    mp_async_result_free(result);
}

START_TEST(a_callback_may_free_its_result)
{
    mp_pool *pool = new_pool(2);
    for (long i = 20; i < 120; i++) {
        ck_assert_ptr_nonnull(mp_pool_apply_async(
            pool, square, MP_ITEM(i), .result_size = sizeof(long),
            .callback = free_it, .callback_arg = &noted));
    }
    close_and_join(pool);
    ck_assert_int_eq(noted.calls, 100);
}
END_TEST

static mp_pool *of_callback;
enum { ROUNDS = 50 };

// Each asks for the next one, and none runs inside another one.
static void ask_again(mp_async_result *result, void *arg)
{
    ck_assert_int_eq(noted.inside++, 0);
    if (++noted.calls < ROUNDS) {
        long number = noted.calls + 20, its_square = -1;
        ck_assert_ptr_nonnull(mp_pool_apply_async(
            of_callback, square, MP_ITEM(number), .callback = ask_again,
            .result_size = sizeof number, .callback_arg = arg));
        must(mp_pool_apply(of_callback, square, MP_ITEM(number),
                           MP_RESULT(its_square)));
        ck_assert_int_eq(its_square, number * number);
    }
    noted.inside--;
    mp_async_result_free(result);
}

START_TEST(a_callback_may_submit_and_wait)
{
    long number = 4;
    mp_pool *pool = of_callback = new_pool(1);
    ck_assert_ptr_nonnull(mp_pool_apply_async(
        pool, square, MP_ITEM(number), .callback = ask_again,
        .result_size = sizeof number));
    while (noted.calls < ROUNDS) {
        must(mp_pool_apply(pool, square, MP_ITEM(number)));
    }
    close_and_join(pool);
    ck_assert_int_eq(noted.calls, ROUNDS);
}
END_TEST

static void terminate_it(mp_async_result *result, void *pool)
{
    (void)result;
    noted.error_calls++;
    must(mp_pool_terminate(pool));
    must(mp_pool_join(pool));
}

// Python: python/cpython#87129.
START_TEST(an_error_callback_may_terminate_the_pool)
{
    mp_pool *pool = new_pool(2);
    long number = 13;
    mp_async_result *endless = ask(pool, sleep_for_ever, 1);
    mp_async_result *failed = mp_pool_apply_async(
        pool, square, MP_ITEM(number), .result_size = sizeof(long),
        .error_callback = terminate_it, .callback_arg = pool);
    ck_assert_refused(mp_async_result_get(failed, &number, MP_FOREVER),
                      EBADMSG, "the task returned 1");
    ck_assert_int_eq(noted.error_calls, 2);  // that of the endless one, too
    ck_assert_int_eq(noted.error, ECANCELED);
    ck_assert_int_eq(mp_active_children(NULL, 0), 0);
    mp_async_result_free(endless);
    mp_async_result_free(failed);
    mp_pool_free(pool);
}
END_TEST

static void fail_itself(mp_async_result *result, void *pool)
{
    (void)result;
    noted.calls++;
    ck_assert_int_eq(mp_pool_join(pool), -1);
}

START_TEST(a_callback_does_not_change_what_a_call_has_failed_with)
{
    mp_pool *pool = new_pool(2);
    mp_async_result *endless = ask(pool, sleep_for_ever, 1);
    long number = 4;
    mp_async_result_free(mp_pool_apply_async(
        pool, square, MP_ITEM(number), .result_size = sizeof(long),
        .callback = fail_itself, .callback_arg = pool));
    while (noted.calls == 0) {
        ck_assert_refused(mp_async_result_wait(endless, 0.02), ETIMEDOUT,
                          "timed out");
    }
    must(mp_pool_terminate(pool));
    mp_async_result_free(endless);
    mp_pool_free(pool);
}
END_TEST

enum { THREADS = 4, TASKS = 500 };

static void *ask_often(void *pool)
{
    for (long i = 0; i < TASKS; i++) {
        mp_async_result *result = ask(pool, square, i + 20);
        if (i % 3 > 0) {
            must(mp_async_result_wait(result, MP_FOREVER));
        }
        mp_async_result_free(result);
    }
    return NULL;
}

START_TEST(callbacks_run_one_at_a_time_whatever_thread_finds_out)
{
    pthread_t threads[THREADS];
    mp_pool *pool = new_pool(2);
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, ask_often, pool);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    close_and_join(pool);
    ck_assert_int_eq(noted.calls, THREADS * TASKS);
    ck_assert_int_eq(noted.error_calls, 0);
}
END_TEST

static void count_and_free(mp_async_result *result, void *unused)
{
    (void)unused;
    noted.calls++;
    mp_async_result_free(result);
}

static int do_nothing(const void *arg, void *result)
{
    (void)arg;
    (void)result;
    return 0;
}

static void *terminate_soon(void *pool)
{
    usleep(500);
    must(mp_pool_terminate(pool));
    return NULL;
}

// Also where the job is canceled while its items are still copied.
START_TEST(a_callback_that_frees_waits_until_the_job_is_posted)
{
    static char items[64][1 << 16];
    int posted = 0;
    for (int round = 0; round < how_many(20, 300); round++) {
        pthread_t other;
        mp_pool *pool = new_pool(2);
        pool->batch = 1;
        pthread_create(&other, NULL, terminate_soon, pool);
        while (mp_pool_map_async(pool, do_nothing, MP_ITEMS(items),
                                 .chunksize = 1, .callback = count_and_free,
                                 .error_callback = count_and_free) != NULL) {
            posted++;
        }
        pthread_join(other, NULL);
        mp_pool_free(pool);
    }
    ck_assert_int_eq(noted.calls, posted);
}
END_TEST

// ---- an initializer -------------------------------------------------------

enum { INITIALIZED = 10, FAILS, HOW };
enum how { RETURNS = 1, EXITS, IS_KILLED };

static long offset;

static int set_offset(const void *args)
{
    __atomic_fetch_add(&shared[INITIALIZED], 1, __ATOMIC_SEQ_CST);
    offset = *(const long *)args;
    return 0;
}

static int add_offset(const void *arg, void *result)
{
    *(long *)result = *(const long *)arg + offset;
    return *(const long *)arg == 5 ? raise(SIGKILL) : 0;
}

START_TEST(each_worker_is_initialized_before_its_first_task)
{
    long numbers[10], sums[10], thousand = 1000;
    mp_pool *pool = mp_pool_new(.processes = 3, .initializer = set_offset,
                                MP_ARGS(thousand));
    ck_assert_msg(pool != NULL, "%s", mp_error());
    for (int i = 0; i < 10; i++) {
        numbers[i] = i;
    }
    for (int round = 0; round < 5; round++) {
        mp_pool_map(pool, add_offset, MP_ITEMS(numbers), MP_RESULTS(sums),
                    .chunksize = 1);
        ck_assert_int_eq(errno, ECHILD);
        for (int i = 0; i < 10; i++) {
            ck_assert(i == 5 || sums[i] == i + thousand);
        }
    }
    close_and_join(pool);
    ck_assert_int_ge(shared[INITIALIZED], 3);  // replacements, too
    ck_assert(shared[INITIALIZED] <= 3 + 5);
}
END_TEST

static int fail_in_a_way(const void *args)
{
    (void)args;
    int before = __atomic_fetch_add(&shared[INITIALIZED], 1, __ATOMIC_SEQ_CST);
    if (before >= shared[FAILS]) {
        return 0;
    }
    if (shared[HOW] == IS_KILLED) {
        raise(SIGKILL);
    } else if (shared[HOW] == EXITS) {
        _exit(6);
    }
    return 5;
}

static mp_pool *new_pool_that_fails(int how, int times)
{
    shared[HOW] = how;
    shared[FAILS] = times;
    shared[INITIALIZED] = 0;
    mp_pool *pool = mp_pool_new(.processes = 2, .initializer = fail_in_a_way);
    ck_assert_msg(pool != NULL, "%s", mp_error());
    return pool;
}

START_TEST(an_initializer_that_always_fails_is_reported)
{
    const int codes[] = { [RETURNS] = 5, [EXITS] = 6, [IS_KILLED] = -SIGKILL };
    for (int how = RETURNS; how <= IS_KILLED; how++) {
        mp_pool *pool = new_pool_that_fails(how, INT32_MAX);
        char sentence[100], said[200];
        snprintf(sentence, sizeof sentence, "the pool's workers end in their "
                 "initializer, the last one with exit code %d", codes[how]);
        long numbers[2] = { 4, 5 }, squares[2];
        mp_async_result *result = ask(pool, square, 4);
        ck_assert_refused(mp_async_result_wait(result, MP_FOREVER), ECHILD,
                          sentence);
        mp_async_result_free(result);
        snprintf(said, sizeof said,
                 "no worker is left, 2 of 2 items are not done: %s", sentence);
        ck_assert_refused(mp_pool_map(pool, square, MP_ITEMS(numbers),
                                      MP_RESULTS(squares)), ECHILD, said);
        ck_assert(shared[INITIALIZED] <= 2 * (3 * 2 + 2 + 2));
        must(mp_pool_terminate(pool));
        mp_pool_free(pool);
    }
    ck_assert_int_eq(noted.calls, 0);
    ck_assert_int_eq(noted.error_calls, 3);  // they were canceled
}
END_TEST

START_TEST(one_that_fails_for_a_while_delays_the_tasks)
{
    mp_pool *pool = new_pool_that_fails(RETURNS, 4);
    long number = 4, its_square = -1;
    must(mp_pool_apply(pool, square, MP_ITEM(number), MP_RESULT(its_square)));
    ck_assert_int_eq(its_square, 16);
    ck_assert_int_ge(shared[INITIALIZED], 5);
    close_and_join(pool);
}
END_TEST

// ---- workers that end after some tasks ------------------------------------

static int tell_pid(const void *arg, void *result)
{
    (void)arg;
    *(pid_t *)result = getpid();
    return 0;
}

START_TEST(a_worker_ends_after_its_number_of_chunks)
{
    enum { COUNT = 24, MOST = 3 };
    pid_t pids[COUNT];
    mp_pool *pool = mp_pool_new(.processes = 2, .maxtasksperchild = MOST);
    ck_assert_msg(pool != NULL, "%s", mp_error());
    for (int i = 0; i < 12; i++) {  // one chunk of one item each
        must(mp_pool_apply(pool, tell_pid, MP_RESULT(pids[i])));
    }
    must(mp_pool_map(pool, tell_pid, .count = 12, .chunksize = 2,
                     MP_RESULTS_AT(&pids[12])));
    int different = 0;
    for (int i = 0; i < COUNT; i++) {
        int chunks = 0, earlier = 0;
        for (int k = 0; k < COUNT; k++) {
            bool same = pids[k] == pids[i] && (k < 12 || k % 2 == 0);
            chunks += same;
            earlier += pids[k] == pids[i] && k < i;
        }
        ck_assert(chunks <= MOST);
        different += earlier == 0;
    }
    ck_assert_int_ge(different, 18 / MOST);
    must(mp_pool_close(pool));
    must(mp_pool_join(pool));
    mp_pool_free(pool);
}
END_TEST

START_TEST(no_task_is_lost_between_a_worker_and_its_successor)
{
    long numbers[50], squares[50];
    mp_pool *pool = mp_pool_new(.processes = 3, .maxtasksperchild = 1);
    ck_assert_msg(pool != NULL, "%s", mp_error());
    for (int i = 0; i < 50; i++) {
        numbers[i] = i + 20;
    }
    for (int round = 0; round < 3; round++) {
        must(mp_pool_map(pool, square, MP_ITEMS(numbers), MP_RESULTS(squares),
                         .chunksize = 1));
        for (int i = 0; i < 50; i++) {
            ck_assert_int_eq(squares[i], numbers[i] * numbers[i]);
        }
    }
    close_and_join(pool);
}
END_TEST

START_TEST(a_negative_number_of_tasks_is_refused)
{
    mp_pool *pool = NULL;
    ck_assert_refused((pool = mp_pool_new(.maxtasksperchild = -1)) ? 0 : -1,
                      EINVAL, "Maxtasks -1 is not valid");
    ck_assert_ptr_null(pool);
}
END_TEST

// ---- progress -------------------------------------------------------------

enum { GATE = 20 };

static int wait_for_gate(const void *arg, void *result)
{
    while (shared[GATE] < *(const long *)arg) {
        usleep(1000);
    }
    return square(arg, result);
}

static void wait_until_done(mp_async_result *result, long count)
{
    while (mp_async_result_done(result) < count) {
        usleep(1000);
    }
    ck_assert_int_eq(mp_async_result_done(result), count);
}

START_TEST(done_counts_the_items_of_chunks_that_are_over)
{
    long numbers[10] = { 0, 9, 1, 9, 2, 9, 14, 13, 9, 9 };
    shared[GATE] = 0;
    mp_pool *pool = new_pool(4);
    mp_async_result *result = mp_pool_map_async(
        pool, wait_for_gate, MP_ITEMS(numbers), .result_size = sizeof(long),
        .chunksize = 4);  // chunks of 4, 4 and 2 items
    usleep(20000);
    ck_assert_int_eq(mp_async_result_done(result), 0);
    shared[GATE] = 9;
    wait_until_done(result, 6);
    ck_assert_int_eq(mp_async_result_ready(result), 0);
    shared[GATE] = 14;
    wait_until_done(result, 10);  // also those that failed
    ck_assert_int_eq(mp_async_result_ready(result), 1);
    ck_assert_int_eq(mp_async_result_successful(result), 0);
    close_and_join(pool);
    ck_assert_int_eq(mp_async_result_done(result), 10);
    mp_async_result_free(result);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(ALL, a_callback_is_called_once_and_the_other_one_never);
    fact(FORK, a_list_has_one_callback_and_an_empty_one_none);
    fact(ALL, a_lost_task_and_a_canceled_one_are_errors);
    fact(FORK, a_result_that_is_freed_at_once_has_its_callback);
    fact(FORK, a_callback_may_free_its_result);
    fact(FORK, a_callback_may_submit_and_wait);
    fact(FORK, an_error_callback_may_terminate_the_pool);
    fact(FORK, a_callback_does_not_change_what_a_call_has_failed_with);
    fact(FORK, callbacks_run_one_at_a_time_whatever_thread_finds_out);
    fact(FORK, a_callback_that_frees_waits_until_the_job_is_posted);
    fact(ALL, each_worker_is_initialized_before_its_first_task);
    fact(ALL, an_initializer_that_always_fails_is_reported);
    fact(FORK, one_that_fails_for_a_while_delays_the_tasks);
    fact(ALL, a_worker_ends_after_its_number_of_chunks);
    fact(ALL, no_task_is_lost_between_a_worker_and_its_successor);
    fact(FORK, a_negative_number_of_tasks_is_refused);
    fact(FORK, done_counts_the_items_of_chunks_that_are_over);
    return unit_main("pool calls");
}
