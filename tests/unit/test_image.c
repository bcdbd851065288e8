// Children that are no copies, under spawn and forkserver: what they have, what
// they have not, and what cannot be given to them.

#include "unit.h"

#include <fcntl.h>
#include <stdalign.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "start/function.h"
#include "start/forkserver.h"

enum { IMAGES = SPAWN | FORKSERVER };

// ---- what a child has -----------------------------------------------------

static int global = 1;

static int return_global(void *args)
{
    (void)args;
    return global;
}

START_TEST(a_copy_has_our_memory_a_new_image_has_not)
{
    global = 2;
    ck_assert_int_eq(exitcode_of(return_global), under(FORK) ? 2 : 1);
}
END_TEST

static int look_at_its_command_line(void *args)
{
    (void)args;
    char line[1000] = "";
    int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t size = read(file, line, sizeof line);
    close(file);
    const char *mark = line + strlen(line) + 1;
    const char *expected = "--multiprocessing-spawn=";
    ck_assert_int_eq(strncmp(mark, expected, strlen(expected)), 0);
    ck_assert_int_eq((int)size, (int)(mark + strlen(mark) + 1 - line));
    return 0;
}

START_TEST(a_command_line_has_one_argument)
{
    ck_assert_int_eq(exitcode_of(look_at_its_command_line), 0);
}
END_TEST

// What ps shows of a process.
typedef struct {
    char command[100];  // argv[0]
    char name[16];
} shown;

static void look_at_oneself(shown *names)
{
    memset(names, 0, sizeof *names);
    int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge((int)read(file, names->command, 99), 1);
    memset(names->command + strlen(names->command), 0,
           sizeof names->command - strlen(names->command));
    close(file);
    prctl(PR_GET_NAME, names->name);
}

static int expect_names(void *args)
{
    shown names;
    look_at_oneself(&names);
    return memcmp(&names, args, sizeof names) == 0 ? 0 : 1;
}

START_TEST(a_new_image_goes_by_our_name)
{
    shown names;
    mp_process p;
    look_at_oneself(&names);
    must(mp_process_init(&p, .target = expect_names, MP_ARGS(names)));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
}
END_TEST

static int expect_directory(void *args)
{
    char here[100];
    return strcmp(getcwd(here, sizeof here), args) == 0 ? 0 : 1;
}

START_TEST(a_child_begins_in_our_working_directory)
{
    mp_process p;
    ck_assert_int_eq(exitcode_of(NULL), 0);  // a fork server is at work
    ck_assert_int_eq(chdir("/proc"), 0);
    must(mp_process_init(&p, .target = expect_directory, MP_ARGS("/proc")));
    must(mp_process_start(&p));
    ck_assert_int_eq(chdir("/"), 0);
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
}
END_TEST

static int expect_alignment(void *args)
{
    return (uintptr_t)args % alignof(max_align_t) == 0 ? *(char *)args : 99;
}

START_TEST(arguments_are_aligned_for_any_type)
{
    for (int size = 1; size < 40; size++) {
        char bytes[40] = { (char)size };
        mp_process p;
        must(mp_process_init(&p, .target = expect_alignment, .args = bytes,
                             .args_size = (size_t)size));
        must(mp_process_start(&p));
        must(mp_process_join(&p, MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&p), size);
        must(mp_process_close(&p));
    }
}
END_TEST

// Whatever stands before them: an object of any size.
START_TEST(arguments_of_a_subclass_are_aligned_too)
{
    struct {
        mp_process base;
        char more[16];
    } object = { .more = "" };
    for (size_t more = 1; more <= sizeof object.more; more++) {
        must(mp_process_init(&object.base, .target = expect_alignment,
                             .size = sizeof object.base + more, MP_ARGS("!")));
        must(mp_process_start(&object.base));
        must(mp_process_join(&object.base, MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&object.base), '!');
        must(mp_process_close(&object.base));
    }
}
END_TEST

// ---- descriptors ----------------------------------------------------------

static int count_descriptors(void *args)
{
    (void)args;
    return open_descriptors();
}

