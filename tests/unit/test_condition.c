// Condition: whom notify wakes, and that no wake-up is lost with a process that
// is killed, or held up by one that is stopped.

#include "unit.h"

typedef struct {
    mp_condition condition;
    mp_lock lock;
    bool plain;            // the condition has the lock above
    volatile int items;    // protected by the lock, as what follows
    volatile int took, timed_out;
    volatile int produced, times;
} page;

static page *new_page(bool plain)
{
    page *new = mp_array(page, 1);
    ck_assert_ptr_nonnull(new);
    new->condition.lock = plain ? &new->lock : NULL;
    return new;
}

static void acquire(page *on)
{
    ck_assert_int_eq(mp_condition_acquire(&on->condition, patience(10)), 0);
}

static void release(page *on)
{
    must(mp_condition_release(&on->condition));
}

// How many words of the list say this.
static int words(const page *on, mp_owner use)
{
    int count = 0;
    for (int i = 0; i < MP_WAITERS_MOST; i++) {
        count += MP_OWNER_USE(on->condition.waiters.words[i]) == use;
    }
    return count;
}

static void wait_for_waiters(const page *on, int count)
{
    while (words(on, MP_WAITS) < count) {
        usleep(1000);
    }
}

// ---- the contract ---------------------------------------------------------

// Waits once, without a state. Its exit code is 0 if it was notified.
static int wait_once(void *args)
{
    page *on = *(page **)args;
    mp_condition_acquire(&on->condition, MP_FOREVER);
    int got = mp_condition_wait(&on->condition, MP_FOREVER);
    on->took++;
    return mp_condition_release(&on->condition) == 0 ? got : 2;
}

static int wait_for_a_moment(void *args)
{
    page *on = *(page **)args;
    mp_condition_acquire(&on->condition, MP_FOREVER);
    int got = mp_condition_wait(&on->condition, 0.1);
    on->timed_out += got == -1 && errno == ETIMEDOUT;
    return mp_condition_release(&on->condition) == 0 && got == -1 ? 0 : 1;
}

static void notify(page *on, int most)
{
    acquire(on);
    must(mp_condition_notify(&on->condition, most));
    release(on);
}

static void expect_to_have_taken(const page *on, int count)
{
    double deadline = mp_clock_deadline(patience(5));
    while (on->took < count && mp_clock_now() < deadline) {
        usleep(1000);
    }
    usleep(50000);  // for one too many
    ck_assert_int_eq(on->took, count);
}

START_TEST(notify_wakes_at_most_as_many_as_it_says_and_notify_all_all)
{
    for (int plain = 0; plain < 2; plain++) {
        enum { MANY = 6 };
        mp_process all[MANY];
        page *on = new_page(plain);
        notify(on, 3);  // is not kept for later
        for (int i = 0; i < MANY; i++) {
            start_at(&all[i], wait_once, on);
        }
        wait_for_waiters(on, MANY);
        ck_assert_int_eq(exitcode_at(wait_for_a_moment, on), 0);
        notify(on, 1);  // not for the one whose time is over
        expect_to_have_taken(on, 1);
        notify(on, 2);
        expect_to_have_taken(on, 3);
        acquire(on);
        futex_calls = 0;
        must(mp_condition_notify_all(&on->condition));
        ck_assert_int_eq(futex_calls, 1);
        release(on);
        for (int i = 0; i < MANY; i++) {
            must(mp_process_join(&all[i], MP_FOREVER));
            ck_assert_int_eq(mp_process_exitcode(&all[i]), 0);
            must(mp_process_close(&all[i]));
        }
        ck_assert_int_eq(words(on, 0), MP_WAITERS_MOST);
    }
}
END_TEST

START_TEST(threads_wait_and_are_woken_as_processes_are)
{
    page *on = new_page(false);
    mp_process p;
    start_at(&p, wait_once, on);
    wait_for_waiters(on, 1);
    ck_assert_int_eq(in_thread(wait_for_a_moment, &on), 0);
    notify(on, 1);
    join_and_close(&p);
    ck_assert_int_eq(on->took, 1);
}
END_TEST

START_TEST(who_has_waited_longest_is_woken_first)
{
    enum { MANY = 5 };
    mp_process all[MANY];
    page *on = new_page(false);
    for (int i = 0; i < MANY; i++) {
        start_at(&all[i], wait_once, on);
        wait_for_waiters(on, i + 1);
    }
    for (int i = 0; i < MANY; i++) {
        notify(on, 1);
        must(mp_process_join(&all[i], patience(5)));
        ck_assert_int_eq(on->took, i + 1);
        must(mp_process_close(&all[i]));
    }
}
END_TEST

