// Barrier: all go on together, or none does and all are told.

#include "unit.h"

typedef struct {
    mp_barrier barrier;
    double timeout;
    int rounds;
    _Atomic int arrived, acted, failed, passed, order[16];
} page;


static page *new_page(int parties, int (*action)(void))
{
    page *new = mp_array(page, 1);
    ck_assert_ptr_nonnull(new);
    must(mp_barrier_init(&new->barrier, parties, action));
    new->timeout = MP_FOREVER;
    return new;
}

static int count_action(void)
{
    shared[0]++;
    return 0;
}

static int act_in_vain(void)
{
    return 1;
}

// Notes its number, and whether the barrier was broken.
static int pass(void *args)
{
    page *on = *(page **)args;
    int order = mp_barrier_wait(&on->barrier, on->timeout);
    if (order == -1) {
        on->failed += errno == ECANCELED &&
                      strcmp(mp_error(), "the barrier is broken") == 0;
    } else {
        on->order[order]++;
        on->passed++;
    }
    return 0;
}

static void start_many(mp_process *all, int count, int (*target)(void *),
                       page *on)
{
    for (int i = 0; i < count; i++) {
        start_at(&all[i], target, on);
    }
}

static void join_many(mp_process *all, int count)
{
    for (int i = 0; i < count; i++) {
        must(mp_process_join(&all[i], MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&all[i]), 0);
        must(mp_process_close(&all[i]));
    }
}

static void wait_for_waiting(const page *on, int count)
{
    while (mp_barrier_n_waiting(&on->barrier) != count) {
        usleep(1000);
    }
}

// ---- the contract ---------------------------------------------------------

START_TEST(all_parties_go_on_with_a_number_each_after_one_has_acted)
{
    mp_process all[5];
    page *on = new_page(5, count_action);
    start_many(all, 4, pass, on);
    wait_for_waiting(on, 4);
    ck_assert_int_eq(on->passed, 0);
    ck_assert_int_eq(shared[0], 0);
    start_many(all + 4, 1, pass, on);
    join_many(all, 5);
    ck_assert_int_eq(on->passed, 5);
    ck_assert_int_eq(shared[0], 1);
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(on->order[i], 1);
    }
    ck_assert_int_eq(mp_barrier_n_waiting(&on->barrier), 0);
    ck_assert(!on->barrier.broken);
}
END_TEST

START_TEST(a_barrier_for_one_never_blocks_and_one_for_none_is_refused)
{
    page *on = new_page(1, count_action);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(mp_barrier_wait(&on->barrier, MP_FOREVER), 0);
    }
    ck_assert_int_eq(shared[0], 3);
    ck_assert_refused(mp_barrier_init(&on->barrier, 0, NULL), EINVAL,
                      "parties must be from 1 to 128");
    ck_assert_int_eq(mp_barrier_init(&on->barrier, 129, NULL), -1);
}
END_TEST

// In each round nobody is a round ahead or behind.
static int in_step(void *args)
{
    page *on = *(page **)args;
    int parties = on->barrier.parties;
    for (int i = 0; i < on->rounds; i++) {
        on->arrived++;
        if (mp_barrier_wait(&on->barrier, MP_FOREVER) == -1 ||
            on->arrived < parties * (i + 1) ||
            on->arrived > parties * (i + 2)) {
            return 1;
        }
    }
    return 0;
}

static int in_step_in_a_storm(void *args)
{
    signal_storm(200);
    int failed = in_step(args);
    signal_storm(0);
    return failed;
}

START_TEST(it_is_used_again_at_once_a_thousand_times_in_step)
{
    for (int parties = 2; parties <= 16; parties *= 2) {
        mp_process all[16];
        page *on = new_page(parties, NULL);
        on->rounds = how_many(in_full() ? 1000 : 100, 10000);
        start_many(all, parties, under(FORK) ? in_step_in_a_storm : in_step,
                   on);
        join_many(all, parties);
        ck_assert_int_eq(on->arrived, parties * on->rounds);
    }
}
END_TEST

START_TEST(an_action_that_fails_breaks_it_for_all)
{
    mp_process all[3];
    page *on = new_page(3, act_in_vain);
    start_many(all, 3, pass, on);
    join_many(all, 3);
    ck_assert_int_eq(on->failed, 3);
    ck_assert(on->barrier.broken);
}
END_TEST

START_TEST(a_time_out_breaks_it_for_all_that_wait_and_come)
{
    mp_process all[2];
    page *on = new_page(4, NULL);
    start_many(all, 2, pass, on);
    wait_for_waiting(on, 2);
    on->timeout = 0.1;
    ck_assert_int_eq(exitcode_at(pass, on), 0);
    join_many(all, 2);
    ck_assert_int_eq(on->failed, 3);
    ck_assert_refused(mp_barrier_wait(&on->barrier, MP_FOREVER), ECANCELED,
                      "the barrier is broken");
}
END_TEST

