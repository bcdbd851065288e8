// The fork server, and what happens when somebody kills or stops it.

#include "unit.h"

#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/descriptors.h"
#include "start/forkserver.h"

// Kills the server, and waits until it is dead: it is our child.
static void kill_server(void)
{
    siginfo_t info;
    pid_t pid = mp_forkserver_pid();
    kill(pid, SIGKILL);
    waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
}

static bool ready(int fd)
{
    struct pollfd watched = { .fd = fd, .events = POLLIN };
    return poll(&watched, 1, 0) == 1;
}

// Tells a thread to end.
static atomic_bool enough;

// ---- one server -----------------------------------------------------------

static int report_parents(void *args)
{
    int place = *(int *)args;
    shared[place] = getppid();
    shared[place + 1] = mp_process_pid(mp_parent_process());
    return 0;
}

START_TEST(the_server_is_everybodys_parent_and_we_are_who_asked)
{
    ck_assert_int_eq(mp_forkserver_pid(), MP_NONE);
    for (int place = 0; place < 6; place += 2) {
        mp_process p;
        must(mp_process_init(&p, .target = report_parents, MP_ARGS(place)));
        must(mp_process_start(&p));
        join_and_close(&p);
        ck_assert_int_eq(shared[place], mp_forkserver_pid());
        ck_assert_int_eq(shared[place + 1], getpid());
    }
    ck_assert_int_eq(mp_active_children(NULL, 0), 0);  // it is none of them
}
END_TEST

static int entries(pid_t pid, const char *folder)
{
    char path[64];
    int count = -2;  // "." and ".."
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, folder);
    DIR *open = opendir(path);
    while (open != NULL && readdir(open) != NULL) {
        count++;
    }
    closedir(open);
    return count;
}

START_TEST(the_server_has_one_thread_and_keeps_no_descriptor)
{
    int open_to_all = dup(0);
    mp_process p;
    for (int i = 0; i < 20; i++) {
        start(&p, NULL);
        join_and_close(&p);
    }
    ck_assert_int_eq(entries(mp_forkserver_pid(), "task"), 1);
    while (entries(mp_forkserver_pid(), "fd") != 6) {
        usleep(1000);  // it closes the last one's pair just after its fork
    }
    close(open_to_all);
}
END_TEST

START_TEST(the_server_ignores_sigint_and_its_children_do_not)
{
    mp_process p;
    start(&p, wait_forever);
    kill(mp_forkserver_pid(), SIGINT);
    kill(mp_process_pid(&p), SIGINT);
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), -SIGINT);
    must(mp_process_close(&p));
    pid_t server = mp_forkserver_pid();
    start(&p, NULL);
    join_and_close(&p);
    ck_assert_int_eq(mp_forkserver_pid(), server);
}
END_TEST

static int start_grandchild(void *args)
{
    (void)args;
    ck_assert_int_eq(mp_forkserver_pid(), MP_NONE);
    mp_process p;
    int place = 2;
    must(mp_process_init(&p, .target = report_parents, MP_ARGS(place)));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
    shared[0] = mp_forkserver_pid();
    shared[1] = getpid();
    return 0;
}

START_TEST(a_child_that_asks_has_a_server_of_its_own)
{
    mp_process p;
    start(&p, start_grandchild);
    join_and_close(&p);
    ck_assert_int_ne(shared[0], mp_forkserver_pid());
    ck_assert_int_eq(shared[2], shared[0]);
    ck_assert_int_eq(shared[3], shared[1]);
    ck_assert(!runs(shared[0]));  // it has ended with who asked
}
END_TEST

START_TEST(a_raw_fork_has_no_server_and_keeps_ours_from_nothing)
{
    mp_process p;
    start(&p, NULL);
    join_and_close(&p);
    int go[2];
    ck_assert_int_eq(pipe(go), 0);
    pid_t pid = fork();
    if (pid == 0) {
        char byte;
        close(go[1]);
        bool none = mp_forkserver_pid() == MP_NONE;
        _exit(read(go[0], &byte, 1) == 0 && none ? 3 : 4);
    }
    pid_t server = mp_forkserver_pid();
    mp_forkserver_stop();
    ck_assert(!runs(server));
    close(go[0]);
    close(go[1]);
    int status;
    waitpid(pid, &status, 0);
    ck_assert_int_eq(WEXITSTATUS(status), 3);
}
END_TEST

