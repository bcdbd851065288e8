// How everything ends: flushing, exit handlers, exit statuses, joins at exit.

#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

static char output[4096];

// ---- standard streams -----------------------------------------------------

static int print_in_child(void *args)
{
    printf("%s", (const char *)args);
    return 0;
}

static int print_around_a_child(void)
{
    mp_process p;
    printf("before ");
    must(mp_process_init(&p, .target = print_in_child, MP_ARGS("child ")));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
    printf("after");
    return 0;
}

START_TEST(text_that_waits_at_start_appears_once)
{
    ck_assert_int_eq(run_program(print_around_a_child, output, sizeof output),
                     0);
    ck_assert_str_eq(output, "before child after");
}
END_TEST

static int print_to_a_buffered_stderr(void)
{
    static char buffer[1000];
    dup2(STDOUT_FILENO, STDERR_FILENO);
    setvbuf(stderr, buffer, _IOFBF, sizeof buffer);
    fprintf(stderr, "before ");
    mp_process p;
    must(mp_process_init(&p, .target = print_in_child, MP_ARGS("child ")));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
    fprintf(stderr, "after");
    return 0;
}

START_TEST(so_does_text_for_stderr)
{
    ck_assert_int_eq(
        run_program(print_to_a_buffered_stderr, output, sizeof output), 0);
    ck_assert_str_eq(output, "before child after");
}
END_TEST

// A thread that prints while children are started: every line of its appears
// once, and no child waits for it.
static atomic_bool enough;
static int lines;

static void *print_lines(void *stream)
{
    while (!enough && lines < 1 << 24) {
        fputc('x', stream);
        lines++;
    }
    return NULL;
}

// All that matters here; a leak check would be misled by threads (platform.h).
static int flush_and_leave(void *args)
{
    (void)args;
    fflush(stdout);
    fflush(stderr);
    _exit(0);
}

static int start_beside_a_printer_to(FILE *stream)
{
    pthread_t printer;
    pthread_create(&printer, NULL, print_lines, stream);
    for (int i = 0; i < how_many(30, 100); i++) {
        mp_process p;
        if (mp_process_init(&p, .target = flush_and_leave) == -1 ||
            mp_process_start(&p) == -1 ||
            mp_process_join(&p, MP_FOREVER) == -1 ||
            mp_process_close(&p) == -1) {
            return 1;
        }
    }
    enough = true;
    pthread_join(printer, NULL);
    fflush(stream);
    struct stat file;
    return fstat(STDOUT_FILENO, &file) == 0 && file.st_size == lines ? 0 : 2;
}

static int start_beside_a_printer(void)
{
    return start_beside_a_printer_to(stdout);
}

static int start_beside_a_printer_to_stderr(void)
{
    static char buffer[1000];
    dup2(STDOUT_FILENO, STDERR_FILENO);
    setvbuf(stderr, buffer, _IOFBF, sizeof buffer);
    return start_beside_a_printer_to(stderr);
}

START_TEST(text_that_another_thread_prints_appears_once)
{
    ck_assert_int_eq(
        run_program(start_beside_a_printer, output, sizeof output), 0);
}
END_TEST

START_TEST(so_does_text_that_it_prints_to_stderr)
{
    ck_assert_int_eq(run_program(start_beside_a_printer_to_stderr, output,
                                 sizeof output), 0);
}
END_TEST

static int close_stdout(void *args)
{
    close(1);
    return print_in_child(args);
}

START_TEST(a_child_whose_stdout_is_gone_still_ends_well)
{
    mp_process p;
    must(mp_process_init(&p, .target = close_stdout, MP_ARGS("lost")));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
}
END_TEST

// ---- exit and exit handlers -----------------------------------------------

static int call_exit(void *args)
{
    exit(*(int *)args);
}

static int call_mp_exit(void *args)
{
    mp_exit(*(int *)args);
}

START_TEST(a_child_may_end_by_exit)
{
    int (*const ways[])(void *) = { call_exit, call_mp_exit };
    for (int i = 0; i < 6; i++) {
        int status = i * 51;
        mp_process p;
        must(mp_process_init(&p, .target = ways[i % 2], MP_ARGS(status)));
        must(mp_process_start(&p));
        must(mp_process_join(&p, MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&p), status);
        must(mp_process_close(&p));
    }
}
END_TEST

