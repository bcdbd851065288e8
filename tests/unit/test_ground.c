// The ground floor: error, clock, fdio, cpus; and the post.

#include "unit.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "base/descriptors.h"
#include "start/pass_fds.h"

START_TEST(a_failure_sets_errno_and_a_sentence)
{
    ck_assert_str_eq(mp_error(), "");
    ck_assert_int_eq(mp_fail(EPERM, "no %s today", "bread"), -1);
    ck_assert_int_eq(errno, EPERM);
    ck_assert_str_eq(mp_error(), "no bread today");
}
END_TEST

START_TEST(a_sentence_is_cut_at_255_bytes)
{
    char text[1000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    mp_fail(EPERM, "%s", text);
    ck_assert_int_eq((int)strlen(mp_error()), 255);
}
END_TEST

static void *fail_elsewhere(void *unused)
{
    mp_fail(EINVAL, "elsewhere");
    return unused;
}

START_TEST(each_thread_has_its_own_sentence)
{
    mp_fail(EPERM, "here");
    pthread_t thread;
    pthread_create(&thread, NULL, fail_elsewhere, NULL);
    pthread_join(thread, NULL);
    ck_assert_str_eq(mp_error(), "here");
}
END_TEST

START_TEST(for_ever_never_comes)
{
    struct timespec left =
        mp_clock_remaining(mp_clock_deadline(MP_FOREVER));
    ck_assert_int_eq(left.tv_sec, 1000000000);
}
END_TEST

START_TEST(zero_negative_and_nan_have_passed)
{
    const double timeouts[] = { 0, -1, -MP_FOREVER, (double)NAN };
    for (int i = 0; i < 4; i++) {
        struct timespec left =
            mp_clock_remaining(mp_clock_deadline(timeouts[i]));
        ck_assert_int_eq(left.tv_sec, 0);
        ck_assert_int_eq(left.tv_nsec, 0);
    }
}
END_TEST

START_TEST(a_deadline_lies_its_timeout_ahead)
{
    double before = mp_clock_now();
    double deadline = mp_clock_deadline(5.5);
    ck_assert_double_ge(deadline, before + 5.5);
    ck_assert_double_ge(mp_clock_now() + 5.5, deadline);
    ck_assert_int_lt(mp_clock_remaining(deadline).tv_nsec, 1000000000);
}
END_TEST

START_TEST(a_wait_returns_when_there_is_something_to_read)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_refused(mp_fd_wait(ends[0], mp_clock_deadline(0)), ETIMEDOUT,
                      "timed out");
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    must(mp_fd_wait(ends[0], MP_FOREVER));
    close(ends[0]);
    close(ends[1]);
}
END_TEST

START_TEST(a_wait_on_no_descriptor_is_refused)
{
    ck_assert_refused(mp_fd_wait(1000, MP_FOREVER), EBADF,
                      "cannot wait: Bad file descriptor");
}
END_TEST

static volatile sig_atomic_t ticks;

static void tick(int sig)
{
    (void)sig;
    ticks = ticks + 1;
}

START_TEST(signals_do_not_shorten_a_wait)
{
    signal(SIGALRM, tick);
    struct itimerval storm = { { 0, 1000 }, { 0, 1000 } };
    setitimer(ITIMER_REAL, &storm, NULL);
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    double before = mp_clock_now();
    ck_assert_refused(mp_fd_wait(ends[0], before + 0.1), ETIMEDOUT,
                      "timed out");
    ck_assert_double_ge(mp_clock_now(), before + 0.1);
    storm = (struct itimerval){ 0 };
    setitimer(ITIMER_REAL, &storm, NULL);
    ck_assert_int_ge(ticks, 1);
    close(ends[0]);
    close(ends[1]);
}
END_TEST

// ---- mp_wait --------------------------------------------------------------

START_TEST(wait_returns_those_that_are_ready)
{
    int a[2], b[2], ready[3];
    ck_assert_int_eq(pipe(a), 0);
    ck_assert_int_eq(pipe(b), 0);
    const int both[] = { a[0], b[0] };
    ck_assert_int_eq(mp_wait(both, 2, ready, 0), 0);
    ck_assert_int_eq(mp_wait(both, 2, ready, -1), 0);
    ck_assert_int_eq(write(b[1], "x", 1), 1);
    ck_assert_int_eq(mp_wait(both, 2, ready, MP_FOREVER), 1);
    ck_assert_int_eq(ready[0], b[0]);
    close(a[1]);  // the other end's closing is something to read
    ck_assert_int_eq(mp_wait(both, 2, ready, MP_FOREVER), 2);
    ck_assert_int_eq(ready[0], a[0]);
    ck_assert_int_eq(ready[1], b[0]);
    close(a[0]);
    close(b[0]);
    close(b[1]);
}
END_TEST

