// What is known about a process, and the signals that end it.

#include "unit.h"

#include <poll.h>
#include <pthread.h>
#include <sys/prctl.h>

#include "base/descriptors.h"
#include "start/forkserver.h"

#define CLOSED "process object is closed"

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
    kill(pid, SIGSTOP);
    wait_until_stopped(pid);
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

// ---- authkey --------------------------------------------------------------

static bool has_key(const mp_process *p, const void *key, size_t size)
{
    size_t length;
    const unsigned char *its = mp_process_authkey(p, &length);
    return its != NULL && length == size && memcmp(its, key, size) == 0;
}

START_TEST(the_main_process_has_a_random_authkey_of_32_bytes)
{
    size_t size;
    const unsigned char *key = mp_process_authkey(mp_current_process(), &size);
    ck_assert_int_eq((int)size, 32);
    unsigned char zero[32] = { 0 };
    ck_assert(memcmp(key, zero, 32) != 0);
}
END_TEST

START_TEST(authkey_is_copied_from_the_creator_at_construction)
{
    mp_process before, after;
    size_t size;
    unsigned char old[32];
    memcpy(old, mp_process_authkey(mp_current_process(), &size), 32);
    must(mp_process_init(&before));
    must(mp_process_set_authkey(mp_current_process(), "new", 3));
    must(mp_process_init(&after));
    ck_assert(has_key(&before, old, 32));
    ck_assert(has_key(&after, "new", 3));
    must(mp_process_close(&before));
    must(mp_process_close(&after));
    ck_assert_ptr_null(mp_process_authkey(&after, &size));
    ck_assert_int_eq(errno, EINVAL);
    ck_assert_refused(mp_process_set_authkey(&after, "x", 1), EINVAL, CLOSED);
}
END_TEST

static int expect_the_key(void *args)
{
    (void)args;
    size_t size;
    mp_process mine;
    must(mp_process_init(&mine));
    shared[0] = has_key(mp_current_process(), "secret", 6) &&
                has_key(&mine, "secret", 6) &&
                mp_process_authkey(mp_parent_process(), &size) == NULL &&
                mp_process_set_authkey(mp_parent_process(), "x", 1) == -1;
    must(mp_process_close(&mine));
    return 0;
}

START_TEST(the_child_has_the_authkey_that_its_object_had_at_start)
{
    mp_process p;
    must(mp_process_init(&p, .target = expect_the_key));
    must(mp_process_set_authkey(&p, "secret", 6));
    ck_assert_refused(mp_process_set_authkey(&p, "", MP_AUTHKEY_MOST + 1),
                      EINVAL, "an authkey has at most 256 bytes");
    must(mp_process_start(&p));
    join_and_close(&p);
    ck_assert_int_eq(shared[0], 1);
}
END_TEST

// ---- active_children ------------------------------------------------------

START_TEST(active_children_are_those_that_run)
{
    mp_process p[4], active[4];
    ck_assert_int_eq(mp_active_children(active, 4), 0);
    for (int i = 0; i < 4; i++) {
        must(mp_process_init(&p[i], .target = i != 1 ? wait_forever : NULL));
    }
    ck_assert_int_eq(mp_active_children(active, 4), 0);
    for (int i = 0; i < 4; i++) {
        must(mp_process_start(&p[i]));
    }
    must(mp_process_join(&p[1], MP_FOREVER));
    ck_assert_int_eq(mp_active_children(NULL, 0), 3);
    ck_assert_int_eq(mp_active_children(active, 2), 3);
    ck_assert_int_eq(mp_process_pid(&active[0]), mp_process_pid(&p[0]));
    ck_assert_int_eq(mp_process_pid(&active[1]), mp_process_pid(&p[2]));
    ck_assert_str_eq(mp_process_name(&active[1]), "Process-3");
    ck_assert_refused(mp_process_close(&active[0]), EPERM,
                      "can only close the process object itself");
    must(mp_process_terminate(&active[0]));
    must(mp_process_join(&active[0], MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p[0]), -SIGTERM);
    ck_assert_int_eq(mp_active_children(active, 4), 2);
    for (int i = 0; i < 4; i++) {
        must(mp_process_kill(&p[i]));
        join_and_close(&p[i]);
    }
}
END_TEST

START_TEST(active_children_leaves_no_zombie)
{
    mp_process p;
    start(&p, NULL);
    must(mp_fd_wait(mp_process_sentinel(&p), MP_FOREVER));
    ck_assert_int_eq(mp_active_children(NULL, 0), 0);
    ck_assert_int_eq(kill(mp_process_pid(&p), 0), -1);
    must(mp_process_close(&p));
}
END_TEST

static int count_children(void *args)
{
    (void)args;
    shared[0] = mp_active_children(NULL, 0);
    return 0;
}

START_TEST(a_childs_active_children_start_empty)
{
    mp_process p, q;
    shared[0] = -1;
    start(&p, wait_forever);
    start(&q, count_children);
    join_and_close(&q);
    ck_assert_int_eq(shared[0], 0);
    must(mp_process_kill(&p));
    join_and_close(&p);
}
END_TEST

// ---- daemons of killed parents --------------------------------------------

// Starts a daemon that reports its pid, in a thread if told to.
static void *start_a_daemon(void *unused)
{
    static mp_process p;
    must(mp_process_init(&p, .target = wait_forever, .daemon = MP_TRUE));
    must(mp_process_start(&p));
    shared[1] = mp_process_pid(&p);
    return unused;
}

static int parent_of_a_daemon(void *args)
{
    pthread_t thread;
    if (*(int *)args) {
        pthread_create(&thread, NULL, start_a_daemon, NULL);
        pthread_join(thread, NULL);
    } else {
        start_a_daemon(NULL);
    }
    shared[2] = 1;
    return wait_forever(NULL);
}

