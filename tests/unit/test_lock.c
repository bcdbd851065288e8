// Lock and RLock: who has it, who may release it, and that nobody keeps it who
// is dead.

#include "unit.h"

#include <pthread.h>
#include <sys/prctl.h>

// What processes share, and are told the address of.
typedef struct {
    mp_lock lock;
    mp_rlock rlock;
    volatile long first, second;  // protected by the lock: equal, when it is
                                  // free
    volatile int times;           // that each process or thread counts
    bool recursive;
} page;

static page *new_page(void)
{
    page *new = mp_array(page, 1);
    ck_assert_ptr_nonnull(new);
    return new;
}

// ---- the contract ---------------------------------------------------------

static int try_it(void *args)
{
    return mp_lock_acquire(&(*(page **)args)->lock, 0) == 0;
}

START_TEST(a_taken_lock_is_not_had_at_once_nor_within_the_time_out)
{
    page *on = new_page();
    must(mp_lock_acquire(&on->lock, MP_FOREVER));
    ck_assert_int_eq(exitcode_at(try_it, on), 0);
    ck_assert_int_eq(mp_lock_acquire(&on->lock, 0), -1);
    ck_assert_int_eq(errno, ETIMEDOUT);
    ck_assert_int_eq(mp_lock_acquire(&on->lock, -1), -1);
    double before = mp_clock_now();
    ck_assert_int_eq(mp_lock_acquire(&on->lock, 0.1), -1);
    ck_assert_int_eq(errno, ETIMEDOUT);
    ck_assert_double_ge(mp_clock_now() - before, 0.1);
    must(mp_lock_release(&on->lock));
    ck_assert_int_eq(exitcode_at(try_it, on), 1);
}
END_TEST

static int release_it(void *args)
{
    return mp_lock_release(&(*(page **)args)->lock);
}

START_TEST(any_process_or_thread_may_release_a_lock)
{
    page *on = new_page();
    must(mp_lock_acquire(&on->lock, MP_FOREVER));
    ck_assert_int_eq(exitcode_at(release_it, on), 0);
    must(mp_lock_acquire(&on->lock, 0));
    in_thread(release_it, &on);
    must(mp_lock_acquire(&on->lock, 0));
    must(mp_lock_release(&on->lock));
}
END_TEST

START_TEST(a_lock_that_nobody_holds_is_not_released)
{
    page *on = new_page();
    ck_assert_refused(mp_lock_release(&on->lock), EINVAL,
                      "semaphore or lock released too many times");
    must(mp_lock_acquire(&on->lock, 0));
    must(mp_lock_release(&on->lock));
}
END_TEST

// Says by its bits whether another may acquire an RLock, and release it.
static int use_rlock(void *args)
{
    mp_rlock *rlock = &(*(page **)args)->rlock;
    int released = mp_rlock_release(rlock) == 0 || errno != EPERM;
    int got = mp_rlock_acquire(rlock, 0) == 0;
    return released << 1 | got;
}

START_TEST(only_its_owner_takes_an_rlock_again_and_releases_it_as_often)
{
    page *on = new_page();
    for (int i = 0; i < 3; i++) {
        must(mp_rlock_acquire(&on->rlock, MP_FOREVER));
    }
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(exitcode_at(use_rlock, on), 0);
        ck_assert_int_eq(in_thread(use_rlock, &on), 0);
        must(mp_rlock_release(&on->rlock));
    }
    ck_assert_refused(
        mp_rlock_release(&on->rlock), EPERM,
        "attempt to release recursive lock not owned by thread");
    ck_assert_int_eq(exitcode_at(use_rlock, on), 1);
}
END_TEST

START_TEST(a_child_of_fork_does_not_own_what_its_parent_holds)
{
    page *on = new_page();
    int status;
    must(mp_rlock_acquire(&on->rlock, 0));
    pid_t pid = fork();
    if (pid == 0) {
        _exit(use_rlock(&on));
    }
    waitpid(pid, &status, 0);
    ck_assert_int_eq(status, 0);
    must(mp_rlock_release(&on->rlock));
}
END_TEST

// Strict seccomp(2), which is 1, kills a process at its first system call, but
// for three.
START_TEST(a_free_lock_is_taken_and_released_without_a_system_call)
{
    page *on = new_page();
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        mp_rlock_acquire(&on->rlock, 0);  // it learns who it is
        mp_rlock_release(&on->rlock);
        prctl(PR_SET_SECCOMP, 1);
        for (int i = 0; i < 1000; i++) {
            mp_lock_acquire(&on->lock, MP_FOREVER);
            mp_lock_release(&on->lock);
            mp_rlock_acquire(&on->rlock, MP_FOREVER);
            mp_rlock_release(&on->rlock);
        }
        syscall(SYS_exit, 0);
    }
    waitpid(pid, &status, 0);
    ck_assert_int_eq(status, 0);
}
END_TEST

