// A Pool where the system refuses something, or is asked at a bad moment.

#include "unit.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
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

// Checks the workers now, and not only after a beat.
static int check_workers(mp_pool *pool)
{
    must(mp_pool_lock(pool));
    pool->checked = 0;
    int checked = mp_pool_check_workers(pool);
    pthread_mutex_unlock(&pool->lock);
    return checked;
}

// ---- a worker that cannot be started --------------------------------------

static int sleep_a_little(const void *arg, void *result)
{
    usleep(200);
    return square(arg, result);
}

// A fork that succeeds, and of whose child there can be no pidfd: it is undone.
// Until then the child runs, and may have claimed something.
START_TEST(what_a_replacement_that_is_undone_has_claimed_fails)
{
    mp_pool *pool = new_pool(2);
    long numbers[200], squares[200];
    for (int round = 0; round < how_many(20, 100); round++) {
        for (int i = 0; i < 200; i++) {
            numbers[i] = i;
            squares[i] = -1;
        }
        mp_async_result *result = mp_pool_map_async(
            pool, sleep_a_little, MP_ITEMS(numbers), MP_RESULTS(squares),
            .chunksize = 1);
        while (pool->workers[0].serial == 0) {  // nobody came last time
            must(check_workers(pool));
        }
        must(mp_process_kill(&pool->workers[0].process));
        must(mp_process_join(&pool->workers[0].process, MP_FOREVER));
        fault_pidfd_open = EMFILE;
        fault_pidfd_skip = 1;
        check_workers(pool);
        fault_pidfd_open = 0;
        int got = mp_async_result_get(result, NULL, MP_FOREVER);
        ck_assert_msg(got == 0 || errno == ECHILD, "round %d: %s", round,
                      mp_error());
        mp_async_result_free(result);
    }
    close_and_join(pool);
}
END_TEST

static bool failed_start;

static void fail_to_start(void)
{
    if (failed_start) {
        _exit(9);
    }
}

// Kills the workers, and none that is started afterwards begins.
static void kill_and_fail_starts(mp_pool *pool, int workers)
{
    failed_start = true;
    for (int i = 0; i < workers; i++) {
        must(mp_process_kill(&pool->workers[i].process));
        must(mp_process_join(&pool->workers[i].process, MP_FOREVER));
    }
}

START_TEST(where_no_worker_can_begin_a_call_fails_and_the_next_tries_anew)
{
    pthread_atfork(NULL, NULL, fail_to_start);
    mp_pool *pool = new_pool(2);
    for (int round = 0; round < 3; round++) {
        long number = 12, its_square = -1;
        mp_async_result *result = mp_pool_apply_async(
            pool, sleep_a_little, MP_ITEM(number), MP_RESULT(its_square));
        mp_async_result_wait(result, MP_FOREVER);
        mp_async_result_free(result);
        kill_and_fail_starts(pool, 2);
        pool->checked = INFINITY;
        result = mp_pool_apply_async(pool, square, MP_ITEM(number),
                                     MP_RESULT(its_square));
        pool->checked = 0;
        ck_assert_int_eq(mp_async_result_get(result, NULL, MP_FOREVER), -1);
        ck_assert_int_eq(errno, ECHILD);
        ck_assert_str_eq(mp_error(),
                         "the pool's workers end before they begin, the "
                         "last one with exit code 9");
        failed_start = false;
        must(mp_async_result_get(result, NULL, MP_FOREVER));
        ck_assert_int_eq(its_square, 144);
        mp_async_result_free(result);
    }
    close_and_join(pool);
}
END_TEST

START_TEST(where_no_worker_can_begin_join_says_so)
{
    pthread_atfork(NULL, NULL, fail_to_start);
    mp_pool *pool = new_pool(2);
    kill_and_fail_starts(pool, 2);
    pool->checked = INFINITY;
    long number = 12;
    mp_async_result *result = mp_pool_apply_async(pool, square,
                                                  MP_ITEM(number),
                                                  .result_size = sizeof(long));
    ck_assert_ptr_nonnull(result);
    pool->checked = 0;
    must(mp_pool_close(pool));
    ck_assert_refused(mp_pool_join(pool), ECHILD,
                      "the pool's workers end before they begin, the "
                         "last one with exit code 9");
    failed_start = false;
    must(mp_pool_join(pool));
    must(mp_async_result_get(result, NULL, MP_FOREVER));
    mp_async_result_free(result);
    mp_pool_free(pool);
}
END_TEST

