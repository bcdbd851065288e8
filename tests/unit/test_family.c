// Names, identities, current_process and parent_process.

#include "unit.h"

static void run_to_the_end(mp_process *p)
{
    must(mp_process_start(p));
    must(mp_process_join(p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(p), 0);
    must(mp_process_close(p));
}

START_TEST(the_default_name_counts_objects_constructed)
{
    mp_process p[3];
    must(mp_process_init(&p[0]));
    must(mp_process_init(&p[1], .class_name = "MyProcess"));
    must(mp_process_init(&p[2], .name = "alvin"));
    ck_assert_str_eq(mp_process_name(&p[0]), "Process-1");
    ck_assert_str_eq(mp_process_name(&p[1]), "MyProcess-2");
    ck_assert_str_eq(mp_process_name(&p[2]), "alvin");
    for (int i = 0; i < 3; i++) {
        must(mp_process_close(&p[i]));
    }
    must(mp_process_init(&p[0], .name = ""));
    ck_assert_str_eq(mp_process_name(&p[0]), "Process-4");
    must(mp_process_close(&p[0]));
}
END_TEST

static int expect_name(void *args)
{
    return strcmp(mp_process_name(mp_current_process()), args) == 0 ? 0 : 1;
}

static int name_grandchildren(void *args)
{
    (void)args;
    mp_process p, q;
    must(mp_process_init(&p, .target = expect_name, MP_ARGS("Process-3:1")));
    run_to_the_end(&p);
    must(mp_process_init(&q, .class_name = "Deep", .target = expect_name,
                         MP_ARGS("Deep-3:2")));
    run_to_the_end(&q);
    shared[0] = 1;
    return 0;
}

START_TEST(a_childs_identity_is_the_prefix_of_its_childrens)
{
    mp_process p[3];
    for (int i = 0; i < 3; i++) {
        must(mp_process_init(&p[i], .target = name_grandchildren));
    }
    must(mp_process_close(&p[0]));
    must(mp_process_close(&p[1]));
    run_to_the_end(&p[2]);
    ck_assert_int_eq(shared[0], 1);
}
END_TEST

START_TEST(a_name_can_be_changed_at_any_time_and_is_copied)
{
    char name[] = "alvin";
    mp_process p, q;
    must(mp_process_init(&p, .name = name, .target = expect_name,
                         MP_ARGS("egon")));
    name[0] = 'x';
    ck_assert_str_eq(mp_process_name(&p), "alvin");
    must(mp_process_set_name(&p, "egon"));
    must(mp_process_start(&p));
    must(mp_process_set_name(&p, "bob"));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    ck_assert_str_eq(mp_process_name(&p), "bob");
    char longest[MP_NAME_SIZE + 1] = "";
    memset(longest, 'x', MP_NAME_SIZE - 1);
    must(mp_process_set_name(&p, longest));
    ck_assert_str_eq(mp_process_name(&p), longest);
    longest[MP_NAME_SIZE - 1] = 'x';
    ck_assert_refused(mp_process_set_name(&p, longest), EINVAL,
                      "the name of a process has at most 127 bytes");
    ck_assert_refused(mp_process_init(&q, .name = longest), EINVAL,
                      "the name of a process has at most 127 bytes");
    ck_assert_refused(mp_process_set_name(&p, NULL), EINVAL,
                      "name must be a string");
    must(mp_process_close(&p));
}
END_TEST

START_TEST(the_main_process_is_called_so_and_has_no_parent)
{
    mp_process *me = mp_current_process();
    ck_assert_str_eq(mp_process_name(me), "MainProcess");
    ck_assert_int_eq(mp_process_pid(me), getpid());
    ck_assert_int_eq(mp_process_exitcode(me), MP_NONE);
    ck_assert_int_eq(mp_process_daemon(me), 0);
    ck_assert_ptr_null(mp_parent_process());
    ck_assert_refused(mp_process_start(me), EPERM,
                      "can only start a process object created by current "
                      "process");
    ck_assert_refused(mp_process_close(me), EPERM,
                      "can only close a process object created by current "
                      "process");
    must(mp_process_set_name(me, "Main"));
    ck_assert_str_eq(mp_process_name(me), "Main");
    must(mp_process_set_name(me, "MainProcess"));
}
END_TEST

static mp_process started;

static int look_at_itself(void *args)
{
    const mp_process *me = mp_current_process();
    ck_assert(!under(FORK) || me == &started);
    ck_assert_str_eq(mp_process_name(me), "spinner");
    ck_assert_int_eq(mp_process_pid(me), getpid());
    ck_assert_int_eq(mp_process_exitcode(me), MP_NONE);
    const mp_process *parent = mp_parent_process();
    ck_assert_ptr_nonnull(parent);
    ck_assert_str_eq(mp_process_name(parent), "MainProcess");
    ck_assert_int_eq(mp_process_pid(parent), *(pid_t *)args);
    ck_assert(under(FORKSERVER) || mp_process_pid(parent) == getppid());
    ck_assert(!under(FORKSERVER) || mp_process_pid(parent) != getppid());
    ck_assert_int_eq(mp_process_exitcode(parent), MP_NONE);
    ck_assert_refused(mp_process_set_name(mp_parent_process(), "x"), EPERM,
                      "can only name a process object created by current "
                      "process");
    shared[0] = getpid();
    return 0;
}

START_TEST(a_child_knows_itself_and_its_parent)
{
    pid_t pid = getpid();
    must(mp_process_init(&started, .name = "spinner", .target = look_at_itself,
                         MP_ARGS(pid)));
    must(mp_process_start(&started));
    must(mp_process_join(&started, MP_FOREVER));
    ck_assert_int_eq(shared[0], mp_process_pid(&started));
    must(mp_process_close(&started));
}
END_TEST

static int look_at_the_parents_name(void *args)
{
    shared[0] = strcmp(mp_process_name(mp_parent_process()), args) == 0;
    return 0;
}

static int start_a_grandchild(void *args)
{
    (void)args;
    mp_process p;
    must(mp_process_init(&p, .target = look_at_the_parents_name,
                         MP_ARGS("middle")));
    run_to_the_end(&p);
    return 0;
}

START_TEST(a_grandchilds_parent_is_the_child)
{
    mp_process p;
    must(mp_process_init(&p, .name = "middle", .target = start_a_grandchild));
    run_to_the_end(&p);
    ck_assert_int_eq(shared[0], 1);
}
END_TEST

// The grandchild reports to the test that its parent, killed, has ended.
static int outlive_the_parent(void *args)
{
    mp_process *parent = mp_parent_process();
    ck_assert_refused(mp_process_join(parent, 0), ETIMEDOUT, "timed out");
    kill(mp_process_pid(parent), SIGKILL);
    must(mp_process_join(parent, MP_FOREVER));
    must(mp_process_join(parent, 0));
    return write(*(int *)args, "x", 1) == 1 ? 0 : 1;
}

static int become_a_killed_parent(void *args)
{
    mp_process p;
    int report = *(int *)args;
    must(mp_process_init(&p, .target = outlive_the_parent, MP_ARGS(report),
                         MP_PASS_FDS(report)));
    must(mp_process_start(&p));
    return wait_forever(NULL);
}

START_TEST(the_parent_can_be_joined_also_when_it_is_killed)
{
    int report[2];
    ck_assert_int_eq(pipe(report), 0);
    mp_process p;
    must(mp_process_init(&p, .target = become_a_killed_parent,
                         MP_ARGS(report[1]), MP_PASS_FDS(report[1])));
    must(mp_process_start(&p));
    close(report[1]);
    char got;
    ck_assert_int_eq(read(report[0], &got, 1), 1);
    ck_assert_int_eq(read(report[0], &got, 1), 0);  // the grandchild has ended
    close(report[0]);
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), -SIGKILL);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(daemon_is_inherited_unless_given)
{
    mp_process p;
    must(mp_process_init(&p));
    ck_assert_int_eq(mp_process_daemon(&p), 0);
    must(mp_process_close(&p));
    for (int any = 1; any <= 2; any++) {
        must(mp_process_init(&p, .daemon = any));
        ck_assert_int_eq(mp_process_daemon(&p), 1);
        must(mp_process_close(&p));
    }
}
END_TEST