static void print_handler_of_parent(void)
{
    printf("parent's handler");
}

static void print_handler_of_child(void)
{
    printf("child's handler, ");
}

static int register_in_child(void *args)
{
    (void)args;
    atexit(print_handler_of_child);
    return 0;
}

static int register_handlers(void)
{
    atexit(print_handler_of_parent);
    mp_process p;
    must(mp_process_init(&p, .target = register_in_child));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
    return 0;
}

START_TEST(a_child_runs_its_own_exit_handlers_and_not_its_parents)
{
    ck_assert_int_eq(run_program(register_handlers, output, sizeof output), 0);
    ck_assert_str_eq(output, "child's handler, parent's handler");
}
END_TEST

static int fork_and_exit(void *args)
{
    (void)args;
    pid_t pid = fork();
    if (pid == 0) {
        exit(7);
    }
    int status;
    waitpid(pid, &status, 0);
    return WEXITSTATUS(status);
}

static int raw_fork_in_a_child(void)
{
    atexit(print_handler_of_parent);
    mp_process p;
    must(mp_process_init(&p, .target = fork_and_exit));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    int exitcode = mp_process_exitcode(&p);
    must(mp_process_close(&p));
    return exitcode;
}

START_TEST(a_raw_fork_in_a_child_does_not_run_them_either)
{
    ck_assert_int_eq(run_program(raw_fork_in_a_child, output, sizeof output),
                     7);
    ck_assert_str_eq(output, "parent's handler");
}
END_TEST

// ---- joins at exit --------------------------------------------------------

// Prints once the parent's text stands in the file, and so after the parent's
// main function has returned: there it only waits in a buffer.
static int print_after_the_parent(void *args)
{
    (void)args;
    struct stat file = { .st_size = 0 };
    while (fstat(STDOUT_FILENO, &file) == 0 && file.st_size == 0) {
        usleep(1000);
    }
    printf("child");
    return 0;
}

static int start_without_join(void)
{
    static mp_process p;
    must(mp_process_init(&p, .target = print_after_the_parent));
    must(mp_process_start(&p));
    printf("main, ");
    return 3;
}

START_TEST(a_program_joins_its_children_and_keeps_its_status)
{
    ck_assert_int_eq(run_program(start_without_join, output, sizeof output), 3);
    ck_assert_str_eq(output, "main, child");
}
END_TEST

static int leave_by_exit(void)
{
    exit(start_without_join());
}

START_TEST(so_does_one_that_calls_exit)
{
    ck_assert_int_eq(run_program(leave_by_exit, output, sizeof output), 3);
    ck_assert_str_eq(output, "main, child");
}
END_TEST

// The object stands on a stack that is gone when the program ends.
static int __attribute__((noinline)) start_on_a_stack(void)
{
    mp_process p;
    must(mp_process_init(&p, .target = print_in_child, MP_ARGS("child")));
    must(mp_process_start(&p));
    memset(&p, 0xff, sizeof p);
    return 0;
}

START_TEST(children_are_joined_when_their_objects_are_gone)
{
    ck_assert_int_eq(run_program(start_on_a_stack, output, sizeof output), 0);
    ck_assert_str_eq(output, "child");
}
END_TEST

static int have_a_child(void *args)
{
    (void)args;
    return start_without_join();
}

static int have_a_grandchild(void)
{
    mp_process p;
    must(mp_process_init(&p, .target = have_a_child));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    printf(", exitcode %d", mp_process_exitcode(&p));
    must(mp_process_close(&p));
    return 0;
}

START_TEST(a_child_joins_its_own_children)
{
    ck_assert_int_eq(run_program(have_a_grandchild, output, sizeof output), 0);
    ck_assert_str_eq(output, "main, child, exitcode 3");
}
END_TEST

static int start_daemon(int (*target)(void *))
{
    static mp_process p;
    must(mp_process_init(&p, .target = target, .daemon = MP_TRUE));
    must(mp_process_start(&p));
    shared[0] = mp_process_pid(&p);
    return 4;
}