static void *ask_for_its_pid(void *unused)
{
    while (!enough) {
        mp_forkserver_pid();
    }
    return unused;
}

// Between two looks it would miss one that comes then, and a join would hang.
START_TEST(the_server_takes_sigchld_only_while_it_waits)
{
    mp_process p;
    start(&p, NULL);
    join_and_close(&p);
    ck_assert_int_eq(image_blocked_sigchld, 1);
}
END_TEST

START_TEST(a_raw_fork_finds_no_lock_held)
{
    mp_process p;
    pthread_t thread;
    start(&p, NULL);
    join_and_close(&p);
    pthread_create(&thread, NULL, ask_for_its_pid, NULL);
    for (int i = 0; i < 200; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            _exit(mp_forkserver_pid() == MP_NONE ? 0 : 1);
        }
        int status;
        waitpid(pid, &status, 0);
        ck_assert_int_eq(status, 0);
    }
    enough = true;
    pthread_join(thread, NULL);
}
END_TEST

static int write_to_stdout(void *args)
{
    (void)args;
    return write(STDOUT_FILENO, "text", 4) == -1 ? 4 : 1;
}

static int end_when_told(void *args)
{
    (void)args;
    while (shared[0] == 0) {
        usleep(1000);
    }
    return 3;
}

START_TEST(a_child_without_stdout_writes_to_nobodys_report)
{
    mp_process p, q;
    int kept = dup(STDOUT_FILENO);
    close(STDOUT_FILENO);
    start(&p, end_when_told);
    start(&q, write_to_stdout);
    must(mp_process_join(&q, MP_FOREVER));
    shared[0] = 1;
    must(mp_process_join(&p, MP_FOREVER));
    dup2(kept, STDOUT_FILENO);
    close(kept);
    ck_assert_int_eq(mp_process_exitcode(&p), 3);
    ck_assert_int_eq(mp_process_exitcode(&q), 4);
    must(mp_process_close(&p));
    must(mp_process_close(&q));
}
END_TEST

// ---- limits ---------------------------------------------------------------

static void limit_descriptors(rlim_t most)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = most;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static int return_its_limit(void *args)
{
    struct rlimit limit;
    (void)args;
    getrlimit(RLIMIT_NOFILE, &limit);
    return (int)limit.rlim_cur;
}

START_TEST(a_child_has_the_limits_that_the_server_found)
{
    mp_process p;
    limit_descriptors(77);
    start(&p, return_its_limit);
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 77);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(a_server_that_cannot_fork_says_why)
{
    mp_process p;
    start(&p, NULL);
    join_and_close(&p);
    int before = open_descriptors();
    must(mp_process_init(&p));
    fault_image_fork = ENOMEM;
    errno = 0;
    ck_assert_int_eq(mp_process_start(&p), -1);
    ck_assert_int_eq(errno, ENOMEM);
    ck_assert_int_eq(open_descriptors(), before);
    must(mp_process_start(&p));
    join_and_close(&p);
}
END_TEST

START_TEST(a_server_without_memory_says_so)
{
    mp_process p;
    start(&p, NULL);
    join_and_close(&p);
    must(mp_process_init(&p));
    fault_image_malloc = 1;
    errno = 0;
    ck_assert_int_eq(mp_process_start(&p), -1);
    ck_assert_int_eq(errno, ENOMEM);
    must(mp_process_start(&p));
    join_and_close(&p);
}
END_TEST