START_TEST(abort_breaks_it_until_reset)
{
    mp_process all[3];
    page *on = new_page(3, NULL);
    start_many(all, 2, pass, on);
    wait_for_waiting(on, 2);
    mp_barrier_abort(&on->barrier);
    join_many(all, 2);
    ck_assert_int_eq(on->failed, 2);
    ck_assert_int_eq(exitcode_at(pass, on), 0);
    ck_assert_int_eq(on->failed, 3);
    mp_barrier_reset(&on->barrier);
    ck_assert(!on->barrier.broken);
    start_many(all, 3, pass, on);
    join_many(all, 3);
    ck_assert_int_eq(on->passed, 3);
}
END_TEST

START_TEST(reset_fails_those_that_wait_and_leaves_it_whole)
{
    mp_process all[3];
    page *on = new_page(3, NULL);
    start_many(all, 2, pass, on);
    wait_for_waiting(on, 2);
    mp_barrier_reset(&on->barrier);
    start_many(all + 2, 1, pass, on);  // at once, beside the two
    join_many(all, 2);
    ck_assert_int_eq(on->failed, 2);
    start_many(all, 2, pass, on);
    join_many(all, 3);
    ck_assert_int_eq(on->passed, 3);
}
END_TEST

// ---- killed parties -------------------------------------------------------

START_TEST(a_party_killed_while_it_waits_breaks_it_for_the_others)
{
    for (int last = 0; last < 2; last++) {
        mp_process all[4];
        page *on = new_page(4, NULL);
        start_many(all, last ? 1 : 3, pass, on);
        wait_for_waiting(on, last ? 1 : 3);
        must(mp_process_kill(&all[0]));
        must(mp_process_join(&all[0], MP_FOREVER));
        must(mp_process_close(&all[0]));
        if (last) {  // nobody has looked when the last comes
            on->barrier.parties = 2;
            ck_assert_int_eq(exitcode_at(pass, on), 0);
            ck_assert_int_eq(on->failed, 1);
        } else {
            join_many(all + 1, 2);
            ck_assert_int_eq(on->failed, 2);
        }
        ck_assert(on->barrier.broken);
        mp_barrier_reset(&on->barrier);
        on->barrier.parties = 4;
        start_many(all, 4, pass, on);
        join_many(all, 4);
        ck_assert_int_eq(on->passed, 4);
    }
}
END_TEST

static page *scene;
static mp_process others[2];

static int wait_there(void *args)
{
    return mp_barrier_wait(&((page *)args)->barrier, MP_FOREVER) == -1;
}

static void begin_with_none(void)
{
    mp_barrier_reset(&scene->barrier);
    scene->passed = scene->failed = 0;
}

static void begin_with_two(void)
{
    begin_with_none();
    start_many(others, 2, pass, scene);
    wait_for_waiting(scene, 2);
}

static void start_two(void *args)
{
    start_many(others, 2, pass, args);
}

// Either the killed one was through, and so are the others; or both are told;
// or it had not come yet, and one that comes in its place lets them go. If it
// is killed while it lets them go, one may pass and one be told.
static void expect_no_hang(const stepped *killed)
{
    if (killed->when_asleep != NULL && killed->when_asleep == start_two) {
        start_two(scene);
    }
    double deadline = mp_clock_deadline(patience(5));
    while (mp_barrier_n_waiting(&scene->barrier) < 2 &&
           mp_process_is_alive(&others[0]) &&
           mp_process_is_alive(&others[1]) && mp_clock_now() < deadline) {
        usleep(1000);
    }
    if (mp_barrier_n_waiting(&scene->barrier) == 2) {
        wait_there(scene);
    }
    for (int i = 0; i < 2; i++) {
        ck_assert_msg(mp_process_join(&others[i], patience(5)) == 0,
                      "one hangs, at instruction %d", killed->steps);
        must(mp_process_close(&others[i]));
    }
    ck_assert_int_eq(scene->passed + scene->failed, 2);
    ck_assert(scene->failed == 0 || scene->barrier.broken);
    ck_assert(!killed->ended || scene->passed == 2);
}

START_TEST(the_last_to_come_may_be_killed_at_any_instruction)
{
    scene = new_page(3, NULL);
    kill_at_every_step((stepped){ .act = wait_there, .args = scene,
                                  .stride = 51 },
                       begin_with_two, expect_no_hang);
}
END_TEST

START_TEST(the_first_to_come_may_be_killed_at_any_instruction)
{
    scene = new_page(3, NULL);
    kill_at_every_step((stepped){ .act = wait_there, .args = scene,
                                  .stride = 17, .when_asleep = start_two },
                       begin_with_none, expect_no_hang);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    unit_deadline(how_many(120, 1200));
    fact(ALL, all_parties_go_on_with_a_number_each_after_one_has_acted);
    fact(FORK, a_barrier_for_one_never_blocks_and_one_for_none_is_refused);
    fact(ALL, it_is_used_again_at_once_a_thousand_times_in_step);
    fact(ALL, an_action_that_fails_breaks_it_for_all);
    fact(FORK, a_time_out_breaks_it_for_all_that_wait_and_come);
    fact(FORK, abort_breaks_it_until_reset);
    fact(FORK, reset_fails_those_that_wait_and_leaves_it_whole);
    fact(FORK, a_party_killed_while_it_waits_breaks_it_for_the_others);
    fact(FORK, the_last_to_come_may_be_killed_at_any_instruction);
    fact(FORK, the_first_to_come_may_be_killed_at_any_instruction);
    return unit_main("barrier");
}