START_TEST(a_place_that_nobody_could_take_is_taken_at_the_next_task)
{
    pthread_atfork(NULL, NULL, fail_to_start);
    mp_pool *pool = new_pool(2);
    kill_and_fail_starts(pool, 1);
    while (pool->failed_starts <= 3 * pool->size) {
        must(check_workers(pool));
    }
    failed_start = false;
    must(check_workers(pool));
    ck_assert_int_eq(pool->workers[0].serial, 0);
    pool->checked = 0;
    long number = 12, its_square = -1;
    must(mp_pool_apply(pool, square, MP_ITEM(number), MP_RESULT(its_square)));
    ck_assert_int_ne(pool->workers[0].serial, 0);
    close_and_join(pool);
}
END_TEST

// What lies in shared memory is ours again when map has failed.
START_TEST(a_map_that_nobody_could_do_is_not_done_later)
{
    mp_pool *pool = new_pool(1);
    long *numbers = mp_shm_alloc(2 * sizeof *numbers);
    for (int i = 0; i < 2; i++) {
        numbers[i] = i + 3;
    }
    must(mp_process_kill(&pool->workers[0].process));
    must(mp_process_join(&pool->workers[0].process, MP_FOREVER));
    fault_pidfd_open = EMFILE;
    fault_pidfd_skip = 0;
    pool->checked = mp_clock_now();  // they are checked when the job is posted
    int mapped = mp_pool_map(pool, square, .items = numbers,
                             .item_size = sizeof *numbers, .count = 2,
                             .results = numbers,
                             .result_size = sizeof *numbers);
    ck_assert_int_eq(mapped, -1);
    ck_assert_int_eq(errno, EMFILE);
    fault_pidfd_open = 0;
    long number = 12, its_square = -1;
    pool->checked = 0;
    must(mp_pool_apply(pool, square, MP_ITEM(number), MP_RESULT(its_square)));
    ck_assert_int_eq(its_square, 144);
    ck_assert_int_eq(numbers[0], 3);
    ck_assert_int_eq(numbers[1], 4);
    mp_shm_free(numbers);
    close_and_join(pool);
}
END_TEST

static int die_of_six(const void *arg, void *result)
{
    if (*(const long *)arg == 6) {
        raise(SIGKILL);
    }
    return square(arg, result);
}

START_TEST(a_map_whose_last_worker_dies_gives_the_results_that_are_there)
{
    mp_pool *pool = new_pool(1);
    long numbers[10], squares[10];
    for (int i = 0; i < 10; i++) {
        numbers[i] = i;
        squares[i] = -1;
    }
    fault_pidfd_open = EMFILE;
    fault_pidfd_skip = 0;
    int mapped = mp_pool_map(pool, die_of_six, MP_ITEMS(numbers),
                             MP_RESULTS(squares), .chunksize = 1);
    fault_pidfd_open = 0;
    ck_assert_int_eq(mapped, -1);
    ck_assert_int_eq(errno, EMFILE);
    const char *said = "no worker is left, 4 of 10 items are not done: "
                       "cannot start a process: ";  // and the C library's word
    ck_assert_int_eq(strncmp(mp_error(), said, strlen(said)), 0);
    for (int i = 0; i < 10; i++) {
        ck_assert_int_eq(squares[i], i < 6 ? (long)i * i : -1);
    }
    close_and_join(pool);
}
END_TEST