// Takes SIGTERM, and says so.
static void on_sigterm(int sig)
{
    shared[3] = sig;
    _exit(0);
}

static int wait_for_sigterm(void *args)
{
    signal(SIGTERM, on_sigterm);
    shared[1] = 1;
    return wait_forever(args);
}

static int daemon_that_listens(void)
{
    int status = start_daemon(wait_for_sigterm);
    while (shared[1] == 0) {
        usleep(1000);
    }
    return status;
}

START_TEST(a_daemon_ends_with_its_program_by_sigterm)
{
    ck_assert_int_eq(run_program(daemon_that_listens, output, sizeof output),
                     4);
    ck_assert_int_eq(kill(shared[0], 0), -1);
    ck_assert_int_eq(shared[3], SIGTERM);
}
END_TEST

static int stop_itself(void *args)
{
    signal(SIGTERM, on_sigterm);
    raise(SIGSTOP);
    return wait_forever(args);
}

static int daemon_that_is_stopped(void)
{
    int status = start_daemon(stop_itself);
    wait_until_stopped(shared[0]);
    return status;
}

START_TEST(so_does_a_stopped_one)
{
    ck_assert_int_eq(run_program(daemon_that_is_stopped, output, sizeof output),
                     4);
    ck_assert_int_eq(kill(shared[0], 0), -1);
    ck_assert_int_eq(shared[3], SIGTERM);
}
END_TEST

static int ignore_sigterm(void *args)
{
    signal(SIGTERM, SIG_IGN);
    shared[1] = 1;
    return wait_forever(args);
}

static int daemon_that_is_deaf(void)
{
    int status = start_daemon(ignore_sigterm);
    while (shared[1] == 0) {
        usleep(1000);
    }
    return status;
}

START_TEST(so_does_one_that_ignores_sigterm_after_the_grace)
{
    double before = mp_clock_now();
    ck_assert_int_eq(run_program(daemon_that_is_deaf, output, sizeof output),
                     4);
    ck_assert_double_ge(mp_clock_now() - before, MP_DAEMON_GRACE);
    ck_assert_int_eq(kill(shared[0], 0), -1);
}
END_TEST

static void catch(int sig)
{
    (void)sig;
    shared[2]++;
}

START_TEST(a_child_does_not_inherit_its_parents_signal_handlers)
{
    signal(SIGUSR1, catch);
    signal(SIGUSR2, SIG_IGN);
    mp_process p;
    must(mp_process_init(&p, .target = wait_forever));
    must(mp_process_start(&p));
    kill(mp_process_pid(&p), SIGUSR2);
    kill(mp_process_pid(&p), SIGUSR1);
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), -SIGUSR1);
    must(mp_process_close(&p));
    raise(SIGUSR1);
    ck_assert_int_eq(shared[2], 1);  // by us, and by nobody else
}
END_TEST

static int expect_ignored_signals(void *args)
{
    struct sigaction interrupt, user;
    (void)args;
    sigaction(SIGINT, NULL, &interrupt);
    sigaction(SIGUSR2, NULL, &user);
    return interrupt.sa_handler == SIG_IGN ? user.sa_handler != SIG_IGN : 1;
}

START_TEST(what_its_parent_ignores_a_child_ignores_too)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGUSR2, SIG_IGN);
    mp_process p;
    must(mp_process_init(&p, .target = expect_ignored_signals));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
}
END_TEST

static int expect_nothing_of_sigchld(void *args)
{
    struct sigaction action;
    sigset_t mask;
    (void)args;
    sigaction(SIGCHLD, NULL, &action);
    sigprocmask(SIG_BLOCK, NULL, &mask);
    return action.sa_handler == SIG_DFL ? sigismember(&mask, SIGCHLD) : 2;
}

START_TEST(a_child_neither_handles_nor_blocks_sigchld)
{
    mp_process p;
    must(mp_process_init(&p, .target = expect_nothing_of_sigchld));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(a_child_blocks_no_signal)
{
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &term, NULL);
    mp_process p;
    must(mp_process_init(&p, .target = wait_forever));
    must(mp_process_start(&p));
    kill(mp_process_pid(&p), SIGTERM);
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), -SIGTERM);
    must(mp_process_close(&p));
    pthread_sigmask(SIG_BLOCK, NULL, &term);
    ck_assert_int_eq(sigismember(&term, SIGTERM), 1);  // we still do
}
END_TEST

