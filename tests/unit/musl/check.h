// check.h - the part of Check's interface that our unit tests use, for builds
// with musl, where a distribution's Check, built for glibc, cannot be linked.
// Each test runs in a process of its own, with a deadline; results are TAP.
// What the functions mean is in Check's manual: https://libcheck.github.io

#ifndef CHECK_FOR_MUSL_H
#define CHECK_FOR_MUSL_H

#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_TEST(fact)                  \
    static void fact##_body(void);        \
    static const struct check_fact fact = \
        { #fact, fact##_body };           \
    static void fact##_body(void)
#define END_TEST

struct check_fact {
    const char *name;
    void (*body)(void);
};

typedef struct {
    const char *name;
    const struct check_fact *fact;
    double timeout;
    void (*setup)(void);
    void (*teardown)(void);
    const char *file;  // where it failed, and how
    int line;
    char message[1000];
    bool failed;
} TCase;
typedef struct {
    TCase *cases[300];
    int count;
    int failed;
} Suite, SRunner;
typedef TCase TestResult;

enum { CK_SILENT };

// The case that runs, in memory that its processes share. A new image of the
// program has none, and says on stderr what it has to say.
__attribute__((weak)) TCase *check_now;

static inline _Noreturn void check_abort(const char *file, int line,
                                         const char *format, ...)
{
    va_list values;
    va_start(values, format);
    if (check_now != NULL) {
        check_now->file = file;
        check_now->line = line;
        vsnprintf(check_now->message, sizeof check_now->message, format,
                  values);
    } else {
        fprintf(stderr, "%s:%d: ", file, line);
        vfprintf(stderr, format, values);
        fprintf(stderr, "\n");
    }
    va_end(values);
    fflush(NULL);
    _exit(1);
}

#define ck_abort_msg(...) check_abort(__FILE__, __LINE__, __VA_ARGS__)
#define ck_assert_msg(truth, ...) \
    ((truth) ? (void)0 : ck_abort_msg(__VA_ARGS__))
#define ck_assert(truth) ck_assert_msg(truth, "not so: %s", #truth)
#define ck_assert_compare(a, op, b)                                  \
    do {                                                             \
        intmax_t left_ = (a), right_ = (b);                          \
        ck_assert_msg(left_ op right_, "%s is %jd, %s is %jd", #a,   \
                      left_, #b, right_);                            \
    } while (0)
#define ck_assert_int_eq(a, b) ck_assert_compare(a, ==, b)
#define ck_assert_int_ne(a, b) ck_assert_compare(a, !=, b)
#define ck_assert_int_ge(a, b) ck_assert_compare(a, >=, b)
#define ck_assert_int_lt(a, b) ck_assert_compare(a, <, b)
#define ck_assert_uint_eq(a, b) ck_assert_compare(a, ==, b)
#define ck_assert_double_ge(a, b) ck_assert((a) >= (b))
#define ck_assert_double_eq(a, b) ck_assert((a) == (b))
#define ck_assert_ptr_eq(a, b) \
    ck_assert((const void *)(a) == (const void *)(b))
#define ck_assert_ptr_null(a) ck_assert((a) == NULL)
#define ck_assert_ptr_nonnull(a) ck_assert((a) != NULL)
#define ck_assert_str_eq(a, b)                                       \
    do {                                                             \
        const char *text_ = (a), *wanted_ = (b);                     \
        ck_assert_msg(strcmp(text_, wanted_) == 0, "%s is \"%s\"",   \
                      #a, text_);                                    \
    } while (0)

static inline TCase *tcase_create(const char *name)
{
    TCase *facts = mmap(NULL, sizeof(TCase), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    facts->name = name;
    return facts;
}

static inline void tcase_set_timeout(TCase *facts, double seconds)
{
    facts->timeout = seconds;
}

static inline void tcase_add_checked_fixture(TCase *facts, void (*setup)(void),
                                             void (*teardown)(void))
{
    facts->setup = setup;
    facts->teardown = teardown;
}

#define tcase_add_test(facts, fact) tcase_add_fact((facts), &(fact))

static inline void tcase_add_fact(TCase *facts, const struct check_fact *fact)
{
    facts->fact = fact;
}

static inline Suite *suite_create(const char *name)
{
    (void)name;
    return calloc(1, sizeof(Suite));
}

static inline void suite_add_tcase(Suite *suite, TCase *facts)
{
    suite->cases[suite->count++] = facts;
}

static inline SRunner *srunner_create(Suite *suite)
{
    return suite;
}

static inline void srunner_set_tap(SRunner *runner, const char *name)
{
    (void)runner;
    (void)name;
}

static inline int run_fact(const TCase *facts)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        alarm((unsigned)facts->timeout);
        facts->setup();
        facts->fact->body();
        facts->teardown();
        exit(0);
    }
    int status;
    waitpid(pid, &status, 0);
    kill(-pid, SIGKILL);  // what a failed test has left
    return status;
}

static inline void srunner_run_all(SRunner *runner, int verbosity)
{
    (void)verbosity;
    for (int i = 0; i < runner->count; i++) {
        TCase *facts = check_now = runner->cases[i];
        int status = run_fact(facts);
        printf("%s %d - %s\n", status == 0 ? "ok" : "not ok", i + 1,
               facts->name);
        runner->failed += status != 0;
        facts->failed = status != 0;
        if (WIFSIGNALED(status) || facts->message[0] == '\0') {
            snprintf(facts->message, sizeof facts->message, "%s %d%s",
                     WIFSIGNALED(status) ? "signal" : "status",
                     WIFSIGNALED(status) ? WTERMSIG(status)
                                         : WEXITSTATUS(status),
                     status == SIGALRM ? ", its deadline" : "");
        }
    }
    printf("1..%d\n", runner->count);
}

static inline int srunner_ntests_failed(const SRunner *runner)
{
    return runner->failed;
}

static inline int srunner_ntests_run(const SRunner *runner)
{
    return runner->count;
}

// The caller frees the list.
static inline TestResult **srunner_failures(const SRunner *runner)
{
    TestResult **all = calloc((size_t)runner->count + 1, sizeof(TestResult *));
    int count = 0;
    for (int i = 0; i < runner->count; i++) {
        if (runner->cases[i]->failed) {
            all[count++] = runner->cases[i];
        }
    }
    return all;
}

static inline const char *tr_tcname(const TestResult *result)
{
    return result->name;
}

static inline const char *tr_lfile(const TestResult *result)
{
    return result->file != NULL ? result->file : "?";
}

static inline int tr_lno(const TestResult *result)
{
    return result->line;
}

static inline const char *tr_msg(const TestResult *result)
{
    return result->message;
}

static inline void srunner_free(SRunner *runner)
{
    for (int i = 0; i < runner->count; i++) {
        munmap(runner->cases[i], sizeof(TCase));
    }
    free(runner);
}

#endif