START_TEST(ready_says_that_no_worker_can_be_started)
{
    mp_pool *pool = new_pool(1);
    long number = 12;
    must(mp_process_kill(&pool->workers[0].process));
    must(mp_process_join(&pool->workers[0].process, MP_FOREVER));
    pool->checked = INFINITY;
    mp_async_result *result = mp_pool_apply_async(pool, square, MP_ITEM(number),
                                                  .result_size = sizeof number);
    fault_pidfd_open = EMFILE;
    fault_pidfd_skip = 0;
    pool->checked = 0;
    ck_assert_int_eq(mp_async_result_ready(result), -1);
    ck_assert_int_eq(errno, EMFILE);
    fault_pidfd_open = 0;
    must(mp_async_result_get(result, &number, MP_FOREVER));
    ck_assert_int_eq(number, 144);
    mp_async_result_free(result);
    close_and_join(pool);
}
END_TEST

// ---- values that come early -----------------------------------------------

static int square_some(const void *arg, void *result)
{
    usleep(1000);
    square(arg, result);
    if (*(const long *)arg == 20) {
        _exit(5);
    }
    while (*(const long *)arg == 10 && shared[0] == 0) {
        usleep(1000);
    }
    return *(const long *)arg == 3 ? 1 : 0;
}

START_TEST(values_that_come_early_are_of_items_that_succeeded)
{
    mp_pool *pool = new_pool(2);
    pool->batch = 1;
    long numbers[40], squares[40];
    for (int i = 0; i < 40; i++) {
        numbers[i] = i;
        squares[i] = -1;
    }
    mp_async_result *result = mp_pool_map_async(
        pool, square_some, MP_ITEMS(numbers), .result_size = sizeof(long),
        .chunksize = 1);
    ck_assert_int_eq(mp_async_result_get(result, squares, 0.01), -1);
    ck_assert_int_eq(errno, ETIMEDOUT);
    for (int i = 0; i < 40; i++) {
        ck_assert_int_eq(squares[i], -1);
    }
    shared[0] = 1;
    ck_assert_int_eq(mp_async_result_get(result, squares, MP_FOREVER), -1);
    ck_assert_int_eq(errno, EBADMSG);
    for (int i = 0; i < 40; i++) {
        ck_assert_int_eq(squares[i], i == 3 || i == 20 ? -1 : (long)i * i);
    }
    mp_async_result_free(result);
    close_and_join(pool);
}
END_TEST

static int do_nothing(const void *arg, void *result)
{
    (void)arg;
    (void)result;
    return 0;
}

// ---- results that nobody gets ---------------------------------------------

static _Atomic bool *may_end;  // in shared memory

static int wait_for_the_end(const void *arg, void *result)
{
    (void)arg;
    (void)result;
    while (!atomic_load(may_end)) {
        usleep(1000);
    }
    return 0;
}

// The first task lasts longer than all others.
static mp_pool *new_pool_with_an_endless_task(int processes)
{
    may_end = mp_shm_alloc(sizeof *may_end);
    atomic_store(may_end, false);
    mp_pool *pool = new_pool(processes);
    mp_async_result *endless = mp_pool_apply_async(pool, wait_for_the_end,
                                                   .count = 1);
    ck_assert_ptr_nonnull(endless);
    mp_async_result_free(endless);
    return pool;
}

static void let_it_end(mp_pool *pool)
{
    atomic_store(may_end, true);
    close_and_join(pool);
    mp_shm_free((void *)may_end);
}

static int count_it(const void *arg, void *result)
{
    (void)arg;
    (void)result;
    shared[0]++;
    return 0;
}

START_TEST(a_result_that_was_freed_early_keeps_no_memory_once_it_is_over)
{
    enum { ROUNDS = 20 };
    static char megabyte[1 << 20];
    const char *blocks[ROUNDS];
    int different = 0;
    mp_pool *pool = new_pool_with_an_endless_task(2);
    for (int i = 0; i < ROUNDS; i++) {
        mp_async_result *result = mp_pool_apply_async(pool, count_it,
                                                      MP_ITEM(megabyte));
        ck_assert_msg(result != NULL, "%s", mp_error());
        bool known = false;
        for (int k = 0; k < different; k++) {
            known = known || blocks[k] == result->data.items;
        }
        if (!known) {
            blocks[different++] = result->data.items;
        }
        mp_async_result_free(result);
        while (shared[0] <= i ||
               atomic_load(&pool->board->work.sleepers) == 0) {
            usleep(1000);  // until it is done, and its worker sleeps again
        }
        pool->checked = 0;
    }
    ck_assert_int_lt(different, ROUNDS / 2);
    let_it_end(pool);
}
END_TEST