// ---- counting -------------------------------------------------------------

static int count(void *args)
{
    page *on = *(page **)args;
    for (int i = 0; i < on->times; i++) {
        if ((on->recursive ? mp_rlock_acquire(&on->rlock, MP_FOREVER)
                           : mp_lock_acquire(&on->lock, MP_FOREVER)) != 0) {
            return 1;
        }
        on->first++;
        if (on->recursive ? mp_rlock_release(&on->rlock)
                          : mp_lock_release(&on->lock)) {
            return 1;
        }
    }
    return 0;
}

static int count_in_a_storm(void *args)
{
    signal_storm(100);
    int failed = count(args);
    signal_storm(0);
    return failed;
}

static void count_by(int processes, int (*target)(void *), bool recursive)
{
    mp_process all[16];
    page *on = new_page();
    on->times = how_many(in_full() ? 200000 : 20000, 2000000) / processes;
    on->recursive = recursive;
    for (int i = 0; i < processes; i++) {
        start_at(&all[i], target, on);
    }
    for (int i = 0; i < processes; i++) {
        must(mp_process_join(&all[i], MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&all[i]), 0);
        must(mp_process_close(&all[i]));
    }
    ck_assert_int_eq(on->first, (long)on->times * processes);
}

START_TEST(two_to_sixteen_processes_lose_no_count)
{
    for (int processes = 2; processes <= 16; processes *= 2) {
        count_by(processes, count, false);
        count_by(processes, count, true);
    }
}
END_TEST

static int count_in_four_threads(void *args)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        pthread_create(&threads[i], NULL,
                       (void *(*)(void *))(uintptr_t)count, args);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}

START_TEST(threads_of_several_processes_lose_no_count)
{
    mp_process all[3];
    page *on = new_page();
    on->times = how_many(20000, 200000);
    for (int i = 0; i < 3; i++) {
        start_at(&all[i], count_in_four_threads, on);
    }
    for (int i = 0; i < 3; i++) {
        join_and_close(&all[i]);
    }
    ck_assert_int_eq(on->first, 12L * on->times);
}
END_TEST

START_TEST(signals_end_no_wait_and_lose_no_count)
{
    count_by(4, count_in_a_storm, false);
}
END_TEST

// ---- killed holders -------------------------------------------------------

static int take_and_wait(void *args)
{
    page *on = *(page **)args;
    mp_lock_acquire(&on->lock, MP_FOREVER);
    mp_rlock_acquire(&on->rlock, MP_FOREVER);
    mp_rlock_acquire(&on->rlock, MP_FOREVER);
    on->first = 1;
    return wait_forever(NULL);
}

START_TEST(a_killed_holder_is_told_of_and_the_lock_is_ours)
{
    page *on = new_page();
    mp_process p;
    start_at(&p, take_and_wait, on);
    while (on->first == 0) {
        usleep(1000);
    }
    kill(mp_process_pid(&p), SIGSTOP);
    ck_assert_int_eq(mp_lock_acquire(&on->lock, 0.1), -1);  // it lives
    must(mp_process_kill(&p));  // nobody reaps it
    char sentence[200];
    snprintf(sentence, sizeof sentence, "the previous owner died, process %d: "
             "what it was changing may be half done", (int)mp_process_pid(&p));
    double before = mp_clock_now();
    ck_assert_int_eq(mp_lock_acquire(&on->lock, MP_FOREVER), 1);
    ck_assert(mp_clock_now() - before < patience(1));
    ck_assert_str_eq(mp_error(), sentence);
    must(mp_lock_release(&on->lock));
    ck_assert_int_eq(mp_lock_acquire(&on->lock, MP_FOREVER), 0);
    ck_assert_int_eq(mp_rlock_acquire(&on->rlock, 0), 1);  // also at once
    must(mp_rlock_release(&on->rlock));
    ck_assert_int_eq(mp_rlock_release(&on->rlock), -1);
    join_and_close(&p);
}
END_TEST

static int take_and_end(void *args)
{
    return mp_lock_acquire(&(*(page **)args)->lock, MP_FOREVER);
}

START_TEST(who_ends_and_is_reaped_keeps_no_lock)
{
    page *on = new_page();
    ck_assert_int_eq(exitcode_at(take_and_end, on), 0);
    ck_assert_int_eq(mp_lock_acquire(&on->lock, MP_FOREVER), 1);
}
END_TEST

START_TEST(a_later_process_with_the_same_pid_is_not_the_owner)
{
    page *on = new_page();
    must(mp_lock_acquire(&on->lock, 0));
    ck_assert_int_eq(mp_lock_acquire(&on->lock, 0.05), -1);
    on->lock.word ^= (mp_owner)1 << 50;  // it started at another time
    ck_assert_int_eq(mp_lock_acquire(&on->lock, 0.05), 1);
}
END_TEST

