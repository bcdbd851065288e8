// Start methods: which there are, which is used, and who may choose it.

#include "unit.h"


#include "start/fork.h"

// The fixture has chosen one; a program begins with none.
static void choose_nothing(void)
{
    must(mp_set_start_method(NULL, true));
}

START_TEST(the_methods_are_fork_spawn_and_forkserver)
{
    const char *const *all = mp_get_all_start_methods();
    ck_assert_str_eq(all[0], "fork");
    ck_assert_str_eq(all[1], "spawn");
    ck_assert_str_eq(all[2], "forkserver");
    ck_assert_ptr_null(all[3]);
}
END_TEST

START_TEST(the_default_is_fork_and_asking_fixes_it)
{
    choose_nothing();
    ck_assert_ptr_null(mp_get_start_method(true));
    ck_assert_str_eq(mp_get_start_method(false), "fork");
    ck_assert_str_eq(mp_get_start_method(true), "fork");
    ck_assert_refused(mp_set_start_method("spawn", false), EINVAL,
                      "context has already been set");
}
END_TEST

START_TEST(a_method_is_chosen_once_unless_forced)
{
    choose_nothing();
    must(mp_set_start_method("spawn", false));
    ck_assert_str_eq(mp_get_start_method(true), "spawn");
    ck_assert_refused(mp_set_start_method("fork", false), EINVAL,
                      "context has already been set");
    ck_assert_str_eq(mp_get_start_method(true), "spawn");
    must(mp_set_start_method("fork", true));
    ck_assert_str_eq(mp_get_start_method(true), "fork");
}
END_TEST

START_TEST(a_start_uses_the_default_and_so_fixes_it)
{
    choose_nothing();
    mp_process p;
    must(mp_process_init(&p));
    ck_assert_ptr_null(mp_get_start_method(true));
    must(mp_process_start(&p));
    ck_assert_str_eq(mp_get_start_method(true), "fork");
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
}
END_TEST

START_TEST(an_unknown_method_is_refused_and_changes_nothing)
{
    choose_nothing();
    ck_assert_refused(mp_set_start_method("spoon", false), EINVAL,
                      "cannot find context for 'spoon'");
    ck_assert_refused(mp_set_start_method("spoon", true), EINVAL,
                      "cannot find context for 'spoon'");
    ck_assert_refused(mp_set_start_method(NULL, false), EINVAL,
                      "method must be a string");
    errno = 0;
    mp_process p;
    const mp_context *wrong = mp_get_context("spoon");
    ck_assert_int_eq(errno, EINVAL);
    ck_assert_refused(mp_process_init(&p, .context = wrong), EINVAL,
                      "cannot find context: mp_get_context was given a name "
                      "that is no start method");
    ck_assert_ptr_null(mp_get_start_method(true));
}
END_TEST

START_TEST(the_environment_names_the_default)
{
    choose_nothing();
    setenv("MP_START_METHOD", "forkserver", 1);
    ck_assert_str_eq(mp_get_start_method(false), "forkserver");
    must(mp_set_start_method(NULL, true));
    setenv("MP_START_METHOD", "spoon", 1);
    ck_assert_ptr_null(mp_get_start_method(false));
    ck_assert_int_eq(errno, EINVAL);
    mp_process p;
    must(mp_process_init(&p));
    ck_assert_refused(mp_process_start(&p), EINVAL,
                      "cannot find context for 'spoon', which "
                      "MP_START_METHOD names: there are fork, spawn and "
                      "forkserver");
    must(mp_process_close(&p));
    setenv("MP_START_METHOD", "", 1);
    ck_assert_str_eq(mp_get_start_method(false), "fork");
}
END_TEST

// ---- one process ----------------------------------------------------------

static int expect_method(void *args)
{
    return strcmp(mp_get_start_method(true), args) == 0 ? 0 : 1;
}

// In the child the default is the method by which it was started.
static void expect_in_child(const mp_context *context, const char *method)
{
    char name[16];
    snprintf(name, sizeof name, "%s", method);
    mp_process p;
    must(mp_process_init(&p, .context = context, .target = expect_method,
                         MP_ARGS(name)));
    must(mp_process_start(&p));
    ck_assert_str_eq(p.context->name, method);
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
}

