// # Which start method is the default
//
// Which methods there are depends on the system, and which of them is
// used when a program chooses none depends on Python's version, too.
//
// | system             | there are                 | Python's default |
// |--------------------|---------------------------|------------------|
// | Windows            | spawn                     | spawn            |
// | macOS, to 3.7      | fork, spawn, forkserver   | fork             |
// | macOS, from 3.8    | fork, spawn, forkserver   | spawn            |
// | Linux, to 3.13     | fork, spawn, forkserver   | fork             |
// | Linux, from 3.14   | fork, spawn, forkserver   | forkserver       |
//
// The notes have spawn for Windows and fork for Unix, as it once was.
// Windows has no call like fork: a new process there always begins as a
// new image of a program. On macOS fork exists, but libraries of that
// system may crash in a forked child. Watch what this system has, and
// its default.
//
// This suite needs Linux. On Windows it runs in WSL2, which is a Linux,
// and on macOS in a Linux container or virtual machine.

#include "lesson.h"

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// The list has the default first. It is sorted here, because its order
// differs between versions of Python. `get_start_method()` does more
// than to ask: from then on the default is fixed, and
// `set_start_method` is refused.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    const char *methods[3];
    int count = 0;
    for (const char *const *method = mp_get_all_start_methods();
         *method != NULL && count < 3; method++) {
        methods[count++] = *method;
    }
    qsort(methods, (size_t)count, sizeof *methods, by_name);
    printf("there are:");
    for (int i = 0; i < count; i++) {
        printf(" %s", methods[i]);
    }
    const char *method = mp_get_start_method(false);
    check(method);
    printf("\nthe default: %s\n", method);
    if (mp_set_start_method("spawn", false) == -1) {
        printf("set: %s\n", mp_error());
    }
}

// ## What happens underneath
//
// Ours is fork, as Python's on Linux was until 3.13, unless the
// environment names another one: `mp_get_start_method()` in
// `common/start/context.c` looks for `MP_START_METHOD`. Python has no
// such variable, so its programs must choose for themselves.
//
// ## Try this
//
// - `MP_START_METHOD=spawn make lesson-start_methods_default`
// - Put `mp_set_start_method` before `mp_get_start_method`. Is it
//   refused now?