static int construct_in_a_daemon(void *args)
{
    (void)args;
    mp_process inherits, not;
    must(mp_process_init(&inherits));
    must(mp_process_init(&not, .daemon = MP_FALSE));
    shared[0] = mp_process_daemon(&inherits) == 1 &&
                mp_process_daemon(&not) == 0;
    must(mp_process_close(&inherits));
    must(mp_process_close(&not));
    return 0;
}

START_TEST(in_a_daemon_children_are_daemons_unless_told)
{
    mp_process p;
    must(mp_process_init(&p, .target = construct_in_a_daemon,
                         .daemon = MP_TRUE));
    run_to_the_end(&p);
    ck_assert_int_eq(shared[0], 1);
}
END_TEST

static int count_descriptors(void *args)
{
    (void)args;
    shared[0] = open_descriptors();
    return 0;
}

static int count_in_a_grandchild(void *args)
{
    (void)args;
    mp_process p;
    must(mp_process_init(&p, .target = count_descriptors));
    run_to_the_end(&p);
    return 0;
}

START_TEST(a_grandchild_keeps_no_descriptor_of_its_grandparent)
{
    mp_process p;
    int before = open_descriptors();
    must(mp_process_init(&p, .target = count_in_a_grandchild));
    run_to_the_end(&p);
    ck_assert_int_eq(shared[0], before + 1);  // its parent's sentinel
}
END_TEST

START_TEST(a_child_keeps_no_descriptor_of_its_siblings)
{
    mp_process siblings[10], p;
    int before = open_descriptors();
    for (int i = 0; i < 10; i++) {
        must(mp_process_init(&siblings[i]));
        must(mp_process_start(&siblings[i]));
    }
    must(mp_process_init(&p, .target = count_descriptors));
    run_to_the_end(&p);
    ck_assert_int_eq(shared[0], before + 1);  // its parent's sentinel
    for (int i = 0; i < 10; i++) {
        must(mp_process_join(&siblings[i], MP_FOREVER));
        must(mp_process_close(&siblings[i]));
    }
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(ALL, the_default_name_counts_objects_constructed);
    fact(ALL, a_childs_identity_is_the_prefix_of_its_childrens);
    fact(ALL, a_name_can_be_changed_at_any_time_and_is_copied);
    fact(ALL, the_main_process_is_called_so_and_has_no_parent);
    fact(ALL, a_child_knows_itself_and_its_parent);
    fact(ALL, a_grandchilds_parent_is_the_child);
    fact(ALL, the_parent_can_be_joined_also_when_it_is_killed);
    fact(ALL, daemon_is_inherited_unless_given);
    fact(ALL, in_a_daemon_children_are_daemons_unless_told);
    fact(FORK, a_child_keeps_no_descriptor_of_its_siblings);
    fact(FORK, a_grandchild_keeps_no_descriptor_of_its_grandparent);
    return unit_main("family");
}