// ---- raw forks ------------------------------------------------------------

START_TEST(a_raw_fork_that_exits_harms_nobody)
{
    mp_process p;
    must(mp_process_init(&p, .target = wait_forever, .daemon = MP_TRUE));
    must(mp_process_start(&p));
    pid_t pid = fork();
    if (pid == 0) {
        exit(6);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(WEXITSTATUS(status), 6);
    ck_assert_int_eq(mp_process_exitcode(&p), MP_NONE);
    kill(mp_process_pid(&p), SIGKILL);
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
}
END_TEST

START_TEST(a_raw_fork_keeps_its_own_descriptors)
{
    mp_process p;
    must(mp_process_init(&p, .target = wait_forever));
    must(mp_process_start(&p));
    pid_t pid = fork();
    if (pid == 0) {
        // As a program does that leaves its terminal: close all, open a file.
        for (int fd = 3; fd < 64; fd++) {
            close(fd);
        }
        int own = dup(0);
        must(mp_process_init(&p));
        _exit(fcntl(own, F_GETFD) == -1 ? 1 : 0);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    kill(mp_process_pid(&p), SIGKILL);
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
}
END_TEST

START_TEST(a_raw_fork_may_have_children_of_its_own)
{
    mp_process ours;
    must(mp_process_init(&ours, .target = wait_forever));
    must(mp_process_start(&ours));
    ck_assert_int_eq(run_program(start_without_join, output, sizeof output), 3);
    ck_assert_str_eq(output, "main, child");
    ck_assert_int_eq(mp_process_exitcode(&ours), MP_NONE);
    kill(mp_process_pid(&ours), SIGKILL);
    must(mp_process_join(&ours, MP_FOREVER));
    must(mp_process_close(&ours));
}
END_TEST

// ---- leaks ----------------------------------------------------------------

#ifdef UNIT_SANITIZED
static int leak(void *args)
{
    (void)args;
    void *volatile lost = malloc(1000);
    lost = NULL;
    (void)lost;
    fclose(stderr);  // the report is expected
    return 0;
}

START_TEST(a_leak_in_a_child_is_seen)
{
    mp_process p;
    must(mp_process_init(&p, .target = leak));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), UNIT_EXIT_LEAKED);
    must(mp_process_close(&p));
}
END_TEST
#endif

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(ALL, text_that_waits_at_start_appears_once);
    fact(ALL, so_does_text_for_stderr);
    fact(ALL, text_that_another_thread_prints_appears_once);
    fact(ALL, so_does_text_that_it_prints_to_stderr);
    fact(ALL, a_child_whose_stdout_is_gone_still_ends_well);
    fact(ALL, a_child_may_end_by_exit);
    fact(ALL, a_child_runs_its_own_exit_handlers_and_not_its_parents);
    fact(ALL, a_raw_fork_in_a_child_does_not_run_them_either);
    fact(ALL, a_program_joins_its_children_and_keeps_its_status);
    fact(ALL, so_does_one_that_calls_exit);
    fact(ALL, children_are_joined_when_their_objects_are_gone);
    fact(ALL, a_child_joins_its_own_children);
    fact(ALL, a_daemon_ends_with_its_program_by_sigterm);
    fact(ALL, so_does_a_stopped_one);
    fact(FORK, so_does_one_that_ignores_sigterm_after_the_grace);
    fact(ALL, a_child_does_not_inherit_its_parents_signal_handlers);
    fact(ALL, what_its_parent_ignores_a_child_ignores_too);
    fact(ALL, a_child_neither_handles_nor_blocks_sigchld);
    fact(ALL, a_child_blocks_no_signal);
    fact(ALL, a_raw_fork_that_exits_harms_nobody);
    fact(ALL, a_raw_fork_keeps_its_own_descriptors);
    fact(ALL, a_raw_fork_may_have_children_of_its_own);
#ifdef UNIT_SANITIZED
    fact(ALL, a_leak_in_a_child_is_seen);
#endif
    return unit_main("end");
}