START_TEST(a_large_job_that_is_over_makes_room_for_the_next_though_nobody_asks)
{
    mp_pool *pool = new_pool_with_an_endless_task(2);
    mp_async_result *results[3];
    for (int i = 0; i < 3; i++) {
        results[i] = mp_pool_map_async(pool, do_nothing, .chunksize = 1,
                                       .count = MP_BOARD_CHUNKS - 1);
        ck_assert_msg(results[i] != NULL, "%s", mp_error());
    }
    for (int i = 0; i < 3; i++) {
        must(mp_async_result_get(results[i], NULL, MP_FOREVER));
        mp_async_result_free(results[i]);
    }
    let_it_end(pool);
}
END_TEST

// ---- other processes ------------------------------------------------------

static pthread_barrier_t line;

static void *hold_the_lock(void *pool)
{
    pthread_mutex_lock(&((mp_pool *)pool)->lock);
    pthread_barrier_wait(&line);
    pthread_barrier_wait(&line);
    pthread_mutex_unlock(&((mp_pool *)pool)->lock);
    return NULL;
}

// A copy of the pool may have its lock copied as locked.
START_TEST(a_child_that_asks_whether_a_result_is_ready_is_refused)
{
    mp_pool *pool = new_pool(1);
    long number = 50000;
    mp_async_result *result = mp_pool_apply_async(pool, sleep_a_little,
                                                  MP_ITEM(number),
                                                  .result_size = sizeof(long));
    pthread_t holder;
    pthread_barrier_init(&line, NULL, 2);
    pthread_create(&holder, NULL, hold_the_lock, pool);
    pthread_barrier_wait(&line);
    pid_t pid = fork();
    if (pid == 0) {
        errno = 0;
        _exit(mp_async_result_ready(result) == -1 && errno == EPERM &&
              mp_async_result_successful(result) == -1 && errno == EPERM
                  ? 0
                  : 1);
    }
    int status;
    waitpid(pid, &status, 0);
    pthread_barrier_wait(&line);
    pthread_join(holder, NULL);
    pthread_barrier_destroy(&line);
    ck_assert_int_eq(status, 0);
    must(mp_async_result_get(result, NULL, MP_FOREVER));
    mp_async_result_free(result);
    close_and_join(pool);
}
END_TEST

// ---- large numbers --------------------------------------------------------

// The board knows the lower half of a job's number, and 28 bits of a worker's.
START_TEST(the_numbers_of_jobs_and_of_workers_may_overflow)
{
    mp_pool *pool = new_pool(2);
    const uint64_t last = (UINT64_C(1) << 32) - 100;
    pool->posted = last;
    pool->last_serial = MP_SERIAL_MOST - 3;
    atomic_store(&pool->board->first, last + 1);
    atomic_store(&pool->board->posted, last);
    for (int round = 0; round < 200; round++) {
        long numbers[10], squares[10];
        for (int i = 0; i < 10; i++) {
            numbers[i] = round + i;
            squares[i] = -1;
        }
        if (round % 20 == 0) {
            must(mp_process_kill(&pool->workers[round / 20 % 2].process));
            pool->checked = 0;
        }
        int got = mp_pool_map(pool, square, MP_ITEMS(numbers),
                              MP_RESULTS(squares));
        for (int i = 0; i < 10; i++) {
            ck_assert_msg(squares[i] == numbers[i] * numbers[i] ||
                              (got == -1 && errno == ECHILD),
                          "round %d: %s", round, mp_error());
        }
    }
    ck_assert_int_lt(pool->last_serial, 100);
    close_and_join(pool);
}
END_TEST

