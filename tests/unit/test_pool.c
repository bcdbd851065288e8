// A Pool: its workers, its tasks and their results.

#include "unit.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "pool/internal.h"
#include "memory/arena.h"
#include "memory/shm.h"

static int square(const void *arg, void *result)
{
    long number = *(const long *)arg;
    *(long *)result = number * number;
    return 0;
}

static void close_and_join(mp_pool *pool)
{
    must(mp_pool_close(pool));
    must(mp_pool_join(pool));
    mp_pool_free(pool);
}

static mp_pool *new_pool(int processes)
{
    mp_pool *pool = mp_pool_new(.processes = processes);
    ck_assert_msg(pool != NULL, "%s", mp_error());
    return pool;
}

// ---- construction ---------------------------------------------------------

START_TEST(all_workers_exist_when_it_is_constructed)
{
    mp_process active[8];
    mp_pool *pool = new_pool(5);
    ck_assert_int_eq(mp_active_children(active, 8), 5);
    for (int i = 0; i < 5; i++) {
        const char *name = mp_process_name(&active[i]);
        ck_assert_ptr_nonnull(strstr(name, "PoolWorker-"));
        ck_assert_int_eq(mp_process_daemon(&active[i]), 1);
    }
    close_and_join(pool);
    ck_assert_int_eq(mp_active_children(NULL, 0), 0);
}
END_TEST

START_TEST(a_default_pool_has_as_many_workers_as_usable_cpus)
{
    mp_pool *pool = mp_pool_new();
    ck_assert_int_eq(mp_active_children(NULL, 0), mp_usable_cpu_count());
    close_and_join(pool);
}
END_TEST

START_TEST(a_pool_of_none_or_of_too_many_is_refused)
{
    const int wrong[] = { -1, MP_BOARD_WORKERS + 1 };
    for (int i = 0; i < 2; i++) {
        errno = 0;
        ck_assert_ptr_null(mp_pool_new(.processes = wrong[i]));
        ck_assert_int_eq(errno, EINVAL);
    }
}
END_TEST

START_TEST(a_pool_that_cannot_be_completed_leaves_nobody)
{
    fault_pidfd_open = EMFILE;
    fault_pidfd_skip = 5;
    errno = 0;
    ck_assert_ptr_null(mp_pool_new(.processes = 8));
    ck_assert_int_eq(errno, EMFILE);
    fault_pidfd_open = 0;
    ck_assert_int_eq(mp_active_children(NULL, 0), 0);
}
END_TEST

START_TEST(it_says_why_it_cannot_be_completed)
{
    struct rlimit found, tight;
    getrlimit(RLIMIT_NOFILE, &found);
    tight = found;
    tight.rlim_cur = (rlim_t)open_descriptors() + 20;
    setrlimit(RLIMIT_NOFILE, &tight);
    errno = 0;
    ck_assert_ptr_null(mp_pool_new(.processes = 50));
    ck_assert_int_eq(errno, EMFILE);
    ck_assert_ptr_nonnull(strstr(mp_error(), strerror(EMFILE)));
    setrlimit(RLIMIT_NOFILE, &found);
}
END_TEST

START_TEST(two_hundred_workers_work)
{
    mp_pool *pool = new_pool(200);
    long numbers[1000], squares[1000];
    for (int i = 0; i < 1000; i++) {
        numbers[i] = i;
    }
    must(mp_pool_map(pool, square, MP_ITEMS(numbers), MP_RESULTS(squares)));
    for (int i = 0; i < 1000; i++) {
        ck_assert_int_eq(squares[i], (long)i * i);
    }
    close_and_join(pool);
}
END_TEST

static int have_a_pool(void *args)
{
    (void)args;
    errno = 0;
    mp_pool *pool = mp_pool_new(.processes = 2);
    if (pool == NULL) {
        return errno == EPERM ? 50 : 51;
    }
    long number = 6, result = 0;
    int applied = mp_pool_apply(pool, square, MP_ITEM(number),
                                MP_RESULT(result));
    mp_pool_close(pool);
    mp_pool_join(pool);
    mp_pool_free(pool);
    return applied == 0 ? (int)result : 52;
}