// Its parent is killed; then it ends too, and not before.
static void daemon_of_a_killed_parent(int in_a_thread)
{
    // Orphans come to us, and so do their zombies.
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    mp_process p;
    must(mp_process_init(&p, .target = parent_of_a_daemon,
                         MP_ARGS(in_a_thread)));
    must(mp_process_start(&p));
    while (shared[2] == 0) {
        usleep(1000);
    }
    pid_t daemon = shared[1];
    usleep(100000);
    ck_assert(runs(daemon));
    must(mp_process_kill(&p));
    join_and_close(&p);
    int status;
    // A fork server's child comes to us only once the server has ended, too.
    while (waitpid(daemon, &status, 0) != daemon) {
        ck_assert(under(FORKSERVER));
    }
    ck_assert_int_eq(WTERMSIG(status), SIGKILL);
    mp_forkserver_stop();  // ours; theirs has ended, and came to us, too
    while (waitpid(-1, NULL, 0) > 0) {
    }
}

START_TEST(a_daemon_does_not_outlive_a_killed_parent)
{
    daemon_of_a_killed_parent(0);
}
END_TEST

START_TEST(neither_if_the_thread_that_started_it_is_gone)
{
    daemon_of_a_killed_parent(1);
}
END_TEST

static int give_up_rights_and_end(void)
{
    mp_process p;
    must(mp_process_init(&p, .target = wait_forever, .daemon = MP_TRUE));
    must(mp_process_start(&p));
    shared[0] = mp_process_pid(&p);
    if (setresuid(65534, 65534, 65534) == -1) {
        return 1;
    }
    errno = 0;
    ck_assert_int_eq(mp_process_kill(&p), -1);
    ck_assert_int_eq(errno, EPERM);
    ck_assert_int_eq(mp_process_terminate(&p), -1);
    ck_assert_int_eq(errno, EPERM);
    return 3;
}

// Root alone can give up rights. The daemon is left to itself.
START_TEST(a_program_that_may_not_signal_its_children_is_told_so_and_ends)
{
    if (getuid() == 0) {
        static char output[100];
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        ck_assert_int_eq(run_program(give_up_rights_and_end, output,
                                     sizeof output), 3);
        kill(shared[0], SIGKILL);
        ck_assert_int_eq(waitpid(shared[0], NULL, 0), shared[0]);
    }
}
END_TEST

// ---- what threads and raw forks may do ------------------------------------

static int leave_a_raw_fork_that_exits(void *args)
{
    (void)args;
    if (fork() == 0) {
        while (shared[0] == 0) {
            usleep(1000);
        }
        shared[1] = 1;
        exit(7);
    }
    _exit(0);
}

// The box of an object that is closed goes to the next one. The raw fork's
// exit must not write into it.
START_TEST(the_exit_of_a_raw_fork_is_nobodys_exit_code)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    mp_process p, q;
    start(&p, leave_a_raw_fork_that_exits);
    join_and_close(&p);
    start(&q, wait_forever);
    shared[0] = 1;
    int status;
    pid_t ended = waitpid(-1, &status, 0);  // the raw fork
    ck_assert_int_ne(ended, mp_process_pid(&q));
    ck_assert_int_eq(WEXITSTATUS(status), 7);
    must(mp_process_kill(&q));
    waitpid(mp_process_pid(&q), NULL, 0);
    ck_assert_int_eq(mp_process_exitcode(&q), MP_EXIT_UNKNOWN);
    must(mp_process_close(&q));
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(FORK, a_program_that_may_not_signal_its_children_is_told_so_and_ends);
    fact(ALL, a_process_is_alive_from_start_to_its_end);
    fact(ALL, is_alive_needs_no_join_to_notice_the_end);
    fact(OWN, a_child_that_somebody_else_reaped_is_not_alive);
    fact(ALL, a_stopped_child_is_alive_and_takes_sigterm_once_continued);
    fact(FORK, is_alive_may_be_asked_of_oneself_the_parent_and_children_only);
    fact(ALL, the_parent_is_alive_until_it_ends);
    fact(ALL, terminate_ends_a_child_by_sigterm_and_kill_by_sigkill);
    fact(ALL, a_child_that_has_ended_is_left_alone);
    fact(ALL, a_process_that_was_never_started_cannot_be_signalled);
    fact(FORK, a_sibling_may_terminate);
    fact(ALL, a_hundred_sleeping_processes_are_terminated);
    fact(ALL, daemon_can_be_set_until_start);
    fact(ALL, the_sentinel_is_readable_from_the_end_to_close);
    fact(ALL, a_grandchild_that_holds_descriptors_does_not_delay_join);
    fact(ALL, the_main_process_has_a_random_authkey_of_32_bytes);
    fact(ALL, authkey_is_copied_from_the_creator_at_construction);
    fact(ALL, the_child_has_the_authkey_that_its_object_had_at_start);
    fact(ALL, active_children_are_those_that_run);
    fact(OWN, active_children_leaves_no_zombie);
    fact(ALL, a_childs_active_children_start_empty);
    fact(ALL, a_daemon_does_not_outlive_a_killed_parent);
    fact(ALL, neither_if_the_thread_that_started_it_is_gone);
#ifdef UNIT_SANITIZED
    // Where a thread is cancelled inside a call, AddressSanitizer takes its
    // stack for overflown. Under these two it is cancelled only between calls.
#else
#endif
    fact(OWN, the_exit_of_a_raw_fork_is_nobodys_exit_code);
    return unit_main("state");
}
