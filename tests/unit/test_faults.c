// What the system may refuse: a fork, a descriptor, memory. Each refusal leaves
// everything as it was, and the same call works once the system can.

#include "unit.h"

#include <fcntl.h>
#include <sys/resource.h>

// The process can still be started, and is like any other.
static void start_after_all(mp_process *p)
{
    ck_assert_int_eq(mp_process_pid(p), MP_NONE);
    must(mp_process_start(p));
    must(mp_process_join(p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(p), 8);
    must(mp_process_close(p));
}

// Each C library has its own words for an errno.
static const char *cannot_start(int error)
{
    static char sentence[256];
    snprintf(sentence, sizeof sentence, "cannot start a process: %s",
             strerror(error));
    return sentence;
}

static void init_one(mp_process *p)
{
    int status = 8;
    must(mp_process_init(p, .target = return_number, MP_ARGS(status)));
}

START_TEST(a_refused_fork_changes_nothing)
{
    mp_process p;
    init_one(&p);
    int before = open_descriptors();
    fault_fork = EAGAIN;
    ck_assert_refused(mp_process_start(&p), EAGAIN, cannot_start(EAGAIN));
    ck_assert_int_eq(open_descriptors(), before);
    start_after_all(&p);
}
END_TEST

START_TEST(no_descriptor_left_is_noticed_before_the_fork)
{
    mp_process p;
    init_one(&p);
    struct rlimit before, none = { 0, 0 };
    getrlimit(RLIMIT_NOFILE, &before);
    none.rlim_max = before.rlim_max;
    setrlimit(RLIMIT_NOFILE, &none);
    fault_fork = ECHILD;  // what the sentence would be, were fork called
    ck_assert_refused(mp_process_start(&p), EMFILE, cannot_start(EMFILE));
    setrlimit(RLIMIT_NOFILE, &before);
    fault_fork = 0;
    start_after_all(&p);
}
END_TEST

// The table is full in the child, too. A sanitizer wants room at its end.
static int make_room(void *args)
{
    (void)args;
    for (int fd = 32; fd < 64; fd++) {
        close(fd);
    }
    return 0;
}

START_TEST(a_single_free_descriptor_is_enough)
{
    mp_process p;
    must(mp_process_init(&p, .target = make_room));
    int fill[4096], count = 0;
    struct rlimit before, few;
    getrlimit(RLIMIT_NOFILE, &before);
    few = before;
    few.rlim_cur = 64;
    setrlimit(RLIMIT_NOFILE, &few);
    while ((fill[count] = dup(0)) != -1) {
        count++;
    }
    close(fill[--count]);
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    while (count > 0) {
        close(fill[--count]);
    }
    setrlimit(RLIMIT_NOFILE, &before);
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(a_child_that_cannot_be_watched_is_undone)
{
    mp_process p;
    init_one(&p);
    int before = open_descriptors();
    fault_pidfd_open = EMFILE;
    fault_pidfd_skip = 1;
    ck_assert_refused(mp_process_start(&p), EMFILE, cannot_start(EMFILE));
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);  // no child at all
    ck_assert_int_eq(open_descriptors(), before);
    fault_pidfd_open = 0;
    start_after_all(&p);
}
END_TEST

START_TEST(a_child_that_is_gone_already_was_started)
{
    signal(SIGCHLD, SIG_IGN);
    mp_process p;
    init_one(&p);
    fault_pidfd_open = ESRCH;
    fault_pidfd_skip = 1;
    must(mp_process_start(&p));
    fault_pidfd_open = 0;
    must(mp_process_join(&p, MP_FOREVER));
    // In truth it may still run here, and leave its status now or later.
    int exitcode = mp_process_exitcode(&p);
    ck_assert(exitcode == 8 || exitcode == MP_EXIT_UNKNOWN);
    must(mp_process_close(&p));
    while (waitpid(-1, NULL, 0) != -1) {
    }
}
END_TEST

START_TEST(what_stands_for_it_is_close_on_exec)
{
    mp_process p;
    init_one(&p);
    fault_pidfd_open = ESRCH;
    fault_pidfd_skip = 1;
    must(mp_process_start(&p));
    fault_pidfd_open = 0;
    ck_assert_int_eq(fcntl(p.record->sentinel, F_GETFD), FD_CLOEXEC);
    ck_assert_int_eq(waitpid(-1, NULL, 0), mp_process_pid(&p));
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
}
END_TEST

START_TEST(what_stands_for_it_takes_no_number_of_a_standard_stream)
{
    int kept[3];
    mp_process p;
    init_one(&p);
    for (int fd = 0; fd < 3; fd++) {
        kept[fd] = fcntl(fd, F_DUPFD, 10);
        close(fd);
    }
    fault_pidfd_open = ESRCH;
    fault_pidfd_skip = 1;
    int started = mp_process_start(&p);
    fault_pidfd_open = 0;
    for (int fd = 0; fd < 3; fd++) {
        dup2(kept[fd], fd);
        close(kept[fd]);
    }
    ck_assert_int_eq(started, 0);
    ck_assert_int_ge(p.record->sentinel, 3);
    ck_assert_int_eq(waitpid(-1, NULL, 0), mp_process_pid(&p));
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
}
END_TEST

START_TEST(neither_do_signals_leave_a_zombie_of_it)
{
    mp_process p;
    init_one(&p);
    signal_storm(50);
    for (int i = 0; i < 100; i++) {
        fault_pidfd_open = EMFILE;
        fault_pidfd_skip = 1;
        ck_assert_refused(mp_process_start(&p), EMFILE, cannot_start(EMFILE));
        ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    }
    signal_storm(0);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(a_kernel_without_pidfd_is_named)
{
    mp_process p;
    init_one(&p);
    fault_pidfd_open = ENOSYS;
    ck_assert_refused(mp_process_start(&p), ENOSYS,
                      "cannot start a process: there is no pidfd_open(2), "
                      "which Linux has since 5.3 (and valgrind has not: build "
                      "with SAN=address instead)");
    fault_pidfd_open = 0;
    start_after_all(&p);
}
END_TEST

START_TEST(no_memory_for_an_object_changes_nothing)
{
    int status = 8;
    mp_process p;
    fault_malloc = 0;
    ck_assert_refused(mp_process_init(&p, .target = return_number,
                                      MP_ARGS(status)),
                      ENOMEM, "no memory for 4 bytes of arguments");
    fault_malloc = 1;
    ck_assert_refused(mp_process_init(&p, .target = return_number,
                                      MP_ARGS(status)),
                      ENOMEM, "no memory for a process object");
    init_one(&p);
    ck_assert_str_eq(mp_process_name(&p), "Process-1");  // no number lost
    start_after_all(&p);
}
END_TEST

START_TEST(a_system_without_proc_is_named)
{
    mp_process p;
    init_one(&p);
    fault_fork = ENOENT;
    ck_assert_refused(mp_process_start(&p), ENOENT,
                      "cannot start a process: there is no "
                      "/proc/self/exe (is /proc mounted?)");
    start_after_all(&p);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(SPAWN, a_system_without_proc_is_named);
    fact(FORK, a_refused_fork_changes_nothing);
    fact(ALL, no_descriptor_left_is_noticed_before_the_fork);
    fact(FORK, a_single_free_descriptor_is_enough);
    fact(OWN, a_child_that_cannot_be_watched_is_undone);
    fact(OWN, a_child_that_is_gone_already_was_started);
    fact(OWN, what_stands_for_it_is_close_on_exec);
    fact(OWN, what_stands_for_it_takes_no_number_of_a_standard_stream);
    fact(OWN, neither_do_signals_leave_a_zombie_of_it);
    fact(ALL, a_kernel_without_pidfd_is_named);
    fact(FORK, no_memory_for_an_object_changes_nothing);
    return unit_main("faults");
}
