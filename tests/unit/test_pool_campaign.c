// Pools in a storm: random jobs from several threads, workers that crash, that
// are killed or stopped at random, and an end in the middle of it. Every call
// returns, every result is right or reported, and nothing is left.
//
// ROUNDS in the environment is how many storms there are, SEED the seed of the
// first. Threads and workers assert nothing (test_campaign.c): they count.

#include "unit.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "pool/internal.h"
#include "start/forkserver.h"
#include "memory/arena.h"
#include "memory/shm.h"

// A sanitizer makes every fork ten times as dear.
#ifdef UNIT_SANITIZED
enum { ROUNDS = 20, TASKS = 20 * 1000 };
#else
enum { ROUNDS = 50, TASKS = 200 * 1000 };
#endif

enum { MOST_WORKERS = 6, MOST_THREADS = 3, MOST_ITEMS = 60, MOST_JOBS = 8 };

static long from_environment(const char *name, long otherwise)
{
    const char *value = getenv(name);
    return value != NULL ? atol(value) : otherwise;
}

static unsigned random_below(unsigned *state, unsigned limit)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % limit;
}

// ---- tasks ----------------------------------------------------------------

enum action { SQUARE, LINGER, FAIL, EXIT, ABORT, KILL_ITSELF, ACTIONS };

typedef struct {
    int number;
    enum action action;
} item;

typedef struct {
    long square;
    long check;  // of a result that is whole
} outcome;

static int run(const void *arg, void *result)
{
    const item *given = arg;
    outcome *out = result;
    out->square = (long)given->number * given->number;
    switch (given->action) {
    case LINGER:
        usleep((useconds_t)given->number % 3000);
        break;
    case FAIL:
        return given->number;
    case EXIT:
        exit(given->number % 200);
    case ABORT:
        abort();
    case KILL_ITSELF:
        kill(getpid(), SIGKILL);
        break;
    default:
        break;
    }
    out->check = ~out->square;
    return 0;
}

// ---- one storm ------------------------------------------------------------

static struct {
    mp_pool *pool;
    unsigned seed;
    bool crashes;          // tasks that end their worker
    bool sabotage;         // somebody who ends workers
    _Atomic bool over;     // the saboteur may go
    _Atomic bool ended;    // the pool was terminated, or is about to be
    _Atomic int strikes, items, reported, refused, wrong;
    _Atomic int to_call, called;  // callbacks
} storm;

// A job, and what it is to give.
typedef struct {
    item items[MOST_ITEMS];
    outcome results[MOST_ITEMS];
    size_t count, chunksize;
    mp_async_result *promise;
} job;

// Counts, and says the first few: what is wrong, and where it was.
static void wrong(const char *what, long where)
{
    if (atomic_fetch_add(&storm.wrong, 1) < 5) {
        fprintf(stderr, "# seed %u: %s, %ld: %s\n", storm.seed, what, where,
                mp_error());
    }
}

static void make_job(job *j, unsigned *state)
{
    j->count = random_below(state, 3) == 0 ? 1
                                           : random_below(state, MOST_ITEMS);
    j->chunksize = random_below(state, 9);
    for (size_t i = 0; i < j->count; i++) {
        unsigned dice = random_below(state, 150);
        j->items[i].number = (int)random_below(state, 10000) + 1;
        j->items[i].action = dice < ACTIONS ? (enum action)dice : SQUARE;
        if (!storm.crashes && j->items[i].action >= EXIT) {
            j->items[i].action = SQUARE;
        }
        j->results[i] = (outcome){ -1, -1 };
    }
}

static void check_value(const job *j, size_t i)
{
    const item *given = &j->items[i];
    long square = (long)given->number * given->number;
    if (given->action == FAIL || given->action >= EXIT ||
        j->results[i].square != square || j->results[i].check != ~square) {
        wrong("a wrong result", (long)i);
    }
}

// Whether its reason can be true. Of items that failed there is no value.
static void check_failure(const job *j, const mp_pool_failure *failure)
{
    const item *given = &j->items[failure->first];
    bool may = false;
    if (failure->error == EBADMSG) {
        may = given->action == FAIL && failure->status == given->number;
    } else if (failure->error == ECHILD) {
        may = failure->worker > 0 && (storm.crashes || storm.sabotage);
    } else if (failure->error == ECANCELED) {
        may = atomic_load(&storm.ended);
    }
    if (!may || failure->count == 0) {
        wrong("a wrong failure", (long)failure->first);
    }
    for (size_t i = 0; i < failure->count; i++) {
        if (j->results[failure->first + i].square != -1) {
            wrong("a failure that has a value", (long)failure->first);
        }
    }
}

