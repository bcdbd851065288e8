// A Process, its life from init to close.
//
// A child says that all its assertions held by setting shared[0] at its end:
// a failed assertion ends only the process in which it stands.

#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/ptrace.h>
#include <sys/resource.h>

#define CLOSED "process object is closed"
#define RUNNING                                                        \
    "Cannot close a process while it is still running. You should first " \
    "call join() or terminate()."

// Starts a child that runs until it is killed.
static void start_waiting(mp_process *p)
{
    must(mp_process_init(p, .target = wait_forever));
    must(mp_process_start(p));
}

static void kill_and_close(mp_process *p)
{
    kill(mp_process_pid(p), SIGKILL);
    must(mp_process_join(p, MP_FOREVER));
    must(mp_process_close(p));
}

// ---- before and after start -----------------------------------------------

START_TEST(a_new_process_has_no_pid_and_no_exitcode)
{
    mp_process p;
    must(mp_process_init(&p, .target = wait_forever));
    ck_assert_int_eq(mp_process_pid(&p), MP_NONE);
    ck_assert_int_eq(mp_process_exitcode(&p), MP_NONE);
    ck_assert_int_eq(errno, 0);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(a_running_process_has_a_pid_and_no_exitcode)
{
    mp_process p;
    start_waiting(&p);
    ck_assert_int_eq(kill(mp_process_pid(&p), 0), 0);
    ck_assert_int_eq(mp_process_exitcode(&p), MP_NONE);
    ck_assert_int_eq(errno, 0);
    kill_and_close(&p);
}
END_TEST

START_TEST(what_the_target_returns_is_the_exitcode)
{
    for (int status = 0; status < 256; status += 51) {
        mp_process p;
        must(mp_process_init(&p, .target = return_number, MP_ARGS(status)));
        must(mp_process_start(&p));
        must(mp_process_join(&p, MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&p), status);
        must(mp_process_close(&p));
    }
}
END_TEST

START_TEST(a_child_killed_by_signal_n_has_exitcode_minus_n)
{
    const int signals[] = { SIGINT, SIGTERM, SIGKILL, SIGUSR1 };
    for (int i = 0; i < 4; i++) {
        mp_process p;
        start_waiting(&p);
        kill(mp_process_pid(&p), signals[i]);
        must(mp_process_join(&p, MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&p), -signals[i]);
        must(mp_process_close(&p));
    }
}
END_TEST

static int abort_itself(void *args)
{
    (void)args;
    signal(SIGABRT, SIG_DFL);  // a sanitizer may have put a handler there
    abort();
}

START_TEST(a_child_that_aborts_has_exitcode_minus_6)
{
    ck_assert_int_eq(exitcode_of(abort_itself), -6);
}
END_TEST

START_TEST(without_a_target_the_exitcode_is_0)
{
    ck_assert_int_eq(exitcode_of(NULL), 0);
}
END_TEST

START_TEST(run_called_directly_runs_here)
{
    int status = 7;
    mp_process p;
    must(mp_process_init(&p, .target = return_number, MP_ARGS(status)));
    ck_assert_int_eq(p.run(&p), 7);
    ck_assert_int_eq(mp_process_pid(&p), MP_NONE);
    must(mp_process_close(&p));
}
END_TEST

// ---- the checks of start, in their order ----------------------------------

START_TEST(start_works_once)
{
    mp_process p;
    start_waiting(&p);
    ck_assert_refused(mp_process_start(&p), EINVAL,
                      "cannot start a process twice");
    kill(mp_process_pid(&p), SIGKILL);
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_refused(mp_process_start(&p), EINVAL,
                      "cannot start a process twice");
    must(mp_process_close(&p));
}
END_TEST

static mp_process theirs;

static int use_the_parents_object(void *args)
{
    (void)args;
    ck_assert_refused(mp_process_start(&theirs), EPERM,
                      "can only start a process object created by current "
                      "process");
    ck_assert_refused(mp_process_join(&theirs, 0), EPERM,
                      "can only join a child process");
    ck_assert_refused(mp_process_close(&theirs), EPERM,
                      "can only close a process object created by current "
                      "process");
    ck_assert_int_eq(mp_process_exitcode(&theirs), MP_NONE);
    ck_assert_int_eq(errno, 0);
    shared[0] = 1;
    return 0;
}

START_TEST(only_the_creator_starts_joins_and_closes)
{
    must(mp_process_init(&theirs, .target = wait_forever));
    exitcode_of(use_the_parents_object);
    ck_assert_int_eq(shared[0], 1);
    must(mp_process_close(&theirs));
}
END_TEST

static int use_a_running_sibling(void *args)
{
    (void)args;
    ck_assert_refused(mp_process_start(&theirs), EINVAL,
                      "cannot start a process twice");
    ck_assert_refused(mp_process_join(&theirs, 0), EPERM,
                      "can only join a child process");
    ck_assert_int_eq(mp_process_exitcode(&theirs), MP_NONE);
    ck_assert_int_eq(errno, 0);
    ck_assert_int_eq(kill(mp_process_pid(&theirs), 0), 0);
    shared[0] = 1;
    return 0;
}

START_TEST(a_running_sibling_is_known_but_not_ours)
{
    start_waiting(&theirs);
    exitcode_of(use_a_running_sibling);
    ck_assert_int_eq(shared[0], 1);
    kill_and_close(&theirs);
}
END_TEST

static int join_itself(void *args)
{
    (void)args;
    ck_assert_refused(mp_process_join(mp_current_process(), MP_FOREVER), EPERM,
                      "can only join a child process");
    shared[0] = 1;
    return 0;
}

START_TEST(a_process_that_joins_itself_is_refused)
{
    exitcode_of(join_itself);
    ck_assert_int_eq(shared[0], 1);
}
END_TEST

static int start_a_child(void *args)
{
    (void)args;
    mp_process p;
    must(mp_process_init(&p, .daemon = MP_FALSE));
    ck_assert_refused(mp_process_start(&p), EPERM,
                      "daemonic processes are not allowed to have children");
    must(mp_process_close(&p));
    shared[0] = 1;
    return 0;
}

START_TEST(a_daemonic_process_starts_no_children)
{
    mp_process p;
    must(mp_process_init(&p, .target = start_a_child, .daemon = MP_TRUE));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
    ck_assert_int_eq(shared[0], 1);
}
END_TEST

START_TEST(start_reaps_children_that_ended_unjoined)
{
    mp_process first, second;
    must(mp_process_init(&first));
    must(mp_process_start(&first));
    siginfo_t info;
    pid_t pid = mp_process_pid(&first);
    waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
    ck_assert_int_eq(kill(pid, 0), 0);  // a zombie
    start_waiting(&second);
    ck_assert_int_eq(kill(pid, 0), -1);
    ck_assert_int_eq(mp_process_exitcode(&first), 0);
    must(mp_process_close(&first));
    kill_and_close(&second);
}
END_TEST

// ---- join -----------------------------------------------------------------

START_TEST(join_needs_a_started_process)
{
    mp_process p;
    must(mp_process_init(&p, .target = wait_forever));
    ck_assert_refused(mp_process_join(&p, MP_FOREVER), EINVAL,
                      "can only join a started process");
    must(mp_process_close(&p));
}
END_TEST

START_TEST(join_with_a_timeout_leaves_a_running_child_running)
{
    mp_process p;
    start_waiting(&p);
    const double timeouts[] = { 0.05, 0, -1 };
    for (int i = 0; i < 3; i++) {
        double before = mp_clock_now();
        ck_assert_refused(mp_process_join(&p, timeouts[i]), ETIMEDOUT,
                          "timed out");
        ck_assert_double_ge(mp_clock_now(), before + timeouts[i]);
        ck_assert_int_eq(mp_process_exitcode(&p), MP_NONE);
    }
    kill_and_close(&p);
}
END_TEST

START_TEST(a_process_may_be_joined_many_times)
{
    mp_process p;
    must(mp_process_init(&p));
    must(mp_process_start(&p));
    for (int i = 0; i < 3; i++) {
        must(mp_process_join(&p, MP_FOREVER));
        must(mp_process_join(&p, 0));
    }
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(signals_do_not_end_a_join)
{
    mp_process p;
    signal_storm(1000);
    start_waiting(&p);
    ck_assert_refused(mp_process_join(&p, 0.1), ETIMEDOUT, "timed out");
    kill_and_close(&p);
    signal_storm(0);
}
END_TEST

static void *join_forever(void *process)
{
    must(mp_process_join(process, MP_FOREVER));
    return mp_process_exitcode(process) == -SIGKILL ? process : NULL;
}

START_TEST(several_threads_may_join_one_child)
{
    mp_process p;
    start_waiting(&p);
    pthread_t threads[8];
    for (int i = 0; i < 8; i++) {
        pthread_create(&threads[i], NULL, join_forever, &p);
    }
    kill(mp_process_pid(&p), SIGKILL);
    for (int i = 0; i < 8; i++) {
        void *seen;
        pthread_join(threads[i], &seen);
        ck_assert_ptr_eq(seen, &p);
    }
    must(mp_process_close(&p));
}
END_TEST

START_TEST(a_child_that_somebody_else_reaped_has_ended)
{
    mp_process p;
    must(mp_process_init(&p));
    must(mp_process_start(&p));
    ck_assert_int_eq(waitpid(-1, NULL, 0), mp_process_pid(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
}
END_TEST

static int return_seven_when_told(void *args)
{
    (void)args;
    while (shared[0] == 0) {
        usleep(1000);
    }
    return 7;
}

static int have_a_child(void *args)
{
    (void)args;
    mp_process p;
    must(mp_process_init(&p, .target = return_seven_when_told));
    must(mp_process_start(&p));
    shared[1] = 1;
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
    return 0;
}

// Parent and child each have a child, made at the same time. What the one
// leaves must not be taken for what the other left.
START_TEST(a_status_that_was_left_is_not_a_strangers)
{
    mp_process p, q;
    int five = 5;
    must(mp_process_init(&p, .target = have_a_child));
    must(mp_process_start(&p));
    while (shared[1] == 0) {
        usleep(1000);
    }
    must(mp_process_init(&q, .target = return_number, MP_ARGS(five)));
    must(mp_process_start(&q));
    ck_assert_int_eq(waitpid(mp_process_pid(&q), NULL, 0), mp_process_pid(&q));
    shared[0] = 1;
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&q), 5);
    must(mp_process_close(&q));
    must(mp_process_close(&p));
}
END_TEST

START_TEST(of_one_killed_and_reaped_elsewhere_nothing_more_is_known)
{
    mp_process p;
    start_waiting(&p);
    kill(mp_process_pid(&p), SIGKILL);
    ck_assert_int_eq(waitpid(-1, NULL, 0), mp_process_pid(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), MP_EXIT_UNKNOWN);
    must(mp_process_close(&p));
}
END_TEST

// A tracer sees the end first, and the parent only once the tracer lets go.
static void hold_in_a_debugger(pid_t pid)
{
    if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) == -1) {
        shared[0] = 2;
        _exit(0);
    }
    kill(pid, SIGKILL);
    siginfo_t info;
    waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
    shared[0] = 1;
    while (shared[1] == 0) {
        usleep(1000);
    }
    _exit(0);
}