START_TEST(a_child_may_have_a_pool_if_it_is_no_daemon)
{
    for (int daemon = 0; daemon < 2; daemon++) {
        mp_process p;
        must(mp_process_init(&p, .target = have_a_pool,
                             .daemon = daemon ? MP_TRUE : MP_FALSE));
        must(mp_process_start(&p));
        must(mp_process_join(&p, MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&p), daemon ? 50 : 36);
        must(mp_process_close(&p));
    }
}
END_TEST

START_TEST(only_its_creator_uses_a_pool)
{
    mp_pool *pool = new_pool(1);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        long number = 1;
        _exit(mp_pool_apply(pool, square, MP_ITEM(number),
                            MP_RESULT(number)) == -1 && errno == EPERM &&
              mp_pool_close(pool) == -1 && mp_pool_terminate(pool) == -1
                  ? 0
                  : 1);
    }
    int status;
    waitpid(pid, &status, 0);
    ck_assert_int_eq(status, 0);
    close_and_join(pool);
}
END_TEST

// ---- tasks ----------------------------------------------------------------

START_TEST(apply_does_one_task)
{
    mp_pool *pool = new_pool(2);
    for (long number = 0; number < 300; number++) {
        long result = -1;
        must(mp_pool_apply(pool, square, MP_ITEM(number), MP_RESULT(result)));
        ck_assert_int_eq(result, number * number);
    }
    close_and_join(pool);
}
END_TEST

static int count_in_shared(const void *arg, void *result)
{
    (void)arg;
    (void)result;
    shared[7]++;
    return 0;
}

START_TEST(apply_does_a_task_without_an_argument_and_no_list)
{
    mp_pool *pool = new_pool(2);
    long numbers[2] = { 1, 2 };
    shared[7] = 0;
    must(mp_pool_apply(pool, count_in_shared));
    ck_assert_int_eq(shared[7], 1);
    mp_async_result *result = mp_pool_apply_async(pool, count_in_shared);
    must(mp_async_result_get(result, NULL, MP_FOREVER));
    ck_assert_int_eq(shared[7], 2);
    mp_async_result_free(result);
    errno = 0;
    ck_assert_int_eq(mp_pool_apply(pool, square, MP_ITEMS(numbers)), -1);
    ck_assert_int_eq(errno, EINVAL);
    ck_assert_ptr_null(mp_pool_apply_async(pool, square, MP_ITEMS(numbers)));
    close_and_join(pool);
}
END_TEST

// Every count up to some, by several numbers of workers, in chunks of every
// size: each result is in its place.
START_TEST(map_puts_each_result_in_its_place)
{
    for (int workers = 1; workers <= how_many(3, 5); workers++) {
        mp_pool *pool = new_pool(workers);
        for (size_t count = 0; count < 40; count += (size_t)how_many(3, 1)) {
            for (size_t chunksize = 0; chunksize < 9; chunksize += 2) {
                long numbers[40], squares[40] = { 0 };
                for (size_t i = 0; i < count; i++) {
                    numbers[i] = (long)i + 1;
                }
                must(mp_pool_map(pool, square, .items = numbers,
                                 .item_size = sizeof(long), .count = count,
                                 .results = squares,
                                 .result_size = sizeof(long),
                                 .chunksize = chunksize));
                for (size_t i = 0; i < count; i++) {
                    ck_assert_int_eq(squares[i], numbers[i] * numbers[i]);
                }
            }
        }
        close_and_join(pool);
    }
}
END_TEST