static int notify_in_vain(void *args)
{
    mp_condition *condition = &(*(page **)args)->condition;
    return mp_condition_notify(condition, 1) == -1 && errno == EPERM &&
                   mp_condition_wait(condition, 0) == -1 && errno == EPERM
               ? 0
               : 1;
}

START_TEST(without_the_lock_nobody_waits_or_notifies)
{
    for (int plain = 0; plain < 2; plain++) {
        page *on = new_page(plain);
        ck_assert_refused(mp_condition_wait(&on->condition, 0), EPERM,
                          "must acquire() condition before using wait()");
        ck_assert_refused(mp_condition_notify(&on->condition, 1), EPERM,
                          "lock is not owned");
        ck_assert_refused(mp_condition_notify_all(&on->condition), EPERM,
                          "lock is not owned");
        acquire(on);
        ck_assert_int_eq(exitcode_at(notify_in_vain, on), 0);
        ck_assert_int_eq(in_thread(notify_in_vain, &on), 0);
        release(on);
    }
}
END_TEST

static int acquire_at_once(void *args)
{
    return mp_condition_acquire(&(*(page **)args)->condition, patience(2));
}

START_TEST(a_wait_gives_up_all_levels_of_the_rlock_and_takes_them_back)
{
    page *on = new_page(false);
    mp_process p;
    for (int i = 0; i < 3; i++) {
        acquire(on);
    }
    start_at(&p, acquire_at_once, on);  // it ends with the lock
    int got = mp_condition_wait(&on->condition, patience(1));
    ck_assert(got == 1 || errno == ETIMEDOUT);
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
    for (int i = 0; i < 3; i++) {
        release(on);
    }
    ck_assert_int_eq(mp_condition_release(&on->condition), -1);
}
END_TEST

static bool are_two(void *args)
{
    return ((page *)args)->items == 2;
}

static int add_two(void *args)
{
    page *on = *(page **)args;
    for (int i = 0; i < 2; i++) {
        usleep(10000);
        mp_condition_acquire(&on->condition, MP_FOREVER);
        on->items++;
        mp_condition_notify_all(&on->condition);
        mp_condition_release(&on->condition);
    }
    return 0;
}

START_TEST(wait_for_waits_for_a_predicate_within_one_time_out)
{
    page *on = new_page(false);
    mp_process p;
    acquire(on);
    double before = mp_clock_now();
    ck_assert_int_eq(mp_condition_wait_for(&on->condition, are_two, on, 0.1),
                     -1);
    ck_assert_int_eq(errno, ETIMEDOUT);
    ck_assert_double_ge(mp_clock_now() - before, 0.1);
    start_at(&p, add_two, on);
    ck_assert_int_eq(mp_condition_wait_for(&on->condition, are_two, on,
                                           MP_FOREVER), 0);
    ck_assert_int_eq(mp_condition_wait_for(&on->condition, are_two, on, 0), 0);
    release(on);
    join_and_close(&p);
}
END_TEST

// ---- producers and consumers ----------------------------------------------

static int consume(void *args)
{
    page *on = *(page **)args;
    bool goes_on = true;
    while (goes_on) {
        mp_condition_acquire(&on->condition, MP_FOREVER);
        while (on->items == 0 && on->took < on->times) {
            mp_condition_wait(&on->condition, MP_FOREVER);
        }
        goes_on = on->took < on->times;
        on->items -= goes_on;
        on->took += goes_on;
        if (on->took == on->times) {
            mp_condition_notify_all(&on->condition);
        }
        mp_condition_release(&on->condition);
    }
    return 0;
}

static int consume_in_a_storm(void *args)
{
    signal_storm(200);
    int failed = consume(args);
    signal_storm(0);
    return failed;
}

START_TEST(each_item_is_taken_once_and_none_waits)
{
    for (int consumers = 1; consumers <= 8; consumers *= 2) {
        mp_process all[8];
        page *on = new_page(consumers % 3 == 0);
        on->times = how_many(in_full() ? 10000 : 1000, 200000);
        for (int i = 0; i < consumers; i++) {
            start_at(&all[i], under(FORK) ? consume_in_a_storm : consume, on);
        }
        for (int i = 0; i < on->times; i++) {
            acquire(on);
            on->items++;
            must(mp_condition_notify(&on->condition, 1));
            release(on);
        }
        for (int i = 0; i < consumers; i++) {
            join_and_close(&all[i]);
        }
        ck_assert_int_eq(on->took, on->times);
        ck_assert_int_eq(on->items, 0);
    }
}
END_TEST