START_TEST(a_new_image_has_no_descriptor_of_the_programs_but_the_standard_ones)
{
    int open_to_all = dup(0);  // not close-on-exec
    ck_assert_int_eq(exitcode_of(count_descriptors), 5);
    close(open_to_all);
}
END_TEST

// A pipe under two given numbers; whatever was there is kept.
static void pipe_at(int reader, int writer)
{
    int ends[2];
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    int r = fcntl(ends[0], F_DUPFD_CLOEXEC, 100);
    int w = fcntl(ends[1], F_DUPFD_CLOEXEC, 100);
    close(ends[0]);
    close(ends[1]);
    dup3(r, reader, O_CLOEXEC);
    dup3(w, writer, O_CLOEXEC);
    close(r);
    close(w);
}

// A program that another thread executes in the middle of a start gets nothing.
START_TEST(the_numbers_of_closed_standard_streams_stay_free)
{
    int kept[3], taken = 0;
    mp_process p;
    must(mp_process_init(&p, .target = wait_forever));
    for (int fd = 0; fd < 3; fd++) {
        kept[fd] = fcntl(fd, F_DUPFD, 10);
        close(fd);
    }
    int started = mp_process_start(&p);
    for (int fd = 0; fd < 3; fd++) {
        taken += fcntl(fd, F_GETFD) != -1;
        dup2(kept[fd], fd);
        close(kept[fd]);
    }
    ck_assert_int_eq(started, 0);
    ck_assert_int_eq(taken, 0);
    must(mp_process_kill(&p));
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
}
END_TEST

START_TEST(nothing_that_a_start_opens_is_open_to_other_programs)
{
    mp_process p;
    int reader = dup(0), before = inheritable_descriptors();
    must(mp_process_init(&p, .target = wait_forever, MP_PASS_FDS(reader)));
    must(mp_process_start(&p));
    ck_assert_int_eq(inheritable_at_spawn, before);
    ck_assert_int_eq(inheritable_descriptors(), before);
    must(mp_process_kill(&p));
    must(mp_process_join(&p, MP_FOREVER));
    must(mp_process_close(&p));
    close(reader);
}
END_TEST

static int echo(void *args)
{
    const int *ends = args;
    char byte;
    if (read(ends[0], &byte, 1) != 1 || write(ends[1], &byte, 1) != 1) {
        return 1;
    }
    if (!under(FORK) && fcntl(ends[0], F_GETFD) != 0) {
        return 2;  // it would not survive an execve
    }
    // Three standard ones, the parent's pidfd, the arena, these two. (A copy
    // has all that we have.)
    return under(FORK) ? 7 : open_descriptors();
}

// The child reads from `reader` what we write, and writes it to `writer`. Our
// copies of its ends are closed right after start.
static void expect_echo(int reader, int writer)
{
    int ends[2] = { reader, writer };
    pipe_at(reader, 60);
    pipe_at(61, writer);
    mp_process p;
    must(mp_process_init(&p, .target = echo, MP_ARGS(ends),
                         MP_PASS_FDS(reader, writer)));
    must(mp_process_start(&p));
    close(reader);
    close(writer);
    char byte = 'x';
    ck_assert_int_eq(write(60, &byte, 1), 1);
    byte = 0;
    ck_assert_int_eq(read(61, &byte, 1), 1);
    ck_assert_int_eq(byte, 'x');
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 7);
    must(mp_process_close(&p));
    close(60);
    close(61);
}

START_TEST(passed_descriptors_keep_their_numbers_whatever_these_are)
{
    // Numbers that nobody here has, among those that the library uses.
    int taken[64];
    for (int i = 0; i < 40; i++) {
        taken[i] = dup(0);
    }
    int low = taken[0], next = taken[1];
    for (int i = 0; i < 40; i++) {
        close(taken[i]);
    }
    expect_echo(low, next);
    expect_echo(next, low);
    expect_echo(50, low);
    expect_echo(49, 50);
}
END_TEST