// Python: with 3 workers 13 items make chunks of 2, 24 of 2, 25 of 3, 100 of 9.
START_TEST(the_default_chunksize_is_pythons)
{
    const size_t counts[] = { 13, 24, 25, 100, 1 };
    const size_t sizes[] = { 2, 2, 3, 9, 1 };
    mp_pool *pool = new_pool(3);
    for (int i = 0; i < 5; i++) {
        long numbers[100] = { 0 }, squares[100];
        mp_async_result *result = mp_pool_map_async(
            pool, square, .items = numbers, .item_size = sizeof(long),
            .count = counts[i], .result_size = sizeof(long));
        ck_assert_int_eq((int)result->data.chunksize, (int)sizes[i]);
        ck_assert_int_eq((int)result->chunks,
                         (int)((counts[i] + sizes[i] - 1) / sizes[i]));
        must(mp_async_result_get(result, squares, MP_FOREVER));
        mp_async_result_free(result);
    }
    close_and_join(pool);
}
END_TEST

START_TEST(a_value_that_no_task_brings_back_is_refused)
{
    long number = 3, value = -1;
    mp_pool *pool = new_pool(1);
    mp_async_result *result = mp_pool_apply_async(pool, square,
                                                  MP_ITEM(number));
    ck_assert_refused(mp_async_result_get(result, &value, MP_FOREVER), EINVAL,
                      "the tasks have no result: give .result_size");
    ck_assert_int_eq(value, -1);
    must(mp_async_result_get(result, NULL, MP_FOREVER));
    mp_async_result_free(result);
    close_and_join(pool);
}
END_TEST

START_TEST(many_jobs_at_once_may_be_got_in_any_order)
{
    enum { MANY = 500 };
    mp_pool *pool = new_pool(3);
    mp_async_result *results[MANY];
    for (long i = 0; i < MANY; i++) {
        results[i] = mp_pool_apply_async(pool, square, MP_ITEM(i),
                                         .result_size = sizeof(long));
        ck_assert_ptr_nonnull(results[i]);
    }
    for (long i = 0; i < MANY; i++) {
        long place = (i * 7) % MANY, value = -1;
        must(mp_async_result_get(results[place], &value, MP_FOREVER));
        ck_assert_int_eq(value, place * place);
        value = -1;
        must(mp_async_result_get(results[place], &value, 0));  // again
        ck_assert_int_eq(value, place * place);
    }
    for (int i = 0; i < MANY; i++) {
        mp_async_result_free(results[i]);
    }
    close_and_join(pool);
}
END_TEST

START_TEST(shared_arrays_are_used_in_place_also_such_as_came_later)
{
    mp_pool *pool = new_pool(2);
    enum { COUNT = 1000 };
    long *numbers = mp_shm_alloc(COUNT * sizeof *numbers);
    long *squares = mp_shm_alloc(COUNT * sizeof *squares);
    for (int i = 0; i < COUNT; i++) {
        numbers[i] = i;
    }
    mp_async_result *result = mp_pool_map_async(
        pool, square, MP_ITEMS_AT(numbers, COUNT), MP_RESULTS_AT(squares));
    ck_assert_ptr_eq(result->data.items, numbers);
    ck_assert_ptr_eq(result->data.results, squares);
    must(mp_async_result_get(result, NULL, MP_FOREVER));
    for (int i = 0; i < COUNT; i++) {
        ck_assert_int_eq(squares[i], (long)i * i);
    }
    mp_async_result_free(result);
    mp_shm_free(numbers);
    mp_shm_free(squares);
    close_and_join(pool);
}
END_TEST

static void *apply_many(void *pool)
{
    for (long i = 0; i < 300; i++) {
        long value = -1;
        if (mp_pool_apply(pool, square, MP_ITEM(i), MP_RESULT(value)) != 0 ||
            value != i * i) {
            return NULL;
        }
    }
    return pool;
}

START_TEST(several_threads_and_several_pools)
{
    mp_pool *pools[2] = { new_pool(2), new_pool(1) };
    pthread_t threads[6];
    for (int i = 0; i < 6; i++) {
        pthread_create(&threads[i], NULL, apply_many, pools[i % 2]);
    }
    for (int i = 0; i < 6; i++) {
        void *good;
        pthread_join(threads[i], &good);
        ck_assert_ptr_nonnull(good);
    }
    close_and_join(pools[0]);
    close_and_join(pools[1]);
}
END_TEST

// ---- results --------------------------------------------------------------

static int wait_for_shared(const void *arg, void *result)
{
    (void)arg;
    (void)result;
    while (shared[0] == 0) {
        usleep(1000);
    }
    return 0;
}