// ---- stopped and killed ---------------------------------------------------

START_TEST(a_stopped_waiter_holds_up_no_notify_and_keeps_its_wake_up)
{
    mp_process p;
    page *on = new_page(false);
    start_at(&p, wait_once, on);
    wait_for_waiters(on, 1);
    kill(mp_process_pid(&p), SIGSTOP);
    wait_until_stopped(mp_process_pid(&p));
    double before = mp_clock_now();
    notify(on, 1);
    ck_assert(mp_clock_now() - before < patience(0.01));
    kill(mp_process_pid(&p), SIGCONT);
    must(mp_process_join(&p, patience(5)));
    ck_assert_int_eq(on->took, 1);
    join_and_close(&p);
}
END_TEST

START_TEST(dead_waiters_fill_no_list)
{
    enum { AT_ONCE = 16 };
    page *on = new_page(false);
    for (int round = 0; round < MP_WAITERS_MOST / AT_ONCE + 2; round++) {
        mp_process all[AT_ONCE];
        int before = words(on, MP_WAITS);
        for (int i = 0; i < AT_ONCE; i++) {
            start_at(&all[i], wait_once, on);
        }
        usleep(20000);
        if (before + AT_ONCE <= MP_WAITERS_MOST) {
            wait_for_waiters(on, before + AT_ONCE);
        }
        for (int i = 0; i < AT_ONCE; i++) {
            ck_assert(mp_process_is_alive(&all[i]));
            must(mp_process_kill(&all[i]));
            join_and_close(&all[i]);
        }
    }
}
END_TEST

static page *scene;
static mp_process other;

// Takes an item, which is there when it has been notified.
static int take(void *args)
{
    page *on = args;
    bool died = mp_condition_acquire(&on->condition, MP_FOREVER) == 1;
    while (on->items == 0) {
        died |= mp_condition_wait(&on->condition, MP_FOREVER) == 1;
    }
    on->items--;
    on->took++;
    mp_condition_release(&on->condition);
    return died;
}

static int other_takes(void *args)
{
    return take(*(page **)args) == -1;
}

static void put(void *args)
{
    page *on = args;
    ck_assert_int_ge(mp_condition_acquire(&on->condition, patience(10)), 0);
    on->items++;
    must(mp_condition_notify(&on->condition, 1));
    must(mp_condition_release(&on->condition));
}

static int put_one(void *args)
{
    page *on = args;
    mp_condition_acquire(&on->condition, MP_FOREVER);
    on->items++;
    mp_condition_notify(&on->condition, 1);
    return mp_condition_release(&on->condition);
}

static int put_two_and_die(void *args)
{
    page *on = *(page **)args;
    mp_condition_acquire(&on->condition, MP_FOREVER);
    on->items += 2;
    return raise(SIGKILL);  // before it notifies
}

// We have the lock before the waiter looks, so that it sees us, who live.
START_TEST(who_has_the_lock_after_a_dead_one_wakes_those_that_wait)
{
    for (int round = 0; round < 10; round++) {
        page *on = new_page(round % 2 == 0);
        mp_process waits, puts;
        start_at(&waits, other_takes, on);
        wait_for_waiters(on, 1);
        start_at(&puts, put_two_and_die, on);
        must(mp_process_join(&puts, MP_FOREVER));
        int got = mp_condition_acquire(&on->condition, 0);
        ck_assert_int_ge(got, 0);
        on->items--;
        must(mp_condition_release(&on->condition));
        must(mp_process_join(&waits, patience(5)));
        ck_assert_int_eq(on->items, 0);
        join_and_close(&waits);
        must(mp_process_close(&puts));
    }
}
END_TEST

// Another one waits behind the one that is stepped.
static void begin_before_other(void)
{
    ck_assert_int_eq(words(scene, MP_WAITS), 0);
    scene->items = scene->took = 0;
}

static void start_other_and_put(void *args)
{
    start_at(&other, other_takes, args);
    wait_for_waiters(args, 2);
    put(args);
}