START_TEST(servers_that_end_at_once_are_not_started_for_ever)
{
    mp_process p;
    int before = open_descriptors();
    must(mp_process_init(&p));
    fault_image = 1;
    errno = 0;
    ck_assert_int_eq(mp_process_start(&p), -1);
    ck_assert_int_eq(errno, ECONNRESET);
    fault_image = 0;
    mp_forkserver_stop();
    ck_assert_int_ge(fault_images, 1);
    ck_assert_int_ge(50, fault_images);
    ck_assert_int_eq(open_descriptors(), before);
    must(mp_process_start(&p));
    join_and_close(&p);
}
END_TEST

// ---- the end of the program -----------------------------------------------

static char output[100];

static int use_the_server(void)
{
    static mp_process p;
    start(&p, NULL);
    shared[0] = mp_forkserver_pid();
    return 5;
}

START_TEST(the_server_ends_with_the_program)
{
    ck_assert_int_eq(run_program(use_the_server, output, sizeof output), 5);
    ck_assert_int_ne(shared[0], 0);
    ck_assert(!runs(shared[0]));
}
END_TEST

static int use_it_and_be_killed(void)
{
    use_the_server();
    kill(getpid(), SIGKILL);
    return 0;
}

START_TEST(the_server_ends_also_if_the_program_is_killed)
{
    ck_assert_int_eq(run_program(use_it_and_be_killed, output, sizeof output),
                     -SIGKILL);
    while (runs(shared[0])) {
        usleep(1000);
    }
}
END_TEST

// ---- the server is killed -------------------------------------------------

START_TEST(a_server_killed_before_a_start_is_started_anew)
{
    for (int i = 0; i < 10; i++) {
        mp_process p;
        int status = 7;
        must(mp_process_init(&p, .target = return_number, MP_ARGS(status)));
        must(mp_process_start(&p));
        must(mp_process_join(&p, MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&p), 7);
        must(mp_process_close(&p));
        kill_server();
    }
}
END_TEST

static int return_five_when_told(void *args)
{
    (void)args;
    while (shared[0] == 0) {
        usleep(1000);
    }
    return 5;
}

START_TEST(a_child_of_a_killed_server_runs_on_and_leaves_its_status)
{
    mp_process p;
    start(&p, return_five_when_told);
    kill_server();
    ck_assert(!ready(mp_process_sentinel(&p)));
    ck_assert_int_eq(mp_process_is_alive(&p), 1);
    ck_assert_refused(mp_process_join(&p, 0.05), ETIMEDOUT, "timed out");
    shared[0] = 1;
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 5);
    ck_assert_int_eq(mp_process_is_alive(&p), 0);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(of_one_killed_after_its_server_nothing_more_is_known)
{
    mp_process p;
    start(&p, wait_forever);
    kill_server();
    must(mp_process_terminate(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), MP_EXIT_UNKNOWN);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(how_one_was_killed_before_its_server_is_known)
{
    mp_process p;
    start(&p, wait_forever);
    must(mp_process_kill(&p));
    volatile mp_exit_status *told = p.record->exit_status;
    while (told->exitcode == MP_NONE) {
        usleep(1000);
    }
    kill_server();
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), -SIGKILL);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(a_daemon_ends_with_its_killed_server)
{
    mp_process p;
    must(mp_process_init(&p, .target = wait_forever, .daemon = MP_TRUE));
    must(mp_process_start(&p));
    kill_server();
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), MP_EXIT_UNKNOWN);
    must(mp_process_close(&p));
}
END_TEST

// How often, and how much time a server has before it is killed: up to 2 ms, or
// sometimes 30; more with a sanitizer, since it begins slowly, or on a slow
// machine.
#ifdef UNIT_SANITIZED
enum { ROUNDS = 30, SHIFT = 15 };
#else
enum { ROUNDS = 100, SHIFT = 21 };
#endif

// Somebody kills each server as soon as there is one, at any moment of a start.
// A child that has started has run once; one that has not, never.
static void *kill_servers(void *seed)
{
    unsigned random = *(unsigned *)seed;
    while (!enough) {
        random = random * 1664525u + 1013904223u;
        usleep((useconds_t)patience(
            random >> (random % 3 == 0 ? SHIFT - 4 : SHIFT)));
        pid_t pid = mp_forkserver_pid();
        if (pid != MP_NONE) {
            kill(pid, SIGKILL);  // a zombie at worst: the library reaps it
        }
    }
    return NULL;
}