START_TEST(a_result_is_a_promise)
{
    mp_pool *pool = new_pool(1);
    mp_async_result *result =
        mp_pool_apply_async(pool, wait_for_shared);
    ck_assert_int_eq(mp_async_result_ready(result), 0);
    ck_assert_refused(mp_async_result_get(result, NULL, 0.02), ETIMEDOUT,
                      "timed out");
    ck_assert_refused(mp_async_result_wait(result, 0), ETIMEDOUT, "timed out");
    ck_assert_refused(mp_async_result_successful(result), EINVAL,
                      "the result is not ready");
    shared[0] = 1;
    must(mp_async_result_wait(result, MP_FOREVER));
    ck_assert_int_eq(mp_async_result_ready(result), 1);
    ck_assert_int_eq(mp_async_result_successful(result), 1);
    mp_async_result_free(result);
    close_and_join(pool);
}
END_TEST

START_TEST(a_result_may_be_freed_before_it_is_over)
{
    mp_pool *pool = new_pool(1);
    for (int i = 0; i < 100; i++) {
        mp_async_result_free(
            mp_pool_apply_async(pool, wait_for_shared));
    }
    shared[0] = 1;
    close_and_join(pool);
    mp_async_result_free(NULL);
    mp_pool_free(NULL);
}
END_TEST

// Fails for multiples of ten.
static int fail_for_tens(const void *arg, void *result)
{
    long number = *(const long *)arg;
    return number % 10 == 0 ? (int)number + 1 : square(arg, result);
}

START_TEST(get_tells_which_item_failed_and_gives_the_others)
{
    mp_pool *pool = new_pool(2);
    long numbers[40], squares[40];
    for (int i = 0; i < 40; i++) {
        numbers[i] = i + 1;
        squares[i] = -1;
    }
    mp_async_result *result = mp_pool_map_async(
        pool, fail_for_tens, MP_ITEMS(numbers), .chunksize = 4,
        .result_size = sizeof(long));
    ck_assert_refused(mp_async_result_get(result, squares, MP_FOREVER),
                      EBADMSG, "item 9 failed: its task returned 11");
    ck_assert_int_eq(mp_async_result_successful(result), 0);
    mp_pool_failure failure;
    for (int i = 0; i < 4; i++) {
        must(mp_async_result_failure(result, i, &failure));
        ck_assert_int_eq((int)failure.first, i * 10 + 9);
        ck_assert_int_eq(failure.status, (i + 1) * 10 + 1);
        ck_assert_int_eq(failure.error, EBADMSG);
        // The later items of its chunk are not done, as Python's.
        ck_assert_int_eq((int)failure.count, 4 - (i * 10 + 9) % 4);
        for (size_t j = failure.first; j < failure.first + failure.count; j++) {
            ck_assert_int_eq(squares[j], -1);
            squares[j] = numbers[j] * numbers[j];
        }
    }
    ck_assert_refused(mp_async_result_failure(result, 4, &failure), EINVAL,
                      "there is no such failure");
    for (int i = 0; i < 40; i++) {
        ck_assert_int_eq(squares[i], numbers[i] * numbers[i]);
    }
    mp_async_result_free(result);
    close_and_join(pool);
}
END_TEST

// ---- the end --------------------------------------------------------------

START_TEST(a_closed_pool_finishes_what_it_has_and_takes_no_more)
{
    mp_pool *pool = new_pool(2);
    long numbers[100], squares[100], one = 1;
    for (int i = 0; i < 100; i++) {
        numbers[i] = i;
    }
    ck_assert_refused(mp_pool_join(pool), EINVAL, "Pool is still running");
    mp_async_result *result = mp_pool_map_async(
        pool, square, MP_ITEMS(numbers), MP_RESULTS(squares));
    must(mp_pool_close(pool));
    must(mp_pool_close(pool));
    ck_assert_refused(mp_pool_apply(pool, square, MP_ITEM(one),
                                    MP_RESULT(one)),
                      EINVAL, "Pool not running");
    ck_assert_refused(mp_pool_map(pool, square, .count = 0), EINVAL,
                      "Pool not running");
    must(mp_pool_join(pool));
    must(mp_pool_join(pool));
    ck_assert_int_eq(mp_active_children(NULL, 0), 0);
    mp_pool_free(pool);
    must(mp_async_result_get(result, NULL, 0));  // the pool is gone
    ck_assert_int_eq(squares[99], 99 * 99);
    mp_async_result_free(result);
}
END_TEST

