// The ground floor: error, clock, fdio.

#include "unit.h"

#include <pthread.h>
#include <sys/time.h>

#include "fdio.h"

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

int main(void)
{
    TCase *facts = unit_facts();
    tcase_add_test(facts, a_failure_sets_errno_and_a_sentence);
    tcase_add_test(facts, a_sentence_is_cut_at_255_bytes);
    tcase_add_test(facts, each_thread_has_its_own_sentence);
    tcase_add_test(facts, for_ever_never_comes);
    tcase_add_test(facts, zero_negative_and_nan_have_passed);
    tcase_add_test(facts, a_deadline_lies_its_timeout_ahead);
    tcase_add_test(facts, a_wait_returns_when_there_is_something_to_read);
    tcase_add_test(facts, a_wait_on_no_descriptor_is_refused);
    tcase_add_test(facts, signals_do_not_shorten_a_wait);
    return unit_main("ground", facts);
}