static int count_a_run(void *args)
{
    (void)args;
    __atomic_fetch_add(&shared[0], 1, __ATOMIC_SEQ_CST);
    return 5;
}

START_TEST(a_server_killed_during_starts_makes_no_child_run_twice)
{
    unsigned seed = (unsigned)getpid();
    printf("seed %u\n", seed);
    pthread_t killer;
    pthread_create(&killer, NULL, kill_servers, &seed);
    int started = 0, good = 0;
    for (int i = 0; i < how_many(ROUNDS, 3 * ROUNDS); i++) {
        mp_process p;
        must(mp_process_init(&p, .target = count_a_run));
        if (mp_process_start(&p) == 0) {
            started++;
            must(mp_process_join(&p, MP_FOREVER));
            good += mp_process_exitcode(&p) == 5;
        }
        must(mp_process_close(&p));
    }
    enough = true;
    pthread_join(killer, NULL);
    ck_assert_int_eq(shared[0], started);
    ck_assert_int_eq(good, started);
    ck_assert_int_ge(started, 1);
}
END_TEST

static void *stop_servers(void *unused)
{
    while (!enough) {
        usleep((useconds_t)patience(UINT32_MAX >> SHIFT));
        mp_forkserver_stop();
    }
    return unused;
}

START_TEST(another_thread_may_stop_the_server_during_starts)
{
    pthread_t thread;
    pthread_create(&thread, NULL, stop_servers, NULL);
    int started = 0;
    for (int i = 0; i < how_many(ROUNDS, 3 * ROUNDS); i++) {
        mp_process p;
        must(mp_process_init(&p, .target = count_a_run));
        if (mp_process_start(&p) == 0) {
            started++;
            must(mp_process_join(&p, MP_FOREVER));
        }
        must(mp_process_close(&p));
    }
    enough = true;
    pthread_join(thread, NULL);
    ck_assert_int_eq(shared[0], started);
}
END_TEST

// ---- the server is stopped ------------------------------------------------

// A child that has ended, and of which a stopped server has not told it.
static pid_t start_one_that_ends_untold(mp_process *p)
{
    start(p, wait_forever);
    pid_t server = mp_forkserver_pid();
    kill(server, SIGSTOP);
    wait_until_stopped(server);
    must(mp_process_kill(p));
    must(mp_fd_wait(mp_process_sentinel(p), MP_FOREVER));
    return server;
}