static void count_sigterm(int sig)
{
    (void)sig;
    shared[3]++;
}

static int sleep_for_ever(const void *arg, void *result)
{
    (void)arg;
    (void)result;
    signal(SIGTERM, count_sigterm);
    while (pause() == -1) {
    }
    return 0;
}

// By SIGKILL: it waits for no task.
START_TEST(terminate_ends_everything_at_once)
{
    mp_pool *pool = new_pool(2);
    mp_async_result *busy = mp_pool_map_async(pool, sleep_for_ever,
                                              .count = 2, .chunksize = 1);
    mp_async_result *waiting = mp_pool_map_async(pool, sleep_for_ever,
                                                 .count = 3);
    usleep(20000);
    must(mp_pool_terminate(pool));
    ck_assert_int_eq(shared[3], 0);
    must(mp_pool_terminate(pool));
    must(mp_pool_join(pool));
    ck_assert_int_eq(mp_active_children(NULL, 0), 0);
    ck_assert_refused(mp_async_result_get(busy, NULL, MP_FOREVER), ECANCELED,
                      "pool terminated");
    ck_assert_refused(mp_async_result_get(waiting, NULL, MP_FOREVER),
                      ECANCELED, "pool terminated");
    mp_async_result_free(busy);
    mp_pool_free(pool);
    mp_async_result_free(waiting);
}
END_TEST

START_TEST(wrong_tasks_are_refused)
{
    mp_pool *pool = new_pool(1);
    long number = 1;
    errno = 0;
    ck_assert_ptr_null(mp_pool_map_async(pool, NULL, .count = 1));
    ck_assert_int_eq(errno, EINVAL);
    ck_assert_ptr_null(mp_pool_map_async(pool, square, .items = &number,
                                         .count = 1));
    ck_assert_refused(mp_pool_map(pool, sleep_for_ever, .count = UINT32_MAX,
                                  .chunksize = 1),
                      EINVAL, "too many chunks: give a larger chunksize");
    close_and_join(pool);
}
END_TEST

// ---- workers that are lost ------------------------------------------------

static int kill_itself_at_three(const void *arg, void *result)
{
    if (*(const long *)arg == 3) {
        kill(getpid(), (int)shared[1]);
        _exit(shared[2]);
    }
    return square(arg, result);
}

// All results but one, and who had that one.
static void lose_one(int sig, int status, const char *how)
{
    mp_pool *pool = new_pool(2);
    long numbers[10], squares[10];
    shared[1] = sig;
    shared[2] = status;
    for (int i = 0; i < 10; i++) {
        numbers[i] = i;
        squares[i] = -1;
    }
    mp_async_result *result = mp_pool_map_async(
        pool, kill_itself_at_three, MP_ITEMS(numbers), MP_RESULTS(squares),
        .chunksize = 1);
    errno = 0;
    ck_assert_int_eq(mp_async_result_get(result, NULL, MP_FOREVER), -1);
    ck_assert_int_eq(errno, ECHILD);
    mp_pool_failure failure;
    char sentence[200];
    must(mp_async_result_failure(result, 0, &failure));
    snprintf(sentence, sizeof sentence, "item 3 was lost: worker %d %s",
             (int)failure.worker, how);
    ck_assert_int_eq(mp_async_result_get(result, NULL, MP_FOREVER), -1);
    ck_assert_str_eq(mp_error(), sentence);
    ck_assert_int_eq((int)failure.first, 3);
    ck_assert_int_eq((int)failure.count, 1);
    ck_assert_int_eq(failure.status, sig != 0 ? -sig : status);
    for (int i = 0; i < 10; i++) {
        ck_assert_int_eq(squares[i], i == 3 ? -1 : i * i);
    }
    mp_async_result_free(result);
    ck_assert_int_eq(mp_active_children(NULL, 0), 2);  // replaced
    close_and_join(pool);
}

