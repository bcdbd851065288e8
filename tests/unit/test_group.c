// What is left of a whole family that is ended from outside: by Ctrl-C, or by
// somebody who kills the program in the middle of whatever it does.

#include "unit.h"

#include <dirent.h>
#include <sys/prctl.h>

static unsigned random_state;

static unsigned random_below(unsigned limit)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % limit;
}

// A program in a process group of its own, as a shell starts one. Returns its
// pid, which is the group's number.
static pid_t begin_program(void (*body)(void))
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);  // its orphans come to us
    signal(SIGINT, SIG_DFL);  // Check has a handler
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        body();
        exit(0);
    }
    setpgid(pid, pid);
    return pid;
}

// Who is left, for the reader of a failure: proc(5).
static void show_group(pid_t group)
{
    DIR *all = opendir("/proc");
    struct dirent *entry;
    while (all != NULL && (entry = readdir(all)) != NULL) {
        int pid, parent, its_group;
        char state, name[64], path[300];
        snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
        FILE *file = fopen(path, "re");
        if (file != NULL &&
            fscanf(file, "%d (%63[^)]) %c %d %d", &pid, name, &state, &parent,
                   &its_group) == 5 &&
            its_group == group) {
            fprintf(stderr, "# left: %d, %s, state %c, child of %d\n", pid,
                    name, state, parent);
        }
        if (file != NULL) {
            fclose(file);
        }
    }
    closedir(all);
}

// Waits until nobody of the group is left.
static void expect_nobody(pid_t group)
{
    double before = mp_clock_now();
    for (;;) {
        while (waitpid(-group, NULL, WNOHANG) > 0) {
        }
        if (kill(-group, 0) == -1) {
            return;
        }
        if (mp_clock_now() - before > patience(10)) {
            show_group(group);
            kill(-group, SIGKILL);
            ck_abort_msg("somebody is left");
        }
        usleep(1000);
    }
}

static void start_six(void)
{
    static mp_process p[6];
    for (int i = 0; i < 6; i++) {
        must(mp_process_init(&p[i], .target = wait_forever,
                             .daemon = i < 3 ? MP_TRUE : MP_FALSE));
        must(mp_process_start(&p[i]));
    }
    shared[0] = 1;
}

START_TEST(ctrl_c_ends_all)
{
    pid_t group = begin_program(start_six);
    while (shared[0] == 0) {
        usleep(1000);
    }
    kill(-group, SIGINT);
    expect_nobody(group);
}
END_TEST

// Instead of must: each assertion of Check, also one that holds, writes to a
// file of the tests, and who is killed meanwhile leaves half a message there.
static void need(int result)
{
    if (result == -1) {
        fprintf(stderr, "%s\n", mp_error());
        exit(1);
    }
}

static void start_without_end(void)
{
    for (;;) {
        mp_process p;
        need(mp_process_init(&p, .target = wait_forever, .daemon = MP_TRUE));
        need(mp_process_start(&p));
        if (mp_active_children(NULL, 0) == 4) {
            need(mp_process_kill(&p));
            need(mp_process_join(&p, MP_FOREVER));
            need(mp_process_close(&p));
        }
    }
}

// Ends the program in the middle, again and again. `sig` goes to the whole
// group, or to the program alone.
static void end_in_the_middle(int sig, bool whole_group)
{
    random_state = (unsigned)getpid();
    printf("seed %u\n", random_state);
    for (int round = 0; round < how_many(10, 50); round++) {
        pid_t group = begin_program(start_without_end);
        usleep(random_below((unsigned)patience(20000)));
        kill(whole_group ? -group : group, sig);
        expect_nobody(group);
    }
}

START_TEST(ctrl_c_ends_all_in_the_middle_of_a_start)
{
    end_in_the_middle(SIGINT, true);
}
END_TEST

START_TEST(daemons_of_a_program_killed_in_the_middle_of_a_start_end)
{
    end_in_the_middle(SIGKILL, false);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(ALL, ctrl_c_ends_all);
    fact(ALL, ctrl_c_ends_all_in_the_middle_of_a_start);
    fact(ALL, daemons_of_a_program_killed_in_the_middle_of_a_start_end);
    return unit_main("group");
}