START_TEST(a_child_of_a_stopped_server_has_ended_when_it_has)
{
    mp_process p;
    pid_t server = start_one_that_ends_untold(&p);
    ck_assert_int_eq(mp_process_is_alive(&p), 0);
    ck_assert_int_eq(mp_active_children(NULL, 0), 0);
    must(mp_process_join(&p, 0));
    kill(server, SIGCONT);
    ck_assert_int_eq(mp_process_exitcode(&p), -SIGKILL);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(no_start_waits_for_a_report_of_another_child)
{
    mp_process p, q[2];
    pid_t server = start_one_that_ends_untold(&p);
    for (int i = 0; i < 2; i++) {  // the second start reaps the first child
        must(mp_process_init(&q[i], .context = mp_get_context("fork")));
        must(mp_process_start(&q[i]));
        must(mp_fd_wait(mp_process_sentinel(&q[i]), MP_FOREVER));
    }
    kill(server, SIGCONT);
    join_and_close(&p);
    join_and_close(&q[0]);
    join_and_close(&q[1]);
}
END_TEST

START_TEST(a_stopped_server_does_not_keep_the_program_from_ending)
{
    mp_process p;
    start(&p, NULL);
    join_and_close(&p);
    pid_t server = mp_forkserver_pid();
    kill(server, SIGSTOP);
    mp_forkserver_stop();  // what the exit handler calls
    ck_assert(!runs(server));
}
END_TEST

static int return_on_sigterm(void *args)
{
    (void)args;
    sigset_t term;
    int sig;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    shared[0] = 1;
    sigwait(&term, &sig);
    usleep(50000);  // it takes a while to clean up
    return 4;
}

START_TEST(a_sigterm_for_the_whole_group_leaves_the_server_at_work)
{
    mp_process p;
    must(mp_process_init(&p, .target = return_on_sigterm, .daemon = MP_TRUE));
    must(mp_process_start(&p));
    while (shared[0] == 0) {
        usleep(1000);
    }
    signal(SIGTERM, SIG_IGN);
    kill(mp_forkserver_pid(), SIGTERM);
    must(mp_process_terminate(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 4);
    must(mp_process_close(&p));
}
END_TEST

// A sibling that is stopped as soon as it exists holds nothing of ours.
START_TEST(a_stopped_sibling_hides_no_end_of_a_killed_server)
{
    for (int i = 0; i < 20; i++) {
        mp_process p, q;
        start(&p, wait_forever);
        start(&q, wait_forever);
        kill(mp_process_pid(&q), SIGSTOP);
        kill_server();
        must(mp_process_kill(&p));
        must(mp_process_join(&p, MP_FOREVER));
        must(mp_process_close(&p));
        start(&p, NULL);
        join_and_close(&p);
        must(mp_process_kill(&q));
        join_and_close(&q);
    }
}
END_TEST

START_TEST(signals_leave_no_zombie_of_a_stopped_server)
{
    for (int i = 0; i < 20; i++) {
        mp_process p;
        start(&p, NULL);
        join_and_close(&p);
        signal_storm(50);
        mp_forkserver_stop();
        signal_storm(0);
        ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    }
}
END_TEST

// A start that a stopped server does not answer: another thread's, since it
// waits.
typedef struct {
    mp_process p;
    pid_t server;
    pthread_t thread;
    int started, error;
} waiting_start;

static void *start_and_keep_the_result(void *argument)
{
    waiting_start *asked = argument;
    asked->started = mp_process_start(&asked->p);
    asked->error = errno;
    return NULL;
}

static void ask_a_stopped_server(waiting_start *asked, int (*target)(void *))
{
    start(&asked->p, NULL);
    join_and_close(&asked->p);
    asked->server = mp_forkserver_pid();
    kill(asked->server, SIGSTOP);
    wait_until_stopped(asked->server);
    must(mp_process_init(&asked->p, .target = target));
    pthread_create(&asked->thread, NULL, start_and_keep_the_result, asked);
    usleep(50000);  // until it has asked
}

static void let_it_answer(waiting_start *asked)
{
    kill(asked->server, SIGCONT);
    pthread_join(asked->thread, NULL);
}

static void expect_no_child_of_the_server(void)
{
    char path[64];
    pid_t server = mp_forkserver_pid();
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", server, server);
    FILE *children = fopen(path, "r");
    ck_assert_int_eq(fgetc(children), EOF);
    fclose(children);
}

START_TEST(a_server_killed_with_a_request_unread_is_started_anew)
{
    waiting_start asked;
    ask_a_stopped_server(&asked, wait_forever);
    kill_server();
    pthread_join(asked.thread, NULL);
    ck_assert_int_eq(asked.started, 0);
    ck_assert_int_ne(mp_forkserver_pid(), asked.server);
    must(mp_process_kill(&asked.p));
    join_and_close(&asked.p);
}
END_TEST

static int ask_and_be_killed(void)
{
    static waiting_start asked;
    ask_a_stopped_server(&asked, count_a_run);
    shared[1] = asked.server;
    kill(getpid(), SIGKILL);
    return 0;
}

START_TEST(a_child_that_a_killed_program_has_asked_for_does_not_run)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);  // its orphans come to us
    ck_assert_int_eq(run_program(ask_and_be_killed, output, sizeof output),
                     -SIGKILL);
    kill(shared[1], SIGCONT);
    while (waitpid(-1, NULL, 0) != -1) {
    }
    ck_assert_int_eq(shared[0], 0);
}
END_TEST