static void check_job(const job *j, bool succeeded)
{
    mp_pool_failure failure;
    size_t next = 0;
    int failed = 0;
    while (mp_async_result_failure(j->promise, failed, &failure) == 0) {
        if (failure.first < next || failure.count > j->count - failure.first) {
            wrong("failures out of order", (long)failure.first);
            return;
        }
        while (next < failure.first) {
            check_value(j, next++);
        }
        check_failure(j, &failure);
        next += failure.count;
        storm.reported += (int)failure.count;
        failed++;
    }
    while (next < j->count) {
        check_value(j, next++);
    }
    storm.items += (int)j->count;
    if (succeeded != (failed == 0)) {
        wrong("get says otherwise than the failures", failed);
    }
}

static void get_job(job *j)
{
    if (j->promise == NULL) {
        return;
    }
    int got = mp_async_result_get(j->promise, j->results, patience(30));
    if (got == -1 && errno == ETIMEDOUT) {
        wrong("a get that waits for ever", (long)j->count);
    } else {
        check_job(j, got == 0);
    }
    mp_async_result_free(j->promise);
    j->promise = NULL;
}

static void count_call(mp_async_result *result, void *failed)
{
    if (mp_async_result_successful(result) == (failed != NULL)) {
        wrong("the wrong callback", failed != NULL);
    }
    storm.called++;
}

static void count_success(mp_async_result *result, void *unused)
{
    (void)unused;
    count_call(result, NULL);
}

static void count_error(mp_async_result *result, void *unused)
{
    (void)unused;
    count_call(result, &storm);
}

static void post_job(job *j, unsigned *state)
{
    make_job(j, state);
    errno = 0;
    j->promise = mp_pool_map_async(storm.pool, run, .items = j->items,
                                   .item_size = sizeof(item),
                                   .count = j->count,
                                   .result_size = sizeof(outcome),
                                   .chunksize = j->chunksize,
                                   .callback = count_success,
                                   .error_callback = count_error);
    storm.to_call += j->promise != NULL && j->count > 0;
    if (j->promise == NULL) {
        storm.refused++;
        if (errno != EINVAL || strcmp(mp_error(), "Pool not running") != 0) {
            wrong("a job is refused", errno);
        }
    }
}

// Whether the reason of an item that failed can be true. After a time the pool
// may be at its end.
static bool may_fail(const job *j, size_t i)
{
    bool failed = false;
    for (size_t k = i - i % j->chunksize; k <= i; k++) {
        failed = failed || j->items[k].action == FAIL;
    }
    return errno == EBADMSG  ? failed
           : errno == ECHILD ? storm.crashes || storm.sabotage
                             : errno == ECANCELED && storm.ended;
}

// Does a job by imap: each item has one answer, until the end.
static void iterate(job *j, unsigned *state)
{
    make_job(j, state);
    j->chunksize = 1 + j->chunksize / 2;
    mp_imap_iterator *it = mp_pool_imap(
        storm.pool, run, .items = j->items, .item_size = sizeof(item),
        .count = j->count, .result_size = sizeof(outcome),
        .chunksize = j->chunksize, .buffersize = random_below(state, 5));
    int got = it != NULL ? 1 : 0;
    for (size_t i = 0; got != 0; i++) {
        got = mp_imap_iterator_next(it, &j->results[i % MOST_ITEMS],
                                    patience(30));
        if (got == 1 && i < j->count) {
            check_value(j, i);
        } else if (got == 1 || (got == 0 && i < j->count)) {
            wrong("a wrong number of answers", (long)i);
        } else if (got == -1 && errno == EINVAL) {
            storm.refused++;
            break;  // the pool was closed and joined, or terminated
        } else if (got == -1 && (i >= j->count || !may_fail(j, i))) {
            wrong("a wrong answer", (long)i);
            break;
        }
    }
    mp_imap_iterator_free(it);
}