// The one that was killed may have taken the item. If not, the other one does,
// and nobody has to wake it once more.
static void expect_the_item_to_be_taken(const stepped *killed)
{
    if (killed->when_asleep != NULL) {
        start_at(&other, other_takes, scene);
        usleep(10000);
        put(scene);
    }
    double deadline = mp_clock_deadline(patience(5));
    while (scene->items == 1 && mp_clock_now() < deadline) {
        usleep(1000);
    }
    ck_assert_msg(scene->items == 0, "nobody takes the item, at instruction %d",
                  killed->steps);
    while (mp_process_is_alive(&other) && words(scene, MP_WAITS) == 0) {
        usleep(1000);
    }
    if (mp_process_is_alive(&other)) {
        put(scene);
    }
    ck_assert_msg(mp_process_join(&other, patience(5)) == 0,
                  "the other hangs, at instruction %d", killed->steps);
    must(mp_process_close(&other));
    memset(&scene->condition, 0, sizeof scene->condition);
}

START_TEST(a_waiter_killed_at_any_instruction_swallows_no_wake_up)
{
    scene = new_page(false);
    kill_at_every_step((stepped){ .act = take, .args = scene, .stride = 7,
                                  .when_asleep = start_other_and_put },
                       begin_before_other, expect_the_item_to_be_taken);
}
END_TEST

static void begin_with_other(void)
{
    scene->items = scene->took = 0;
    start_at(&other, other_takes, scene);
    wait_for_waiters(scene, 1);
}

static void expect_other_to_take_one(const stepped *killed)
{
    if (scene->items == 0 && scene->took == 0) {
        put(scene);
    }
    ck_assert_msg(mp_process_join(&other, patience(5)) == 0,
                  "the other hangs, at instruction %d", killed->steps);
    ck_assert_int_eq(scene->took, 1);
    must(mp_process_close(&other));
    if (mp_condition_acquire(&scene->condition, patience(5)) != -1) {
        release(scene);
    }
}

START_TEST(who_notifies_may_be_killed_at_any_instruction)
{
    scene = new_page(false);
    kill_at_every_step((stepped){ .act = put_one, .args = scene,
                                  .stride = 7 },
                       begin_with_other, expect_other_to_take_one);
}
END_TEST

// Consumers are killed at random. What one of them takes with it is one item at
// most, which it had taken already; all others are taken.
static int take_for_ever(void *args)
{
    while (take(*(page **)args) >= 0) {
    }
    return 1;
}

START_TEST(random_kills_of_consumers_leave_no_item_waiting)
{
    enum { MANY = 3 };
    mp_process all[MANY];
    unsigned seed = (unsigned)getpid();
    scene = new_page(false);
    for (int i = 0; i < MANY; i++) {
        start_at(&all[i], take_for_ever, scene);
    }
    for (int i = 0; i < how_many(in_full() ? 500 : 50, 20000); i++) {
        int one = rand_r(&seed) % MANY;
        for (int j = rand_r(&seed) % 4; j >= 0; j--) {
            put(scene);
        }
        usleep((useconds_t)rand_r(&seed) % 500);
        must(mp_process_kill(&all[one]));
        join_and_close(&all[one]);
        double deadline = mp_clock_deadline(patience(5));
        while (scene->items > 0 && mp_clock_now() < deadline) {
            usleep(200);
        }
        ck_assert_msg(scene->items == 0, "%d items wait, in round %d",
                      scene->items, i);
        start_at(&all[one], take_for_ever, scene);
    }
    for (int i = 0; i < MANY; i++) {
        must(mp_process_kill(&all[i]));
        join_and_close(&all[i]);
    }
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    unit_deadline(how_many(120, 1200));
    fact(ALL, notify_wakes_at_most_as_many_as_it_says_and_notify_all_all);
    fact(FORK, threads_wait_and_are_woken_as_processes_are);
    fact(FORK, who_has_waited_longest_is_woken_first);
    fact(ALL, without_the_lock_nobody_waits_or_notifies);
    fact(FORK, a_wait_gives_up_all_levels_of_the_rlock_and_takes_them_back);
    fact(ALL, wait_for_waits_for_a_predicate_within_one_time_out);
    fact(ALL, each_item_is_taken_once_and_none_waits);
    fact(FORK, a_stopped_waiter_holds_up_no_notify_and_keeps_its_wake_up);
    fact(FORK, dead_waiters_fill_no_list);
    fact(FORK, who_has_the_lock_after_a_dead_one_wakes_those_that_wait);
    fact(FORK, a_waiter_killed_at_any_instruction_swallows_no_wake_up);
    fact(FORK, who_notifies_may_be_killed_at_any_instruction);
    fact(FORK, random_kills_of_consumers_leave_no_item_waiting);
    return unit_main("condition");
}