static void *let_end_a_little_later(void *unused)
{
    usleep(300 * 1000);
    atomic_store(may_end, true);
    return unused;
}

// The lower half of the numbers overflows in the middle of a full board.
START_TEST(no_place_is_taken_twice_where_the_numbers_overflow)
{
    const uint64_t last = (UINT64_C(1) << 32) - MP_BOARD_JOBS;
    mp_async_result *result, *first;
    pthread_t thread;
    may_end = mp_shm_alloc(sizeof *may_end);
    atomic_store(may_end, false);
    mp_pool *pool = new_pool(1);
    pool->posted = last;
    atomic_store(&pool->board->first, last + 1);
    atomic_store(&pool->board->posted, last);
    first = mp_pool_apply_async(pool, wait_for_the_end, .count = 1);
    ck_assert_ptr_nonnull(first);
    for (int i = 1; i <= MP_BOARD_JOBS; i++) {
        if (pool->posted == UINT32_MAX) {
            pthread_create(&thread, NULL, let_end_a_little_later, NULL);
        }
        result = mp_pool_apply_async(pool, do_nothing, .count = 1);
        ck_assert_msg(result != NULL, "%s", mp_error());
        mp_async_result_free(result);
    }
    ck_assert(atomic_load(may_end));  // the last one waited for the first
    pthread_join(thread, NULL);
    must(mp_async_result_get(first, NULL, MP_FOREVER));
    mp_async_result_free(first);
    close_and_join(pool);
    mp_shm_free((void *)may_end);
}
END_TEST

// The workers are never checked here, so that no beat wakes one that a call has
// forgotten. They spin for so short a time, and the parent for so varied a one,
// that each is now awake, now asleep, and mostly in between.
START_TEST(no_worker_sleeps_while_it_is_relied_upon)
{
    mp_pool *pool = new_pool(2);
    for (long i = 0; i < how_many(5000, 20000); i++) {
        long numbers[3] = { i, i + 1, i + 2 }, squares[3] = { -1, -1, -1 };
        size_t count = (size_t)(i % 3 + 1);
        pool->checked = INFINITY;
        pool->board->spins = (uint32_t)(i % 61);
        mp_async_result *result = mp_pool_map_async(
            pool, square, MP_ITEMS_AT(numbers, count),
            .result_size = sizeof(long), .chunksize = 1);
        ck_assert_msg(result != NULL, "%s", mp_error());
        ck_assert_msg(mp_async_result_get(result, squares, MP_FOREVER) == 0,
                      "job %ld: %s", i, mp_error());
        for (size_t k = 0; k < count; k++) {
            ck_assert_int_eq(squares[k], numbers[k] * numbers[k]);
        }
        mp_async_result_free(result);
    }
    pool->checked = 0;
    close_and_join(pool);
}
END_TEST

enum { GATE = 900, INSIDE };

static int fork_or_wait(const void *arg, void *result)
{
    (void)result;
    if (*(const int *)arg == 0) {
        return fork() == -1;  // and the copy goes on as if it were the worker
    }
    __atomic_fetch_add(&shared[INSIDE], 1, __ATOMIC_SEQ_CST);
    while (shared[GATE] == 0) {
        usleep(1000);
    }
    _exit(0);
}

START_TEST(terminate_returns_though_a_worker_has_made_a_copy_of_itself)
{
    shared[GATE] = shared[INSIDE] = 0;
    mp_pool *pool = new_pool(1);
    int items[3] = { 0, 1, 2 };
    mp_async_result *result = mp_pool_map_async(pool, fork_or_wait,
                                                MP_ITEMS(items),
                                                .chunksize = 1);
    while (__atomic_load_n(&shared[INSIDE], __ATOMIC_SEQ_CST) < 2) {
        usleep(1000);
    }
    must(mp_pool_terminate(pool));
    shared[GATE] = 1;
    ck_assert_int_eq(mp_async_result_get(result, NULL, MP_FOREVER), -1);
    mp_async_result_free(result);
    mp_pool_free(pool);
}
END_TEST