START_TEST(wait_for_nothing_waits_its_time)
{
    double before = mp_clock_now();
    ck_assert_int_eq(mp_wait(NULL, 0, NULL, 0.05), 0);
    ck_assert_double_ge(mp_clock_now(), before + 0.05);
}
END_TEST

START_TEST(wait_refuses_what_is_not_open)
{
    const int none[] = { 1000, -1 };
    int ready[2];
    for (int i = 0; i < 2; i++) {
        ck_assert_refused(mp_wait(&none[i], 1, ready, MP_FOREVER), EBADF,
                          "cannot wait: Bad file descriptor");
    }
    ck_assert_refused(mp_wait(none, -1, ready, 0), EINVAL,
                      "cannot wait for -1 descriptors");
}
END_TEST

START_TEST(wait_takes_sentinels)
{
    mp_process p[3];
    int sentinels[3], ready[3];
    for (int i = 0; i < 3; i++) {
        must(mp_process_init(&p[i], .target = wait_forever));
        must(mp_process_start(&p[i]));
        sentinels[i] = mp_process_sentinel(&p[i]);
    }
    must(mp_process_kill(&p[1]));
    ck_assert_int_eq(mp_wait(sentinels, 3, ready, MP_FOREVER), 1);
    ck_assert_int_eq(ready[0], sentinels[1]);
    for (int i = 0; i < 3; i++) {
        must(mp_process_kill(&p[i]));
        must(mp_process_join(&p[i], MP_FOREVER));
        must(mp_process_close(&p[i]));
    }
}
END_TEST

// ---- messages -------------------------------------------------------------

static int pair[2];

static void make_pair(void)
{
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
                                pair), 0);
}

static void close_pair(void)
{
    close(pair[0]);
    close(pair[1]);
}

static void *send_a_byte_later(void *unused)
{
    usleep(50000);
    send(pair[1], "x", 1, 0);
    return unused;
}

START_TEST(signals_do_not_end_the_wait_for_a_message)
{
    make_pair();
    pthread_t sender;
    char byte;
    int fds[1], count = 1;
    pthread_create(&sender, NULL, send_a_byte_later, NULL);
    signal_storm(1000);
    ssize_t got = mp_receive_fds(pair[0], &byte, 1, fds, &count);
    signal_storm(0);
    pthread_join(sender, NULL);
    ck_assert_int_eq((int)got, 1);
    ck_assert_int_eq(count, 0);
    close_pair();
}
END_TEST

static void *receive_later(void *unused)
{
    char byte;
    usleep(50000);
    while (recv(pair[1], &byte, 1, 0) == 1 && byte != '.') {
    }
    return unused;
}

START_TEST(signals_do_not_end_the_sending_of_one)
{
    make_pair();
    pthread_t receiver;
    while (send(pair[0], "x", 1, MSG_DONTWAIT) == 1) {
    }
    pthread_create(&receiver, NULL, receive_later, NULL);
    signal_storm(1000);
    int sent = mp_send_fds(pair[0], ".", 1, pair, 1);
    signal_storm(0);
    ck_assert_int_eq(sent, 0);
    pthread_join(receiver, NULL);
    close_pair();
}
END_TEST

START_TEST(where_not_all_descriptors_come_none_does)
{
    make_pair();
    char byte;
    int before = open_descriptors(), fds[3] = { 0, 0, 0 }, count = 3;
    struct rlimit limit, few;
    ck_assert_int_eq(mp_send_fds(pair[1], "x", 1, fds, 3), 0);
    int next = dup(0);
    close(next);
    getrlimit(RLIMIT_NOFILE, &limit);
    few = limit;
    few.rlim_cur = (rlim_t)next + 1;
    setrlimit(RLIMIT_NOFILE, &few);
    ssize_t got = mp_receive_fds(pair[0], &byte, 1, fds, &count);
    int error = errno;
    setrlimit(RLIMIT_NOFILE, &limit);
    ck_assert_int_eq((int)got, -1);
    ck_assert_int_eq(error, EMFILE);
    ck_assert_int_eq(count, 0);
    ck_assert_int_eq(open_descriptors(), before);
    close_pair();
}
END_TEST