START_TEST(each_process_may_have_its_own_method)
{
    const char *const *all = mp_get_all_start_methods();
    for (int i = 0; i < 3; i++) {
        expect_in_child(mp_get_context(all[i]), all[i]);
    }
    expect_in_child(NULL, mp_get_start_method(true));
    expect_in_child(mp_get_context(NULL), mp_get_start_method(true));
}
END_TEST

START_TEST(a_context_names_its_processes)
{
    const char *const names[] = { "ForkProcess-1", "SpawnProcess-2",
                                  "ForkServerProcess-3" };
    const char *const *all = mp_get_all_start_methods();
    for (int i = 0; i < 3; i++) {
        mp_process p;
        must(mp_process_init(&p, .context = mp_get_context(all[i])));
        ck_assert_str_eq(mp_process_name(&p), names[i]);
        must(mp_process_close(&p));
    }
    mp_process p;
    must(mp_process_init(&p, .context = mp_get_context("spawn"),
                         .class_name = "MyProcess"));
    ck_assert_str_eq(mp_process_name(&p), "MyProcess-4");
    must(mp_process_close(&p));
}
END_TEST

// Whose children go on in the other methods, to the third generation.
static int start_by_the_next_method(void *args)
{
    int left = *(int *)args;
    if (left == 0) {
        return 9;
    }
    const char *const *all = mp_get_all_start_methods();
    mp_process p;
    left--;
    must(mp_process_init(&p, .context = mp_get_context(all[left % 3]),
                         .target = start_by_the_next_method, MP_ARGS(left)));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    int exitcode = mp_process_exitcode(&p);
    must(mp_process_close(&p));
    return exitcode;
}

START_TEST(children_of_any_method_have_children_of_any)
{
    int generations = 6;
    ck_assert_int_eq(start_by_the_next_method(&generations), 9);
}
END_TEST

static int choose_in_child(void *args)
{
    (void)args;
    ck_assert_refused(mp_set_start_method("fork", false), EINVAL,
                      "context has already been set");
    must(mp_set_start_method("fork", true));
    ck_assert_str_eq(mp_get_start_method(true), "fork");
    shared[0] = 1;
    return 0;
}

START_TEST(a_child_has_its_method_already_and_may_force_another)
{
    mp_process p;
    must(mp_process_init(&p, .target = choose_in_child));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
    ck_assert_int_eq(shared[0], 1);
}
END_TEST

static int call_mp_main_again(void *args)
{
    char *argv[] = { "again", "--multiprocessing-spawn" };
    mp_main(2, argv);
    return *(int *)args;
}

START_TEST(mp_main_called_again_in_a_child_does_nothing)
{
    int six = 6;
    mp_process p;
    must(mp_process_init(&p, .target = call_mp_main_again, MP_ARGS(six)));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 6);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(a_start_that_fails_fixes_no_method)
{
    mp_process p;
    must(mp_process_init(&p));
    fault_fork = EAGAIN;
    ck_assert_int_eq(mp_process_start(&p), -1);
    const char *other = under(FORK) ? "spawn" : "fork";
    must(mp_set_start_method(other, true));
    must(mp_process_start(&p));
    ck_assert_str_eq(p.context->name, other);
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(FORK, the_methods_are_fork_spawn_and_forkserver);
    fact(FORK, the_default_is_fork_and_asking_fixes_it);
    fact(FORK, a_method_is_chosen_once_unless_forced);
    fact(FORK, a_start_uses_the_default_and_so_fixes_it);
    fact(FORK, an_unknown_method_is_refused_and_changes_nothing);
    fact(FORK, the_environment_names_the_default);
    fact(ALL, each_process_may_have_its_own_method);
    fact(FORK, a_context_names_its_processes);
    fact(FORK, children_of_any_method_have_children_of_any);
    fact(ALL, a_child_has_its_method_already_and_may_force_another);
    fact(ALL, mp_main_called_again_in_a_child_does_nothing);
    fact(OWN, a_start_that_fails_fixes_no_method);
    return unit_main("context");
}
