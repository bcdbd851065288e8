// Semaphore, BoundedSemaphore and Event: two counts that processes wait for.

#include "unit.h"

#include <sched.h>

typedef struct {
    mp_semaphore semaphore;
    mp_event event;
    _Atomic int inside, most_inside;
    _Atomic int times, waiting, woken;
} page;

static page *new_page(int value)
{
    page *new = mp_array(page, 1);
    ck_assert_ptr_nonnull(new);
    must(mp_semaphore_init(&new->semaphore, value));
    return new;
}

// Starts so many and waits until all have ended well.
static void run_many(int count, int (*target)(void *), page *on)
{
    mp_process all[64];
    for (int i = 0; i < count; i++) {
        start_at(&all[i], target, on);
    }
    for (int i = 0; i < count; i++) {
        must(mp_process_join(&all[i], MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&all[i]), 0);
        must(mp_process_close(&all[i]));
    }
}

// ---- Semaphore ------------------------------------------------------------

START_TEST(a_semaphore_counts_down_to_zero_and_up_above_its_beginning)
{
    page *on = new_page(2);
    mp_semaphore *semaphore = &on->semaphore;
    for (int i = 2; i > 0; i--) {
        ck_assert_int_eq(mp_semaphore_get_value(semaphore), i);
        must(mp_semaphore_acquire(semaphore, MP_FOREVER));
    }
    ck_assert_refused(mp_semaphore_acquire(semaphore, 0), ETIMEDOUT,
                      "the semaphore's value is still 0");
    double before = mp_clock_now();
    ck_assert_int_eq(mp_semaphore_acquire(semaphore, 0.1), -1);
    ck_assert_int_eq(errno, ETIMEDOUT);
    ck_assert_double_ge(mp_clock_now() - before, 0.1);
    for (int i = 0; i < 4; i++) {
        must(mp_semaphore_release(semaphore));
    }
    ck_assert_int_eq(mp_semaphore_get_value(semaphore), 4);
    ck_assert_refused(mp_semaphore_init(semaphore, -1), EINVAL,
                      "semaphore initial value must be >= 0");
}
END_TEST

START_TEST(a_bounded_semaphore_is_not_released_above_its_beginning)
{
    mp_semaphore *semaphore = &new_page(0)->semaphore;
    must(mp_bounded_semaphore_init(semaphore, 1));
    ck_assert_refused(mp_semaphore_release(semaphore), EINVAL,
                      "semaphore or lock released too many times");
    ck_assert_int_eq(mp_semaphore_get_value(semaphore), 1);
    must(mp_semaphore_acquire(semaphore, 0));
    must(mp_semaphore_release(semaphore));
    must(mp_semaphore_init(semaphore, MP_SEM_VALUE_MAX));
    ck_assert_int_eq(mp_semaphore_release(semaphore), -1);
    ck_assert_int_eq(mp_bounded_semaphore_init(semaphore, -1), -1);
}
END_TEST

static int enter_and_leave(void *args)
{
    page *on = *(page **)args;
    for (int i = 0; i < on->times; i++) {
        if (mp_semaphore_acquire(&on->semaphore, MP_FOREVER) == -1) {
            return 1;
        }
        int inside = atomic_fetch_add(&on->inside, 1) + 1;
        int most = atomic_load(&on->most_inside);
        while (inside > most && !atomic_compare_exchange_weak(
                                    &on->most_inside, &most, inside)) {
        }
        atomic_fetch_sub(&on->inside, 1);
        if (mp_semaphore_release(&on->semaphore) == -1) {
            return 1;
        }
    }
    return 0;
}

static int enter_in_a_storm(void *args)
{
    signal_storm(100);
    int failed = enter_and_leave(args);
    signal_storm(0);
    return failed;
}