START_TEST(a_join_waits_for_a_child_that_a_debugger_holds)
{
    mp_process p;
    start_waiting(&p);
    pid_t debugger = fork();
    if (debugger == 0) {
        hold_in_a_debugger(mp_process_pid(&p));
    }
    while (shared[0] == 0) {
        usleep(1000);
    }
    if (shared[0] == 1) {  // 2: the system does not let us trace
        ck_assert_refused(mp_process_join(&p, 0.05), ETIMEDOUT, "timed out");
        ck_assert_refused(mp_process_close(&p), EBUSY, RUNNING);
    }
    shared[1] = 1;
    waitpid(debugger, NULL, 0);
    kill_and_close(&p);
}
END_TEST

START_TEST(descriptors_stay_away_from_closed_standard_streams)
{
    int kept[3];
    for (int fd = 0; fd < 3; fd++) {
        kept[fd] = fcntl(fd, F_DUPFD, 10);
        close(fd);
    }
    mp_process p;
    start_waiting(&p);
    int sentinel = p.record->sentinel;
    for (int fd = 0; fd < 3; fd++) {
        dup2(kept[fd], fd);
        close(kept[fd]);
    }
    ck_assert_int_ge(sentinel, 3);
    ck_assert_refused(mp_process_join(&p, 0), ETIMEDOUT, "timed out");
    kill_and_close(&p);
}
END_TEST