START_TEST(descriptor_3_can_be_passed_too)
{
    int kept = fcntl(3, F_DUPFD_CLOEXEC, 80);
    expect_echo(3, 50);
    if (kept != -1) {
        dup2(kept, 3);
        close(kept);
    }
}
END_TEST

START_TEST(a_closed_descriptor_cannot_be_passed)
{
    mp_process p;
    int before = open_descriptors();
    must(mp_process_init(&p, MP_PASS_FDS(0, 77)));
    errno = 0;
    ck_assert_int_eq(mp_process_start(&p), -1);
    ck_assert_int_eq(errno, EBADF);
    ck_assert_int_eq(open_descriptors(), before);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(the_highest_descriptor_can_be_passed)
{
    struct rlimit limit, low;
    getrlimit(RLIMIT_NOFILE, &limit);
    low = limit;
    low.rlim_cur = 200;
    setrlimit(RLIMIT_NOFILE, &low);
    expect_echo(199, 198);
    setrlimit(RLIMIT_NOFILE, &limit);
}
END_TEST

// musl's posix_spawn can.
START_TEST(a_descriptor_above_the_limit_is_passed_or_refused)
{
    mp_process p;
    struct rlimit limit, few;
    int high = fcntl(0, F_DUPFD_CLOEXEC, 100);
    int before = open_descriptors();
    getrlimit(RLIMIT_NOFILE, &limit);
    few = limit;
    few.rlim_cur = 90;
    must(mp_process_init(&p, MP_PASS_FDS(high)));
    setrlimit(RLIMIT_NOFILE, &few);
    errno = 0;
    int started = mp_process_start(&p);
    ck_assert(started == 0 || errno == EBADF);
    setrlimit(RLIMIT_NOFILE, &limit);
    if (started == 0) {
        must(mp_process_join(&p, MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&p), 0);
    }
    must(mp_process_close(&p));
    ck_assert_int_eq(open_descriptors(), before);
    close(high);
}
END_TEST

START_TEST(a_list_of_descriptors_has_an_end)
{
    mp_process p;
    int many[MP_PASS_FDS_MOST + 1] = { 0 };
    ck_assert_refused(
        mp_process_init(&p, .pass_fds = many,
                        .pass_fds_count = MP_PASS_FDS_MOST + 1),
        EINVAL, "too many fds: 33, at most 32 can be passed");
    must(mp_process_init(&p, .pass_fds = many,
                         .pass_fds_count = MP_PASS_FDS_MOST));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(neither_has_it_less_than_none)
{
    mp_process p;
    ck_assert_refused(mp_process_init(&p, .pass_fds = (int[]){ 0 },
                                      .pass_fds_count = -1),
                      EINVAL, "too many fds: -1, at most 32 can be passed");
}
END_TEST

// ---- functions ------------------------------------------------------------

#define NO_FUNCTION                                                   \
    "cannot start a process: its target is no function of the program, " \
    "nor of a library that was loaded when main called mp_main"

START_TEST(a_function_of_a_library_may_be_the_target)
{
    mp_process p;
    int (*target)(void *) = (int (*)(void *))(mp_function_pointer)atoi;
    must(mp_process_init(&p, .target = target, MP_ARGS("42")));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 42);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(code_that_was_made_at_run_time_is_refused)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mp_process p;
    int before = open_descriptors();
    must(mp_process_init(&p, .target = (int (*)(void *))(uintptr_t)page));
    ck_assert_refused(mp_process_start(&p), EINVAL, NO_FUNCTION);
    ck_assert_int_eq(open_descriptors(), before);
    must(mp_process_close(&p));
    must(mp_process_init(&p, .run = (int (*)(mp_process *))(uintptr_t)page));
    ck_assert_refused(mp_process_start(&p), EINVAL, NO_FUNCTION);
    must(mp_process_close(&p));
    munmap(page, 4096);
}
END_TEST

START_TEST(data_of_the_program_is_no_function)
{
    mp_process p;
    must(mp_process_init(&p, .target = (int (*)(void *))(uintptr_t)&global));
    ck_assert_refused(mp_process_start(&p), EINVAL, NO_FUNCTION);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(a_function_reference_is_found_again_or_not_at_all)
{
    mp_function found;
    must(mp_function_find((mp_function_pointer)return_global, &found));
    ck_assert(mp_function_at(&found) == (mp_function_pointer)return_global);
    found.module++;  // another module
    ck_assert(mp_function_at(&found) == NULL);
    found.module--;
    found.offset = (size_t)1 << 40;
    ck_assert(mp_function_at(&found) == NULL);
}
END_TEST

// ---- limits ---------------------------------------------------------------

START_TEST(no_new_image_changes_nothing)
{
    mp_process p;
    int status = 8;
    int before = open_descriptors();
    must(mp_process_init(&p, .target = return_number, MP_ARGS(status)));
    fault_fork = EAGAIN;
    errno = 0;
    ck_assert_int_eq(mp_process_start(&p), -1);
    ck_assert_int_eq(errno, EAGAIN);
    ck_assert_int_eq(open_descriptors(), before);
    ck_assert_int_eq(mp_process_pid(&p), MP_NONE);
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 8);
    must(mp_process_close(&p));
}
END_TEST

// Every number of free descriptors, from none on, until one is enough: each
// start fails cleanly, and the next one, with room, works.
START_TEST(descriptors_may_run_out_at_any_place)
{
    must(exitcode_of(NULL));  // a fork server is at work
    int status = 8, before = open_descriptors();
    struct rlimit limit, few;
    getrlimit(RLIMIT_NOFILE, &limit);
    few = limit;
    bool worked = false;
    for (int room = 0; !worked && room < 40; room++) {
        mp_process p;
        must(mp_process_init(&p, .target = return_number, MP_ARGS(status)));
        few.rlim_cur = (rlim_t)(before + room);
        setrlimit(RLIMIT_NOFILE, &few);
        worked = mp_process_start(&p) == 0;
        int error = errno;
        setrlimit(RLIMIT_NOFILE, &limit);
        ck_assert(worked || error == EMFILE);
        if (!worked) {
            ck_assert_int_eq(open_descriptors(), before);
            must(mp_process_start(&p));
        }
        must(mp_process_join(&p, MP_FOREVER));
        ck_assert(worked || mp_process_exitcode(&p) == 8);
        must(mp_process_close(&p));
    }
    ck_assert(worked);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(ALL, a_copy_has_our_memory_a_new_image_has_not);
    fact(IMAGES, a_command_line_has_one_argument);
    fact(IMAGES, a_new_image_goes_by_our_name);
    fact(ALL, a_child_begins_in_our_working_directory);
    fact(ALL, arguments_are_aligned_for_any_type);
    fact(ALL, arguments_of_a_subclass_are_aligned_too);
    fact(IMAGES,
         a_new_image_has_no_descriptor_of_the_programs_but_the_standard_ones);
    fact(ALL, the_numbers_of_closed_standard_streams_stay_free);
    fact(IMAGES, nothing_that_a_start_opens_is_open_to_other_programs);
    fact(ALL, passed_descriptors_keep_their_numbers_whatever_these_are);
    fact(ALL, descriptor_3_can_be_passed_too);
    fact(ALL, a_closed_descriptor_cannot_be_passed);
    fact(SPAWN, the_highest_descriptor_can_be_passed);
    fact(SPAWN, a_descriptor_above_the_limit_is_passed_or_refused);
    fact(ALL, a_list_of_descriptors_has_an_end);
    fact(FORK, neither_has_it_less_than_none);
    fact(ALL, a_function_of_a_library_may_be_the_target);
    fact(IMAGES, code_that_was_made_at_run_time_is_refused);
    fact(IMAGES, data_of_the_program_is_no_function);
    fact(FORK, a_function_reference_is_found_again_or_not_at_all);
    fact(ALL, no_new_image_changes_nothing);
    fact(IMAGES, descriptors_may_run_out_at_any_place);
    return unit_main("image");
}