// ---- killed at every instruction ------------------------------------------

static page *scene;
static mp_process other;

static int use(void *args)
{
    page *on = args;
    int got = mp_lock_acquire(&on->lock, MP_FOREVER);
    if (got == 1) {
        on->second = on->first;
    }
    if (on->first != on->second) {
        return 1;
    }
    on->first++;
    on->second++;
    return mp_lock_release(&on->lock);
}

static int use_other(void *args)
{
    return use(*(page **)args);
}

static void begin_alone(void)
{
    scene->first = scene->second = 0;
    ck_assert_uint_eq(scene->lock.word, 0);
}

static void expect_a_sound_lock(const stepped *killed)
{
    bool held = scene->lock.word != 0;
    int got = mp_lock_acquire(&scene->lock, patience(5));
    ck_assert_msg(got == held, "%s, at instruction %d", mp_error(),
                  killed->steps);
    ck_assert(got == 1 || scene->first == scene->second);
    must(mp_lock_release(&scene->lock));
}

START_TEST(a_holder_may_be_killed_at_any_instruction)
{
    scene = new_page();
    kill_at_every_step((stepped){ .act = use, .args = scene }, begin_alone,
                       expect_a_sound_lock);
}
END_TEST

// We hold the lock; one that is stepped waits, and another one, too.
static void begin_held(void)
{
    must(mp_lock_acquire(&scene->lock, 0));
    scene->first = scene->second = 0;
    start_at(&other, use_other, scene);
}

static void release_scene(void *args)
{
    must(mp_lock_release(&((page *)args)->lock));
}

static void expect_other_to_end(const stepped *killed)
{
    if (killed->when_asleep != NULL) {
        release_scene(scene);
    }
    ck_assert_msg(mp_process_join(&other, patience(5)) == 0,
                  "%s, at instruction %d", mp_error(), killed->steps);
    ck_assert_int_eq(mp_process_exitcode(&other), 0);
    must(mp_process_close(&other));
    expect_a_sound_lock(killed);
}

START_TEST(a_waiter_may_be_killed_at_any_instruction)
{
    scene = new_page();
    kill_at_every_step((stepped){ .act = use, .args = scene,
                                  .when_asleep = release_scene },
                       begin_held, expect_other_to_end);
}
END_TEST

// ---- killed at random -----------------------------------------------------

static int use_for_ever(void *args)
{
    while (use(*(page **)args) == 0) {
    }
    shared[0]++;  // found the two unequal, and was told of no death
    return 1;
}

START_TEST(random_kills_stop_nobody_and_are_all_told_of)
{
    enum { MANY = 4 };
    mp_process all[MANY];
    unsigned seed = (unsigned)getpid();
    scene = new_page();
    for (int i = 0; i < MANY; i++) {
        start_at(&all[i], use_for_ever, scene);
    }
    for (int i = 0; i < how_many(in_full() ? 500 : 50, 20000); i++) {
        int one = rand_r(&seed) % MANY;
        usleep((useconds_t)rand_r(&seed) % 2000);
        must(mp_process_kill(&all[one]));
        join_and_close(&all[one]);
        start_at(&all[one], use_for_ever, scene);
        ck_assert_int_ge(mp_lock_acquire(&scene->lock, patience(10)), 0);
        scene->second = scene->first;
        must(mp_lock_release(&scene->lock));
    }
    for (int i = 0; i < MANY; i++) {
        must(mp_process_kill(&all[i]));
        join_and_close(&all[i]);
    }
    ck_assert_int_eq(shared[0], 0);
    printf("%ld sections\n", (long)scene->first);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    unit_deadline(how_many(120, 1200));
    fact(ALL, a_taken_lock_is_not_had_at_once_nor_within_the_time_out);
    fact(ALL, any_process_or_thread_may_release_a_lock);
    fact(FORK, a_lock_that_nobody_holds_is_not_released);
    fact(ALL, only_its_owner_takes_an_rlock_again_and_releases_it_as_often);
    fact(FORK, a_child_of_fork_does_not_own_what_its_parent_holds);
    fact(FORK, a_free_lock_is_taken_and_released_without_a_system_call);
    fact(ALL, two_to_sixteen_processes_lose_no_count);
    fact(ALL, threads_of_several_processes_lose_no_count);
    fact(FORK, signals_end_no_wait_and_lose_no_count);
    fact(ALL, a_killed_holder_is_told_of_and_the_lock_is_ours);
    fact(ALL, who_ends_and_is_reaped_keeps_no_lock);
    fact(FORK, a_later_process_with_the_same_pid_is_not_the_owner);
    fact(FORK, a_holder_may_be_killed_at_any_instruction);
    fact(FORK, a_waiter_may_be_killed_at_any_instruction);
    fact(FORK, random_kills_stop_nobody_and_are_all_told_of);
    return unit_main("lock");
}