START_TEST(a_child_that_the_kernel_reaped_has_ended)
{
    signal(SIGCHLD, SIG_IGN);
    for (int status = 0; status < 100; status++) {
        mp_process p;
        must(mp_process_init(&p, .target = return_number, MP_ARGS(status)));
        must(mp_process_start(&p));
        must(mp_process_join(&p, MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&p), status);
        must(mp_process_close(&p));
    }
}
END_TEST

// ---- close ----------------------------------------------------------------

START_TEST(close_refuses_a_running_child)
{
    mp_process p;
    start_waiting(&p);
    ck_assert_refused(mp_process_close(&p), EBUSY, RUNNING);
    ck_assert_int_eq(mp_process_exitcode(&p), MP_NONE);
    kill_and_close(&p);
}
END_TEST

START_TEST(close_needs_no_join_once_the_child_has_ended)
{
    mp_process p;
    must(mp_process_init(&p));
    must(mp_process_start(&p));
    siginfo_t info;
    waitid(P_PID, (id_t)mp_process_pid(&p), &info, WEXITED | WNOWAIT);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(close_may_be_called_twice)
{
    mp_process p;
    must(mp_process_init(&p));
    must(mp_process_close(&p));
    must(mp_process_close(&p));
}
END_TEST

START_TEST(after_close_nothing_works)
{
    mp_process p;
    must(mp_process_init(&p));
    must(mp_process_close(&p));
    ck_assert_refused(mp_process_start(&p), EINVAL, CLOSED);
    ck_assert_refused(mp_process_join(&p, 0), EINVAL, CLOSED);
    ck_assert_refused(mp_process_set_name(&p, "x"), EINVAL, CLOSED);
    ck_assert_refused(mp_process_daemon(&p), EINVAL, CLOSED);
    ck_assert_int_eq(mp_process_pid(&p), MP_NONE);
    ck_assert_int_eq(errno, EINVAL);
    errno = 0;
    ck_assert_int_eq(mp_process_exitcode(&p), MP_NONE);
    ck_assert_int_eq(errno, EINVAL);
    errno = 0;
    ck_assert_ptr_null(mp_process_name(&p));
    ck_assert_int_eq(errno, EINVAL);
    ck_assert_str_eq(mp_error(), CLOSED);
}
END_TEST

// ---- arguments and subclasses ---------------------------------------------

START_TEST(arguments_are_copied_at_construction)
{
    int status = 3;
    mp_process p;
    must(mp_process_init(&p, .target = return_number, MP_ARGS(status)));
    status = 4;
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 3);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(after_start_the_parent_has_no_arguments_left)
{
    int status = 3;
    mp_process p;
    must(mp_process_init(&p, .target = return_number, MP_ARGS(status)));
    must(mp_process_start(&p));
    ck_assert_ptr_null(p.args);
    ck_assert(p.target == NULL);
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
}
END_TEST

enum { LARGE = 64 << 20 };  // bytes

static int look_through(void *args)
{
    const unsigned char *bytes = args;
    for (int i = 0; i < LARGE; i++) {
        if (bytes[i] != i % 251) {
            return 1;
        }
    }
    memset(args, 0, LARGE);  // they are the child's own
    return 0;
}

START_TEST(arguments_may_be_large)
{
    unsigned char *large = malloc(LARGE);
    for (int i = 0; i < LARGE; i++) {
        large[i] = (unsigned char)(i % 251);
    }
    mp_process p;
    must(mp_process_init(&p, .target = look_through, .args = large,
                         .args_size = LARGE));
    free(large);
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
}
END_TEST

static int expect_no_args(void *args)
{
    return args == NULL && mp_current_process()->args_size == 0 ? 0 : 1;
}

START_TEST(there_may_be_no_arguments)
{
    ck_assert_int_eq(exitcode_of(expect_no_args), 0);
}
END_TEST

START_TEST(half_an_argument_is_refused)
{
    mp_process p;
    ck_assert_refused(mp_process_init(&p, .args = "x"), EINVAL,
                      "args and args_size must be given together");
    ck_assert_refused(mp_process_init(&p, .args_size = 1), EINVAL,
                      "args and args_size must be given together");
}
END_TEST

START_TEST(a_subclass_smaller_than_its_base_is_refused)
{
    mp_process p;
    ck_assert_refused(mp_process_init(&p, .size = sizeof p - 1), EINVAL,
                      "size must be that of the whole subclass");
}
END_TEST

struct counting {
    mp_process base;
    int number;
};

static int count_run(mp_process *base)
{
    const struct counting *self = (struct counting *)base;
    shared[0]++;
    shared[1] = getpid();
    return self->number + mp_process_run(base);
}

START_TEST(a_subclass_run_is_called_once_in_the_child_with_its_state)
{
    int ten = 10;
    struct counting p = { .number = 5 };
    must(mp_process_init(&p.base, .run = count_run, .size = sizeof p,
                         .target = return_number, MP_ARGS(ten)));
    must(mp_process_start(&p.base));
    must(mp_process_join(&p.base, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p.base), 15);
    ck_assert_int_eq(shared[0], 1);
    ck_assert_int_eq(shared[1], mp_process_pid(&p.base));
    must(mp_process_close(&p.base));
}
END_TEST

// ---- threads --------------------------------------------------------------

// Check's assertions take a lock of Check's own, and a child would inherit it
// locked by another thread. So threads and their children assert nothing here:
// they count.
static int construct_and_close(void *args)
{
    (void)args;
    mp_process p;
    int status = mp_process_init(&p) == 0 && mp_process_close(&p) == 0 ? 5 : 1;
#ifdef UNIT_SANITIZED
    _exit(status);  // threads make false leaks
#endif
    return status;
}

static void *start_some(void *good)
{
    for (int i = 0; i < how_many(25, 100); i++) {
        mp_process p;
        if (mp_process_init(&p, .target = construct_and_close) == 0 &&
            mp_process_start(&p) == 0 &&
            mp_process_join(&p, MP_FOREVER) == 0 &&
            mp_process_exitcode(&p) == 5 && mp_process_close(&p) == 0) {
            ++*(int *)good;
        }
    }
    return NULL;
}

// A child must not inherit a lock of ours that another thread holds at the
// fork: it would wait for ever, and the test with it.
START_TEST(several_threads_may_start_processes_at_once)
{
    pthread_t threads[4];
    int good[4] = { 0 };
    for (int i = 0; i < 4; i++) {
        pthread_create(&threads[i], NULL, start_some, &good[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(good[i], how_many(25, 100));
    }
}
END_TEST

// ---- many -----------------------------------------------------------------

START_TEST(a_hundred_processes_started_then_joined)
{
    // The usual limit is enough for a thousand: a running child costs one
    // descriptor, and under forkserver two.
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 1024;
    setrlimit(RLIMIT_NOFILE, &limit);
    const int count = how_many(100, under(FORKSERVER) ? 400 : 1000);
    mp_process *many = calloc((size_t)count, sizeof *many);
    for (int i = 0; i < count; i++) {
        must(mp_process_init(&many[i]));
        must(mp_process_start(&many[i]));
    }
    for (int i = 0; i < count; i++) {
        must(mp_process_join(&many[i], MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&many[i]), 0);
    }
    for (int i = 0; i < count; i++) {
        must(mp_process_close(&many[i]));
    }
    free(many);
}
END_TEST

// Starts a child that does the same one level deeper, and adds it up.
static int descend(void *args)
{
    int left = *(int *)args - 1;
    if (left == 0) {
        return 1;
    }
    mp_process p;
    must(mp_process_init(&p, .target = descend, MP_ARGS(left)));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    int below = mp_process_exitcode(&p);
    must(mp_process_close(&p));
    return below + 1;
}

// A new image is dearer than a copy, and each of them has a server of its own.
START_TEST(many_processes_nested_ten_deep)
{
    const int count = under(FORK) ? how_many(10, 100) : how_many(2, 10);
    mp_process many[100];
    int depth = 10;
    for (int i = 0; i < count; i++) {
        must(mp_process_init(&many[i], .target = descend, MP_ARGS(depth)));
        must(mp_process_start(&many[i]));
    }
    for (int i = 0; i < count; i++) {
        must(mp_process_join(&many[i], MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&many[i]), depth);
        must(mp_process_close(&many[i]));
    }
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(ALL, a_new_process_has_no_pid_and_no_exitcode);
    fact(ALL, a_running_process_has_a_pid_and_no_exitcode);
    fact(ALL, what_the_target_returns_is_the_exitcode);
    fact(ALL, a_child_killed_by_signal_n_has_exitcode_minus_n);
    fact(ALL, a_child_that_aborts_has_exitcode_minus_6);
    fact(ALL, without_a_target_the_exitcode_is_0);
    fact(ALL, run_called_directly_runs_here);
    fact(ALL, start_works_once);
    fact(FORK, only_the_creator_starts_joins_and_closes);
    fact(FORK, a_running_sibling_is_known_but_not_ours);
    fact(ALL, a_process_that_joins_itself_is_refused);
    fact(ALL, a_daemonic_process_starts_no_children);
    fact(OWN, start_reaps_children_that_ended_unjoined);
    fact(ALL, join_needs_a_started_process);
    fact(ALL, join_with_a_timeout_leaves_a_running_child_running);
    fact(ALL, a_process_may_be_joined_many_times);
    fact(ALL, signals_do_not_end_a_join);
    fact(ALL, several_threads_may_join_one_child);
    fact(OWN, a_child_that_somebody_else_reaped_has_ended);
    fact(OWN, a_join_waits_for_a_child_that_a_debugger_holds);
    fact(ALL, descriptors_stay_away_from_closed_standard_streams);
    fact(OWN, a_status_that_was_left_is_not_a_strangers);
    fact(OWN, of_one_killed_and_reaped_elsewhere_nothing_more_is_known);
    fact(ALL, a_child_that_the_kernel_reaped_has_ended);
    fact(ALL, close_refuses_a_running_child);
    fact(OWN, close_needs_no_join_once_the_child_has_ended);
    fact(ALL, close_may_be_called_twice);
    fact(ALL, after_close_nothing_works);
    fact(ALL, arguments_are_copied_at_construction);
    fact(ALL, after_start_the_parent_has_no_arguments_left);
    fact(ALL, arguments_may_be_large);
    fact(ALL, there_may_be_no_arguments);
    fact(ALL, half_an_argument_is_refused);
    fact(ALL, a_subclass_smaller_than_its_base_is_refused);
    fact(ALL, a_subclass_run_is_called_once_in_the_child_with_its_state);
    fact(ALL, several_threads_may_start_processes_at_once);
    fact(ALL, a_hundred_processes_started_then_joined);
    fact(ALL, many_processes_nested_ten_deep);
    return unit_main("process");
}