static int give_up_rights_and_terminate(void)
{
    mp_pool *pool = new_pool(2);
    if (setresuid(65534, 65534, 65534) == -1) {
        return 1;
    }
    errno = 0;
    ck_assert_int_eq(mp_pool_terminate(pool), -1);
    ck_assert_int_eq(errno, EPERM);
    long number = 12, its_square = -1;
    must(mp_pool_apply(pool, square, MP_ITEM(number), MP_RESULT(its_square)));
    ck_assert_int_eq(its_square, 144);
    close_and_join(pool);
    return 3;
}

// Root alone can give up rights.
START_TEST(a_pool_that_may_not_signal_its_workers_ends_by_close_and_join)
{
    if (getuid() == 0) {
        static char output[100];
        ck_assert_int_eq(run_program(give_up_rights_and_terminate, output,
                                     sizeof output), 3);
    }
}
END_TEST

// ---- a worker that is stopped ---------------------------------------------

struct begin_args {
    _Atomic pid_t *begun;
};

static int say_that_it_has_begun(const void *arg, void *result)
{
    *(pid_t *)result = getpid();
    atomic_store(((const struct begin_args *)arg)->begun, getpid());
    return 0;
}

// The parent wakes the worker that ran last, which is stopped: so another one.
// Nobody asks for the result meanwhile.
START_TEST(a_task_is_begun_though_the_worker_that_ran_last_is_stopped)
{
    mp_pool *pool = new_pool(4);
    struct begin_args args = { mp_array(_Atomic pid_t, 1) };
    pid_t last = 0, other = 0;
    must(mp_pool_apply(pool, say_that_it_has_begun, MP_ITEM(args),
                       MP_RESULT(last)));
    while (atomic_load(&pool->board->work.sleepers) < 4) {
        usleep(1000);
    }
    *args.begun = 0;
    kill(last, SIGSTOP);
    waitid(P_PID, (id_t)last, &(siginfo_t){ 0 }, WSTOPPED);
    mp_async_result *result =
        mp_pool_apply_async(pool, say_that_it_has_begun, MP_ITEM(args),
                            .result_size = sizeof other);
    double until = mp_clock_deadline(patience(10));
    while (atomic_load(args.begun) == 0 && mp_clock_now() < until) {
        usleep(1000);
    }
    ck_assert(*args.begun != 0);
    kill(last, SIGCONT);
    must(mp_async_result_get(result, &other, MP_FOREVER));
    ck_assert_int_ne(other, last);
    mp_async_result_free(result);
    close_and_join(pool);
    mp_shm_free((void *)args.begun);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(FORK, a_task_is_begun_though_the_worker_that_ran_last_is_stopped);
    fact(FORK, a_pool_that_may_not_signal_its_workers_ends_by_close_and_join);
    fact(FORK, what_a_replacement_that_is_undone_has_claimed_fails);
    fact(FORK, where_no_worker_can_begin_a_call_fails_and_the_next_tries_anew);
    fact(FORK, where_no_worker_can_begin_join_says_so);
    fact(FORK, a_place_that_nobody_could_take_is_taken_at_the_next_task);
    fact(FORK, a_map_that_nobody_could_do_is_not_done_later);
    fact(FORK, a_map_whose_last_worker_dies_gives_the_results_that_are_there);
    fact(FORK, ready_says_that_no_worker_can_be_started);
    fact(FORK, values_that_come_early_are_of_items_that_succeeded);
    fact(FORK, a_result_that_was_freed_early_keeps_no_memory_once_it_is_over);
    fact(FORK,
         a_large_job_that_is_over_makes_room_for_the_next_though_nobody_asks);
    fact(FORK, a_child_that_asks_whether_a_result_is_ready_is_refused);
    fact(FORK, the_numbers_of_jobs_and_of_workers_may_overflow);
    fact(FORK, no_place_is_taken_twice_where_the_numbers_overflow);
    fact(FORK, no_worker_sleeps_while_it_is_relied_upon);
    fact(FORK, terminate_returns_though_a_worker_has_made_a_copy_of_itself);
    return unit_main("pool faults");
}