START_TEST(with_a_receive_that_fails_no_descriptor_comes)
{
    char byte;
    int fds[1], count = 1;
    ck_assert_int_eq((int)mp_receive_fds(-1, &byte, 1, fds, &count), -1);
    ck_assert_int_eq(errno, EBADF);
    ck_assert_int_eq(count, 0);
}
END_TEST

START_TEST(a_descriptor_that_comes_is_close_on_exec)
{
    make_pair();
    char byte;
    int fds[1] = { pair[0] }, count = 1;
    ck_assert_int_eq(mp_send_fds(pair[1], "x", 1, fds, 1), 0);
    mp_receive_fds(pair[0], &byte, 1, fds, &count);
    ck_assert_int_eq(count, 1);
    ck_assert_int_eq(fcntl(fds[0], F_GETFD), FD_CLOEXEC);
    close(fds[0]);
    close_pair();
}
END_TEST

// ---- CPUs -----------------------------------------------------------------

START_TEST(cpus_are_counted)
{
    ck_assert_int_ge(mp_usable_cpu_count(), 1);
    ck_assert_int_ge(mp_cpu_count(), mp_usable_cpu_count());
}
END_TEST

START_TEST(pinned_to_one_cpu_one_is_usable)
{
    int before = mp_cpu_count();
    cpu_set_t set;
    sched_getaffinity(0, sizeof set, &set);
    int cpu = 0;
    while (!CPU_ISSET(cpu, &set)) {
        cpu++;
    }
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    ck_assert_int_eq(sched_setaffinity(0, sizeof set, &set), 0);
    ck_assert_int_eq(mp_usable_cpu_count(), 1);
    if (access("/sys/devices/system/cpu/online", R_OK) == 0) {
        ck_assert_int_eq(mp_cpu_count(), before);
    }
}
END_TEST

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

// Our own small tree of groups: /a/b, with a limit in each.
START_TEST(the_limit_of_our_group_counts)
{
    char root[] = "/tmp/cgroup-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(root));
    ck_assert_int_eq(chdir(root), 0);
    mkdir("a b", 0700);
    write_file("self", "1:cpu:/x\n0::/a b\n");
    ck_assert_int_eq(mp_cgroup_cpu_limit("self", root), 0);
    write_file("a b/cpu.max", "max 100000\n");
    ck_assert_int_eq(mp_cgroup_cpu_limit("self", root), 0);
    write_file("a b/cpu.max", "250000 100000\n");
    ck_assert_int_eq(mp_cgroup_cpu_limit("self", root), 3);
    write_file("a b/cpu.max", "nonsense\n");
    ck_assert_int_eq(mp_cgroup_cpu_limit("self", root), 0);
    write_file("cpu.max", "50000 100000\n");  // as a container sees it
    ck_assert_int_eq(mp_cgroup_cpu_limit("absent", root), 1);
    unlink("self");
    unlink("a b/cpu.max");
    unlink("cpu.max");
    rmdir("a b");
    rmdir(root);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(FORK, a_failure_sets_errno_and_a_sentence);
    fact(FORK, a_sentence_is_cut_at_255_bytes);
    fact(FORK, each_thread_has_its_own_sentence);
    fact(FORK, for_ever_never_comes);
    fact(FORK, zero_negative_and_nan_have_passed);
    fact(FORK, a_deadline_lies_its_timeout_ahead);
    fact(FORK, a_wait_returns_when_there_is_something_to_read);
    fact(FORK, a_wait_on_no_descriptor_is_refused);
    fact(FORK, signals_do_not_shorten_a_wait);
    fact(FORK, wait_returns_those_that_are_ready);
    fact(FORK, wait_for_nothing_waits_its_time);
    fact(FORK, wait_refuses_what_is_not_open);
    fact(ALL, wait_takes_sentinels);
    fact(FORK, signals_do_not_end_the_wait_for_a_message);
    fact(FORK, signals_do_not_end_the_sending_of_one);
    fact(FORK, where_not_all_descriptors_come_none_does);
    fact(FORK, with_a_receive_that_fails_no_descriptor_comes);
    fact(FORK, a_descriptor_that_comes_is_close_on_exec);
    fact(FORK, cpus_are_counted);
    fact(FORK, pinned_to_one_cpu_one_is_usable);
    fact(FORK, the_limit_of_our_group_counts);
    return unit_main("ground");
}