START_TEST(never_more_are_inside_than_it_lets_in_and_no_count_is_lost)
{
    for (int processes = 2; processes <= 16; processes *= 2) {
        page *on = new_page(3);
        on->times = how_many(in_full() ? 100000 : 10000, 1000000) /
                    processes;
        run_many(processes, under(FORK) ? enter_in_a_storm : enter_and_leave,
                 on);
        ck_assert_int_eq(mp_semaphore_get_value(&on->semaphore), 3);
        ck_assert(on->most_inside <= 3);
    }
}
END_TEST

static page *scene;
static mp_process other;

static int acquire_and_release(void *args)
{
    page *on = args;
    return mp_semaphore_acquire(&on->semaphore, MP_FOREVER) |
           mp_semaphore_release(&on->semaphore);
}

static int other_acquires(void *args)
{
    return acquire_and_release(*(page **)args);
}

static void begin_at_zero(void)
{
    must(mp_semaphore_init(&scene->semaphore, 0));
    start_at(&other, other_acquires, scene);
}

static void release_scene(void *args)
{
    must(mp_semaphore_release(&((page *)args)->semaphore));
}

// What the killed one had is lost, but not more. Where the other one waits for
// it, the test gives it back.
static void expect_other_to_get_it(const stepped *killed)
{
    if (killed->when_asleep != NULL) {
        release_scene(scene);
    }
    bool ended, has_it;
    do {
        ended = mp_process_join(&other, 0.1) == 0;
        has_it = !ended && mp_semaphore_get_value(&scene->semaphore) == 0 &&
                 state_of(mp_process_pid(&other)) == 'S';
    } while (!ended && !has_it);
    if (has_it) {
        release_scene(scene);
    }
    ck_assert_msg(mp_process_join(&other, patience(5)) == 0,
                  "%s, at instruction %d", mp_error(), killed->steps);
    ck_assert_int_eq(mp_process_exitcode(&other), 0);
    must(mp_process_close(&other));
    int value = mp_semaphore_get_value(&scene->semaphore);
    ck_assert(value == 1 || (value == 0 && !has_it && !killed->ended));
}

START_TEST(killed_at_any_instruction_one_has_its_own_share_at_most)
{
    scene = new_page(0);
    kill_at_every_step((stepped){ .act = acquire_and_release, .args = scene,
                                  .when_asleep = release_scene },
                       begin_at_zero, expect_other_to_get_it);
}
END_TEST

// ---- Event ----------------------------------------------------------------

static int set_each(void *args)
{
    mp_event *_Atomic *event = *(mp_event *_Atomic **)args;
    mp_event *given;
    while ((given = atomic_exchange(event, NULL)) != (mp_event *)event) {
        if (given != NULL) {
            mp_event_set(given);
        } else {
            sched_yield();
        }
    }
    return 0;
}

// As of a semaphore in POSIX, sem_destroy(3): once the wait is over, the memory
// is the waiter's, also where the other process has not returned from set.
START_TEST(an_event_that_was_waited_for_may_be_freed_at_once)
{
    struct { mp_event *_Atomic *event; } args = { mp_array(mp_event *_Atomic,
                                                           1) };
    mp_process p;
    must(mp_process_init(&p, .target = set_each, MP_ARGS(args)));
    must(mp_process_start(&p));
    for (int i = 0; i < how_many(3000, 20000); i++) {
        mp_event *event = mp_array(mp_event, 1);
        atomic_store(args.event, event);
        must(mp_event_wait(event, MP_FOREVER));
        mp_shm_free(event);
        uint32_t *ours = mp_array(uint32_t, 4);
        for (int k = 0; k < 3; k++) {
            sched_yield();
        }
        for (int k = 0; k < 4; k++) {
            ck_assert_uint_eq(ours[k], 0);
        }
        mp_shm_free(ours);
    }
    atomic_store(args.event, (mp_event *)args.event);
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
    mp_shm_free((void *)args.event);
}
END_TEST

