// What is known about a process, and the signals that end it.

#include "unit.h"

#include <poll.h>

#include "fdio.h"

#define CLOSED "process object is closed"

static void start(mp_process *p, int (*target)(void *))
{
    must(mp_process_init(p, .target = target));
    must(mp_process_start(p));
}

static void join_and_close(mp_process *p)
{
    must(mp_process_join(p, MP_FOREVER));
    must(mp_process_close(p));
}

// A child that has set shared[0], and waits for signals with SIGTERM ignored.
static int ignore_sigterm(void *args)
{
    signal(SIGTERM, SIG_IGN);
    shared[0] = 1;
    return wait_forever(args);
}

static void start_deaf(mp_process *p)
{
    start(p, ignore_sigterm);
    while (shared[0] == 0) {
        usleep(1000);
    }
}

// ---- is_alive -------------------------------------------------------------

START_TEST(a_process_is_alive_from_start_to_its_end)
{
    mp_process p;
    must(mp_process_init(&p, .target = wait_forever));
    ck_assert_int_eq(mp_process_is_alive(&p), 0);
    must(mp_process_start(&p));
    ck_assert_int_eq(mp_process_is_alive(&p), 1);
    must(mp_process_kill(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_is_alive(&p), 0);
    must(mp_process_close(&p));
    ck_assert_refused(mp_process_is_alive(&p), EINVAL, CLOSED);
}
END_TEST

START_TEST(is_alive_needs_no_join_to_notice_the_end)
{
    mp_process p;
    start(&p, NULL);
    must(mp_fd_wait(mp_process_sentinel(&p), MP_FOREVER));
    ck_assert_int_eq(mp_process_is_alive(&p), 0);
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(a_child_that_somebody_else_reaped_is_not_alive)
{
    mp_process p;
    start(&p, NULL);
    ck_assert_int_eq(waitpid(-1, NULL, 0), mp_process_pid(&p));
    ck_assert_int_eq(mp_process_is_alive(&p), 0);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(a_stopped_child_is_alive_and_takes_sigterm_once_continued)
{
    mp_process p;
    start(&p, wait_forever);
    pid_t pid = mp_process_pid(&p);
    siginfo_t info;
    kill(pid, SIGSTOP);
    waitid(P_PID, (id_t)pid, &info, WSTOPPED);
    must(mp_process_terminate(&p));
    ck_assert_refused(mp_process_join(&p, 0.05), ETIMEDOUT, "timed out");
    ck_assert_int_eq(mp_process_is_alive(&p), 1);
    kill(pid, SIGCONT);
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), -SIGTERM);
    must(mp_process_close(&p));
}
END_TEST

static mp_process sibling;

static int test_relatives(void *args)
{
    (void)args;
    ck_assert_int_eq(mp_process_is_alive(mp_current_process()), 1);
    ck_assert_int_eq(mp_process_is_alive(mp_parent_process()), 1);
    ck_assert_refused(mp_process_is_alive(&sibling), EPERM,
                      "can only test a child process");
    shared[1] = 1;
    return 0;
}

START_TEST(is_alive_may_be_asked_of_oneself_the_parent_and_children_only)
{
    start(&sibling, wait_forever);
    mp_process p;
    start(&p, test_relatives);
    join_and_close(&p);
    ck_assert_int_eq(shared[1], 1);
    must(mp_process_kill(&sibling));
    join_and_close(&sibling);
}
END_TEST

// The grandchild outlives its parent, and sees it end.
static int watch_the_parent(void *args)
{
    (void)args;
    while (mp_process_is_alive(mp_parent_process())) {
        usleep(1000);
    }
    shared[1] = 1;
    return 0;
}

static int leave_a_watcher(void *args)
{
    (void)args;
    mp_process p;
    start(&p, watch_the_parent);
    _exit(0);
}

START_TEST(the_parent_is_alive_until_it_ends)
{
    mp_process p;
    start(&p, leave_a_watcher);
    join_and_close(&p);
    while (shared[1] == 0) {
        usleep(1000);
    }
}
END_TEST

// ---- terminate, kill, stop ------------------------------------------------

START_TEST(terminate_ends_a_child_by_sigterm_and_kill_by_sigkill)
{
    mp_process p;
    start(&p, wait_forever);
    must(mp_process_terminate(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), -SIGTERM);
    must(mp_process_close(&p));
    start_deaf(&p);
    must(mp_process_terminate(&p));
    must(mp_process_kill(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), -SIGKILL);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(a_child_that_has_ended_is_left_alone)
{
    mp_process p;
    start(&p, NULL);
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_terminate(&p));
    must(mp_process_kill(&p));
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
    ck_assert_refused(mp_process_terminate(&p), EINVAL, CLOSED);
    ck_assert_refused(mp_process_kill(&p), EINVAL, CLOSED);
}
END_TEST

START_TEST(a_process_that_was_never_started_cannot_be_signalled)
{
    mp_process p;
    must(mp_process_init(&p));
    ck_assert_refused(mp_process_terminate(&p), EINVAL,
                      "can only signal a started process");
    ck_assert_refused(mp_process_kill(&p), EINVAL,
                      "can only signal a started process");
    must(mp_process_close(&p));
}
END_TEST

static int terminate_the_sibling(void *args)
{
    (void)args;
    return mp_process_terminate(&sibling) == 0 ? 0 : 1;
}

START_TEST(a_sibling_may_terminate)
{
    start(&sibling, wait_forever);
    mp_process p;
    start(&p, terminate_the_sibling);
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
    must(mp_process_join(&sibling, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&sibling), -SIGTERM);
    must(mp_process_close(&sibling));
}
END_TEST

START_TEST(a_hundred_sleeping_processes_are_terminated)
{
    enum { MANY = 100 };
    mp_process many[MANY];
    for (int i = 0; i < MANY; i++) {
        start(&many[i], wait_forever);
    }
    for (int i = 0; i < MANY; i++) {
        must(mp_process_terminate(&many[i]));
    }
    for (int i = 0; i < MANY; i++) {
        must(mp_process_join(&many[i], MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&many[i]), -SIGTERM);
        must(mp_process_close(&many[i]));
    }
}
END_TEST

START_TEST(stop_is_sigterm_for_those_who_listen)
{
    mp_process p;
    start(&p, wait_forever);
    must(mp_process_stop(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), -SIGTERM);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(stop_is_sigkill_for_the_deaf_after_the_grace)
{
    mp_process p;
    start_deaf(&p);
    double before = mp_clock_now();
    must(mp_process_stop(&p, 0.1));
    ck_assert_double_ge(mp_clock_now(), before + 0.1);
    ck_assert_int_eq(mp_process_exitcode(&p), -SIGKILL);
    must(mp_process_close(&p));
}
END_TEST

// ---- daemon, sentinel -----------------------------------------------------

START_TEST(daemon_can_be_set_until_start)
{
    mp_process p;
    must(mp_process_init(&p, .target = wait_forever));
    must(mp_process_set_daemon(&p, true));
    ck_assert_int_eq(mp_process_daemon(&p), 1);
    must(mp_process_start(&p));
    ck_assert_refused(mp_process_set_daemon(&p, false), EINVAL,
                      "process has already started");
    ck_assert_refused(mp_process_set_daemon(mp_current_process(), true),
                      EINVAL, "process has already started");
    must(mp_process_kill(&p));
    join_and_close(&p);
    ck_assert_refused(mp_process_set_daemon(&p, true), EINVAL, CLOSED);
}
END_TEST

static int readable(int fd)
{
    struct pollfd watched = { .fd = fd, .events = POLLIN };
    return poll(&watched, 1, 0);
}

START_TEST(the_sentinel_is_readable_from_the_end_to_close)
{
    mp_process p;
    must(mp_process_init(&p, .target = wait_forever));
    ck_assert_refused(mp_process_sentinel(&p), EINVAL, "process not started");
    must(mp_process_start(&p));
    int sentinel = mp_process_sentinel(&p);
    ck_assert_int_eq(readable(sentinel), 0);
    must(mp_process_kill(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(readable(sentinel), 1);
    ck_assert_int_eq(mp_process_sentinel(&p), sentinel);
    must(mp_process_close(&p));
    ck_assert_refused(mp_process_sentinel(&p), EINVAL, CLOSED);
}
END_TEST

// The grandchild has every descriptor that the child had.
static int leave_a_raw_grandchild(void *args)
{
    (void)args;
    pid_t pid = fork();
    if (pid == 0) {
        wait_forever(NULL);
    }
    shared[2] = pid;
    _exit(5);
}

START_TEST(a_grandchild_that_holds_descriptors_does_not_delay_join)
{
    mp_process p;
    start(&p, leave_a_raw_grandchild);
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 5);
    ck_assert_int_eq(kill(shared[2], 0), 0);
    kill(shared[2], SIGKILL);
    must(mp_process_close(&p));
}
END_TEST

int main(void)
{
    TCase *facts = unit_facts();
    tcase_add_test(facts, a_process_is_alive_from_start_to_its_end);
    tcase_add_test(facts, is_alive_needs_no_join_to_notice_the_end);
    tcase_add_test(facts, a_child_that_somebody_else_reaped_is_not_alive);
    tcase_add_test(
        facts, a_stopped_child_is_alive_and_takes_sigterm_once_continued);
    tcase_add_test(
        facts, is_alive_may_be_asked_of_oneself_the_parent_and_children_only);
    tcase_add_test(facts, the_parent_is_alive_until_it_ends);
    tcase_add_test(facts,
                   terminate_ends_a_child_by_sigterm_and_kill_by_sigkill);
    tcase_add_test(facts, a_child_that_has_ended_is_left_alone);
    tcase_add_test(facts,
                   a_process_that_was_never_started_cannot_be_signalled);
    tcase_add_test(facts, a_sibling_may_terminate);
    tcase_add_test(facts, a_hundred_sleeping_processes_are_terminated);
    tcase_add_test(facts, stop_is_sigterm_for_those_who_listen);
    tcase_add_test(facts, stop_is_sigkill_for_the_deaf_after_the_grace);
    tcase_add_test(facts, daemon_can_be_set_until_start);
    tcase_add_test(facts, the_sentinel_is_readable_from_the_end_to_close);
    tcase_add_test(facts,
                   a_grandchild_that_holds_descriptors_does_not_delay_join);
    return unit_main("state", facts);
}
