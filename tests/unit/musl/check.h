// check.h - the part of Check's interface that our unit tests use, for builds
// with musl, where a distribution's Check, built for glibc, cannot be linked.
// Each test runs in a process of its own, with a deadline; results are TAP.
// What the functions mean is in Check's manual: https://libcheck.github.io

#ifndef CHECK_FOR_MUSL_H
#define CHECK_FOR_MUSL_H

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    const struct check_fact *facts[200];
    int count;
    unsigned timeout;
    void (*setup)(void);
    void (*teardown)(void);
} TCase;
typedef struct {
    TCase *cases[8];
    int count;
    int failed;
} Suite, SRunner;

enum { CK_SILENT };

#define ck_abort_msg(...)                             \
    (printf("# %s:%d: ", __FILE__, __LINE__),         \
     printf(__VA_ARGS__), printf("\n"), fflush(NULL), \
     _exit(1))
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
    TCase *facts = calloc(1, sizeof(TCase));
    facts->name = name;
    return facts;
}

static inline void tcase_set_timeout(TCase *facts, unsigned seconds)
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
    facts->facts[facts->count++] = fact;
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

static inline int run_fact(const TCase *facts, const struct check_fact *fact)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        alarm(facts->timeout);
        facts->setup();
        fact->body();
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
    int number = 0;
    for (int i = 0; i < runner->count; i++) {
        const TCase *facts = runner->cases[i];
        for (int j = 0; j < facts->count; j++) {
            int status = run_fact(facts, facts->facts[j]);
            runner->failed += status != 0;
            printf("%s %d - %s:%s\n", status == 0 ? "ok" : "not ok", ++number,
                   facts->name, facts->facts[j]->name);
        }
    }
    printf("1..%d\n", number);
}

static inline int srunner_ntests_failed(const SRunner *runner)
{
    return runner->failed;
}

static inline void srunner_free(SRunner *runner)
{
    for (int i = 0; i < runner->count; i++) {
        free(runner->cases[i]);
    }
    free(runner);
}

#endif