START_TEST(an_event_is_set_and_cleared_as_often_as_you_like)
{
    mp_event *event = &new_page(0)->event;
    for (int i = 0; i < 2; i++) {
        ck_assert(!mp_event_is_set(event));
        ck_assert_refused(mp_event_wait(event, 0), ETIMEDOUT,
                          "the event is still not set");
        double before = mp_clock_now();
        ck_assert_int_eq(mp_event_wait(event, 0.05), -1);
        ck_assert_double_ge(mp_clock_now() - before, 0.05);
        mp_event_set(event);
        mp_event_set(event);
        ck_assert(mp_event_is_set(event));
        must(mp_event_wait(event, 0));
        must(mp_event_wait(event, MP_FOREVER));
        mp_event_clear(event);
        mp_event_clear(event);
    }
}
END_TEST

static int wait_for_event(void *args)
{
    page *on = *(page **)args;
    on->waiting++;
    int got = mp_event_wait(&on->event, MP_FOREVER);
    on->woken++;
    return got;
}

static void wait_for_sleepers(page *on, unsigned count)
{
    while (atomic_load(&on->event.changes.sleepers) < count) {
        usleep(1000);
    }
    usleep(10000);  // counted, and then asleep
}

START_TEST(set_lets_all_go_by_one_system_call_also_if_it_is_cleared_at_once)
{
    enum { MANY = 64 };
    mp_process all[MANY];
    page *on = new_page(0);
    for (int i = 0; i < MANY; i++) {
        start_at(&all[i], wait_for_event, on);
    }
    wait_for_sleepers(on, MANY);
    futex_calls = 0;
    mp_event_set(&on->event);
    ck_assert_int_eq(futex_calls, 1);
    mp_event_clear(&on->event);
    for (int i = 0; i < MANY; i++) {
        join_and_close(&all[i]);
    }
    ck_assert_int_eq(on->woken, MANY);
    mp_event_set(&on->event);
    ck_assert_int_eq(futex_calls, 1);
}
END_TEST

static int set_it(void *args)
{
    mp_event_set(&((page *)args)->event);
    return 0;
}

static void begin_with_a_waiter(void)
{
    mp_event_clear(&scene->event);
    scene->event.changes.sleepers = 0;
    start_at(&other, wait_for_event, scene);
    wait_for_sleepers(scene, 1);
}

static void expect_waiter_to_go_on(const stepped *killed)
{
    if (!mp_event_is_set(&scene->event)) {
        mp_event_set(&scene->event);
    }
    ck_assert_msg(mp_process_join(&other, patience(5)) == 0,
                  "%s, at instruction %d", mp_error(), killed->steps);
    must(mp_process_close(&other));
}

START_TEST(who_sets_an_event_may_be_killed_at_any_instruction)
{
    scene = new_page(0);
    kill_at_every_step((stepped){ .act = set_it, .args = scene },
                       begin_with_a_waiter, expect_waiter_to_go_on);
}
END_TEST

static int wait_for_it(void *args)
{
    return wait_for_event(&args);
}

static void set_scene(void *args)
{
    set_it(args);
}

START_TEST(who_waits_for_an_event_may_be_killed_at_any_instruction)
{
    scene = new_page(0);
    kill_at_every_step((stepped){ .act = wait_for_it, .args = scene,
                                  .when_asleep = set_scene },
                       begin_with_a_waiter, expect_waiter_to_go_on);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    unit_deadline(how_many(120, 1200));
    fact(FORK, a_semaphore_counts_down_to_zero_and_up_above_its_beginning);
    fact(FORK, a_bounded_semaphore_is_not_released_above_its_beginning);
    fact(ALL, never_more_are_inside_than_it_lets_in_and_no_count_is_lost);
    fact(FORK, killed_at_any_instruction_one_has_its_own_share_at_most);
    fact(FORK, an_event_is_set_and_cleared_as_often_as_you_like);
    fact(FORK, an_event_that_was_waited_for_may_be_freed_at_once);
    fact(ALL, set_lets_all_go_by_one_system_call_also_if_it_is_cleared_at_once);
    fact(FORK, who_sets_an_event_may_be_killed_at_any_instruction);
    fact(FORK, who_waits_for_an_event_may_be_killed_at_any_instruction);
    return unit_main("semaphore");
}