// Posts jobs, and gets some at once, some later, and some never.
static void *submit(void *argument)
{
    job *jobs = argument;
    unsigned state = storm.seed + (unsigned)jobs->count;
    job more;
    for (int i = 0; i < MOST_JOBS; i++) {
        post_job(&jobs[i], &state);
        switch (random_below(&state, 6)) {
        case 0:
            mp_async_result_free(jobs[i].promise);
            jobs[i].promise = NULL;
            break;
        case 1:
        case 2:
            get_job(&jobs[i]);
            break;
        case 3:
            usleep(random_below(&state, 2000));
            break;
        case 4:
            iterate(&more, &state);
            break;
        default:
            break;
        }
    }
    return NULL;
}

// ---- the saboteur ---------------------------------------------------------

// A pidfd of some worker that has begun, or -1. With the lock held nobody reaps
// it meanwhile, so that its pid is still its own.
static int choose_victim(unsigned *state)
{
    mp_pool *pool = storm.pool;
    int pidfd = -1;
    pthread_mutex_lock(&pool->lock);
    int i = (int)random_below(state, (unsigned)pool->size);
    mp_serial serial = pool->workers[i].serial;
    if (serial != 0 && atomic_load(&pool->board->begun[i]) == serial) {
        pidfd = mp_pidfd_open(mp_process_pid(&pool->workers[i].process));
    }
    pthread_mutex_unlock(&pool->lock);
    return pidfd;
}

// A stopped worker is killed before long: what it has claimed nobody else does.
static void *spoil(void *unused)
{
    (void)unused;
    const int signals[] = { SIGKILL, SIGKILL, SIGSTOP, SIGSTOP, SIGTERM,
                            SIGHUP };
    unsigned state = storm.seed + 99;
    while (!atomic_load(&storm.over)) {
        usleep(random_below(&state, 4000));
        int victim = choose_victim(&state);
        if (victim != -1) {
            mp_pidfd_send_signal(victim, signals[random_below(&state, 6)]);
            usleep(random_below(&state, 3000));
            mp_pidfd_send_signal(victim, random_below(&state, 4) == 0
                                             ? SIGCONT
                                             : SIGKILL);
            mp_pidfd_send_signal(victim, SIGCONT);
            close(victim);
            storm.strikes++;
        }
    }
    return NULL;
}

// ---- the end of a storm ---------------------------------------------------

enum end { CLOSE, TERMINATE, CLOSE_IN_THE_MIDDLE, TERMINATE_IN_THE_MIDDLE,
           READY, ENDS };

static void end_pool(enum end end)
{
    storm.ended = end == TERMINATE || end == TERMINATE_IN_THE_MIDDLE;
    if (storm.ended) {
        must(mp_pool_terminate(storm.pool));
        must(mp_pool_join(storm.pool));
    } else {
        must(mp_pool_close(storm.pool));
        must(mp_pool_join(storm.pool));
    }
}

// Runs the threads, ends the pool, in the middle of it or afterwards, and gets
// what nobody has got yet.
static void rage(job jobs[][MOST_JOBS], unsigned threads, enum end end,
                 unsigned *state)
{
    pthread_t thread[MOST_THREADS], saboteur;
    storm.over = storm.ended = false;
    for (unsigned i = 0; i < threads; i++) {
        jobs[i][0].count = i;
        pthread_create(&thread[i], NULL, submit, jobs[i]);
    }
    if (storm.sabotage) {
        pthread_create(&saboteur, NULL, spoil, NULL);
    }
    if (end == CLOSE_IN_THE_MIDDLE || end == TERMINATE_IN_THE_MIDDLE) {
        usleep(random_below(state, 20000));
        end_pool(end);
    }
    for (unsigned i = 0; i < threads; i++) {
        pthread_join(thread[i], NULL);
    }
    if (end == CLOSE || end == TERMINATE) {
        end_pool(end);
    }
    storm.over = true;
    if (storm.sabotage) {
        pthread_join(saboteur, NULL);
    }
    storm.ended = storm.ended || end == READY;
    mp_pool_free(storm.pool);
    for (unsigned i = 0; i < threads * MOST_JOBS; i++) {
        get_job(&jobs[i / MOST_JOBS][i % MOST_JOBS]);
    }
}