START_TEST(a_child_whose_pidfd_finds_no_room_is_killed)
{
    waiting_start asked;
    ask_a_stopped_server(&asked, wait_forever);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit_descriptors(0);
    let_it_answer(&asked);
    limit_descriptors(limit.rlim_cur);
    ck_assert_int_eq(asked.started, -1);
    ck_assert_int_eq(asked.error, EMFILE);
    expect_no_child_of_the_server();
    must(mp_process_close(&asked.p));
}
END_TEST

// ---- many -----------------------------------------------------------------

static int return_zero_when_told(void *args)
{
    return_five_when_told(args);
    return 0;
}

START_TEST(two_hundred_children_at_once)
{
    enum { MANY = 200 };
    mp_process many[MANY];
    for (int i = 0; i < MANY; i++) {
        start(&many[i], return_zero_when_told);
    }
    ck_assert_int_eq(mp_active_children(NULL, 0), MANY);
    shared[0] = 1;
    for (int i = 0; i < MANY; i++) {
        must(mp_process_join(&many[i], MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&many[i]), 0);
        must(mp_process_close(&many[i]));
    }
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(FORKSERVER, the_server_is_everybodys_parent_and_we_are_who_asked);
    fact(FORKSERVER, the_server_has_one_thread_and_keeps_no_descriptor);
    fact(FORKSERVER, the_server_ignores_sigint_and_its_children_do_not);
    fact(FORKSERVER, a_child_that_asks_has_a_server_of_its_own);
    fact(FORKSERVER, a_raw_fork_has_no_server_and_keeps_ours_from_nothing);
    fact(FORKSERVER, the_server_takes_sigchld_only_while_it_waits);
    fact(FORKSERVER, a_raw_fork_finds_no_lock_held);
    fact(FORKSERVER, a_child_without_stdout_writes_to_nobodys_report);
    fact(FORKSERVER, a_child_has_the_limits_that_the_server_found);
    fact(FORKSERVER, a_server_that_cannot_fork_says_why);
    fact(FORKSERVER, a_server_without_memory_says_so);
    fact(FORKSERVER, servers_that_end_at_once_are_not_started_for_ever);
    fact(FORKSERVER, the_server_ends_with_the_program);
    fact(FORKSERVER, the_server_ends_also_if_the_program_is_killed);
    fact(FORKSERVER, a_server_killed_before_a_start_is_started_anew);
    fact(FORKSERVER, a_child_of_a_killed_server_runs_on_and_leaves_its_status);
    fact(FORKSERVER, of_one_killed_after_its_server_nothing_more_is_known);
    fact(FORKSERVER, how_one_was_killed_before_its_server_is_known);
    fact(FORKSERVER, a_daemon_ends_with_its_killed_server);
    fact(FORKSERVER, a_server_killed_during_starts_makes_no_child_run_twice);
    fact(FORKSERVER, another_thread_may_stop_the_server_during_starts);
    fact(FORKSERVER,
         a_child_of_a_stopped_server_has_ended_when_it_has);
    fact(FORKSERVER, no_start_waits_for_a_report_of_another_child);
    fact(FORKSERVER, a_stopped_server_does_not_keep_the_program_from_ending);
    fact(FORKSERVER, a_sigterm_for_the_whole_group_leaves_the_server_at_work);
    fact(FORKSERVER, a_stopped_sibling_hides_no_end_of_a_killed_server);
    fact(FORKSERVER, signals_leave_no_zombie_of_a_stopped_server);
    fact(FORKSERVER, a_server_killed_with_a_request_unread_is_started_anew);
    fact(FORKSERVER, a_child_that_a_killed_program_has_asked_for_does_not_run);
    fact(FORKSERVER, a_child_whose_pidfd_finds_no_room_is_killed);
    fact(ALL, two_hundred_children_at_once);
    return unit_main("forkserver");
}