START_TEST(a_killed_worker_loses_its_item_and_nothing_else)
{
    lose_one(SIGKILL, 0, "was killed by signal 9");
    lose_one(SIGTERM, 0, "was killed by signal 15");
}
END_TEST

START_TEST(so_does_one_that_exits)
{
    lose_one(0, 5, "ended with status 5");
}
END_TEST

START_TEST(idle_workers_that_are_killed_are_replaced)
{
    mp_pool *pool = new_pool(3);
    for (int round = 0; round < 10; round++) {
        mp_process active[3];
        ck_assert_int_eq(mp_active_children(active, 3), 3);
        for (int i = 0; i < 3; i++) {
            must(mp_process_kill(&active[i]));
        }
        long number = round, result = -1;
        must(mp_pool_apply(pool, square, MP_ITEM(number), MP_RESULT(result)));
        ck_assert_int_eq(result, number * number);
        while (mp_active_children(NULL, 0) != 3) {
            must(mp_pool_apply(pool, square, MP_ITEM(number)));
        }
    }
    close_and_join(pool);
}
END_TEST

START_TEST(a_stopped_worker_holds_nothing_that_others_could_do)
{
    mp_pool *pool = new_pool(2);
    mp_process active[2];
    long numbers[100], squares[100];
    for (int i = 0; i < 100; i++) {
        numbers[i] = i;
    }
    ck_assert_int_eq(mp_active_children(active, 2), 2);
    kill(mp_process_pid(&active[0]), SIGSTOP);
    wait_until_stopped(mp_process_pid(&active[0]));
    for (int round = 0; round < 20; round++) {
        must(mp_pool_map(pool, square, MP_ITEMS(numbers), MP_RESULTS(squares)));
        ck_assert_int_eq(squares[99], 99 * 99);
    }
    if (under(FORK)) {
        must(mp_pool_close(pool));
        must(mp_pool_join(pool));  // which ends it, after a while
    }
    mp_pool_free(pool);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(ALL, all_workers_exist_when_it_is_constructed);
    fact(FORK, a_default_pool_has_as_many_workers_as_usable_cpus);
    fact(FORK, a_pool_of_none_or_of_too_many_is_refused);
    fact(OWN, a_pool_that_cannot_be_completed_leaves_nobody);
    fact(ALL, it_says_why_it_cannot_be_completed);
    fact(FORK, two_hundred_workers_work);
    fact(ALL, a_child_may_have_a_pool_if_it_is_no_daemon);
    fact(FORK, only_its_creator_uses_a_pool);
    fact(ALL, apply_does_one_task);
    fact(ALL, apply_does_a_task_without_an_argument_and_no_list);
    fact(ALL, map_puts_each_result_in_its_place);
    fact(FORK, the_default_chunksize_is_pythons);
    fact(ALL, a_value_that_no_task_brings_back_is_refused);
    fact(ALL, many_jobs_at_once_may_be_got_in_any_order);
    fact(ALL, shared_arrays_are_used_in_place_also_such_as_came_later);
    fact(ALL, several_threads_and_several_pools);
    fact(ALL, a_result_is_a_promise);
    fact(ALL, a_result_may_be_freed_before_it_is_over);
    fact(ALL, get_tells_which_item_failed_and_gives_the_others);
    fact(ALL, a_closed_pool_finishes_what_it_has_and_takes_no_more);
    fact(ALL, terminate_ends_everything_at_once);
    fact(FORK, wrong_tasks_are_refused);
    fact(ALL, a_killed_worker_loses_its_item_and_nothing_else);
    fact(ALL, so_does_one_that_exits);
    fact(ALL, idle_workers_that_are_killed_are_replaced);
    fact(ALL, a_stopped_worker_holds_nothing_that_others_could_do);
    return unit_main("pool");
}