static void have_a_storm(unsigned seed)
{
    static job jobs[MOST_THREADS][MOST_JOBS];
    unsigned state = seed;
    alarm((unsigned)patience(60));  // ends a test that hangs
    memset(jobs, 0, sizeof jobs);
    storm.seed = seed;
    storm.crashes = random_below(&state, 2) == 0;
    storm.sabotage = random_below(&state, 3) != 0;
    int workers = 1 + (int)random_below(&state, MOST_WORKERS);
    int most = random_below(&state, 3) == 0 ? 1 + (int)random_below(&state, 9)
                                            : 0;
    storm.pool = mp_pool_new(.processes = workers, .maxtasksperchild = most);
    ck_assert_msg(storm.pool != NULL, "%s", mp_error());
    storm.pool->batch = random_below(&state, 2000);
    storm.pool->board->spins = random_below(&state, 2000);
    unsigned threads = 1 + random_below(&state, MOST_THREADS);
    rage(jobs, threads, (enum end)random_below(&state, ENDS), &state);
    ck_assert_msg(storm.wrong == 0, "%d wrong, seed %u", (int)storm.wrong,
                  seed);
    ck_assert_int_eq(mp_active_children(NULL, 0), 0);
    ck_assert_int_eq(storm.called, storm.to_call);
}

static unsigned seed_of_now;

static void say_seed(int sig)
{
    (void)sig;
    fprintf(stderr, "# seed %u hangs\n", seed_of_now);
    abort();
}

static void have_storms(long rounds)
{
    const struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGALRM, say_seed);
    unsigned seed = (unsigned)from_environment("SEED", (long)getpid() * 10000);
    printf("seed %u\n", seed);
    fflush(stdout);
    int descriptors = -1;
    for (long i = 0; i < rounds; i++) {
        seed_of_now = seed + (unsigned)i;
        have_a_storm(seed_of_now);
        int server = mp_forkserver_pid() != MP_NONE ? 2 : 0;
        if (descriptors == -1) {  // the arena is there now
            descriptors = open_descriptors() - server;
        }
        ck_assert_int_eq(open_descriptors(), descriptors + server);
    }
    alarm(0);
    printf("%ld rounds: %d items, of which %d were reported as failed, %d "
           "workers struck, %d jobs refused\n",
           rounds, (int)storm.items, (int)storm.reported, (int)storm.strikes,
           (int)storm.refused);
}

static long rounds(void)
{
    const int often = in_full() ? 100 : ROUNDS;
    return from_environment("ROUNDS", how_many(often, 20000));
}

START_TEST(in_a_storm_every_result_is_right_or_reported)
{
    have_storms(under(FORK) ? rounds() : (rounds() + 19) / 20);
}
END_TEST

// ---- what must not grow ---------------------------------------------------

// How many bytes of the arena were ever taken: it begins with that number.
static size_t arena_used(void)
{
    return *(volatile size_t *)mp_shm_get_arena().address;
}

static void do_tasks(mp_pool *pool, long tasks)
{
    enum { MANY = 1000 };
    static item items[MANY];
    static outcome results[MANY];
    for (long done = 0; done < tasks; done += MANY) {
        for (int i = 0; i < MANY; i++) {
            items[i].number = (int)(done % 9973) + i;
            results[i] = (outcome){ -1, -1 };
        }
        must(mp_pool_map(pool, run, MP_ITEMS(items), MP_RESULTS(results)));
        for (int i = 0; i < MANY; i++) {
            long square = (long)items[i].number * items[i].number;
            ck_assert_msg(results[i].square == square &&
                              results[i].check == ~square,
                          "task %ld", done + i);
        }
        item one = { .number = (int)done % 9973 };
        outcome its = { -1, -1 };
        for (int i = 0; i < MANY / 50; i++) {
            must(mp_pool_apply(pool, run, MP_ITEM(one), MP_RESULT(its)));
        }
    }
}

START_TEST(many_tasks_leave_nothing)
{
    mp_pool *pool = mp_pool_new(.processes = 3);
    ck_assert_msg(pool != NULL, "%s", mp_error());
    do_tasks(pool, 20000);
    size_t arena = arena_used();
    int descriptors = open_descriptors();
    long memory = anonymous_memory();
    do_tasks(pool, how_many(TASKS, 1000 * 1000));
#ifndef UNIT_SANITIZED
    ck_assert_int_lt(anonymous_memory(), memory + 16);
#endif
    ck_assert_int_ge(memory, 0);
    ck_assert_int_eq(open_descriptors(), descriptors);
    ck_assert_uint_eq(arena_used(), arena);
    must(mp_pool_close(pool));
    must(mp_pool_join(pool));
    mp_pool_free(pool);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    unit_deadline((double)rounds() + 240);  // each storm has its own
    fact(FORK, many_tasks_leave_nothing);
    fact(ALL, in_a_storm_every_result_is_right_or_reported);
    return unit_main("pool campaign");
}
