// Many processes, many threads, many signals: what must not grow, race or tear.
//
// Threads and the children that they start assert nothing: an assertion takes
// a lock of Check's own, which a child could inherit locked. They count.

#include "unit.h"

#include <pthread.h>

// A new image is dearer than a copy, and a sanitizer makes every fork ten times
// as dear.
static int many(void)
{
#ifdef UNIT_SANITIZED
    return how_many(100, 300);
#else
    return under(FORK) ? how_many(1000, 10000) : how_many(200, 2000);
#endif
}

// Whether memory may be measured: a sanitizer keeps what was freed.
#ifdef UNIT_SANITIZED
#define ck_assert_no_growth(before, most) (void)(before)
#else
#define ck_assert_no_growth(before, most) \
    ck_assert_int_lt(anonymous_memory(), (before) + (most))
#endif

static void one_after_another(int count)
{
    for (int i = 0; i < count; i++) {
        mp_process p;
        int status = i % 256;
        must(mp_process_init(&p, .target = return_number, MP_ARGS(status)));
        must(mp_process_start(&p));
        must(mp_process_join(&p, MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&p), status);
        must(mp_process_close(&p));
    }
}

START_TEST(many_one_after_another_leave_nothing)
{
    one_after_another(100);
    long memory = anonymous_memory();
    int descriptors = open_descriptors();
    one_after_another(many());
    ck_assert_int_eq(open_descriptors(), descriptors);
    ck_assert_no_growth(memory, 16);
}
END_TEST

static void at_once(int count)
{
    static mp_process all[1000];
    ck_assert_int_ge(1000, count);
    for (int i = 0; i < count; i++) {
        must(mp_process_init(&all[i], .target = wait_forever));
        must(mp_process_start(&all[i]));
    }
    ck_assert_int_eq(mp_active_children(NULL, 0), count);
    for (int i = 0; i < count; i++) {
        must(mp_process_kill(&all[i]));
    }
    for (int i = 0; i < count; i++) {
        must(mp_process_join(&all[i], MP_FOREVER));
        must(mp_process_close(&all[i]));
    }
}

START_TEST(neither_do_many_at_once)
{
    int count = many() / 10;
    at_once(count);
    long memory = anonymous_memory();
    int descriptors = open_descriptors();
    at_once(count);
    ck_assert_int_eq(open_descriptors(), descriptors);
    ck_assert_no_growth(memory, 16);
}
END_TEST

// ---- eight threads, one child ---------------------------------------------

enum { THREADS = 8 };

// No leak check at its end: threads would mislead it (platform.h).
static int leave_with_number(void *args)
{
    _exit(*(int *)args);
}

static mp_process joined;
static pthread_barrier_t line;

static void *join_each(void *good)
{
    for (int i = 0; i < many() / 10; i++) {
        pthread_barrier_wait(&line);  // it has been started
        if (mp_process_join(&joined, MP_FOREVER) == 0 &&
            mp_process_exitcode(&joined) == i % 256 &&
            mp_process_is_alive(&joined) == 0) {
            ++*(int *)good;
        }
        pthread_barrier_wait(&line);  // all have joined it
    }
    return NULL;
}

START_TEST(eight_threads_join_one_child_many_times)
{
    pthread_t threads[THREADS];
    int good[THREADS] = { 0 };
    pthread_barrier_init(&line, NULL, THREADS + 1);
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, join_each, &good[i]);
    }
    for (int i = 0; i < many() / 10; i++) {
        int status = i % 256;
        mp_process_init(&joined, .target = leave_with_number,
                        MP_ARGS(status));
        mp_process_start(&joined);
        pthread_barrier_wait(&line);
        pthread_barrier_wait(&line);
        mp_process_close(&joined);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(good[i], many() / 10);
    }
    pthread_barrier_destroy(&line);
}
END_TEST

// ---- signals --------------------------------------------------------------

START_TEST(a_storm_of_signals_disturbs_neither_start_nor_join)
{
    signal_storm(100);
    one_after_another(many() / 10);
    signal_storm(0);
}
END_TEST

// ---- raw forks among them -------------------------------------------------

START_TEST(raw_forks_and_processes_mix)
{
    for (int i = 0; i < many() / 50; i++) {
        mp_process p;
        int status = i % 256;
        must(mp_process_init(&p, .target = return_number, MP_ARGS(status)));
        pid_t before = fork();
        if (before == 0) {
            exit(1);
        }
        must(mp_process_start(&p));
        pid_t after = fork();
        if (after == 0) {
            exit(2);
        }
        must(mp_process_join(&p, MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&p), status);
        int ended;
        ck_assert_int_eq(waitpid(before, &ended, 0), before);
        ck_assert_int_eq(WEXITSTATUS(ended), 1);
        ck_assert_int_eq(waitpid(after, &ended, 0), after);
        ck_assert_int_eq(WEXITSTATUS(ended), 2);
        must(mp_process_close(&p));
    }
}
END_TEST

static _Atomic bool enough;

static void *fork_until_told(void *unused)
{
    (void)unused;
    while (!enough) {
        pid_t pid = fork();
        if (pid == 0) {
            _exit(0);
        }
        waitpid(pid, NULL, 0);
    }
    return NULL;
}

START_TEST(another_thread_may_fork_during_starts_and_joins)
{
    pthread_t thread;
    pthread_create(&thread, NULL, fork_until_told, NULL);
    one_after_another(many() / 10);
    enough = true;
    pthread_join(thread, NULL);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(ALL, many_one_after_another_leave_nothing);
    fact(ALL, neither_do_many_at_once);
    fact(ALL, eight_threads_join_one_child_many_times);
    fact(ALL, a_storm_of_signals_disturbs_neither_start_nor_join);
    fact(ALL, raw_forks_and_processes_mix);
    fact(ALL, another_thread_may_fork_during_starts_and_joins);
    return unit_main("campaign");
}
