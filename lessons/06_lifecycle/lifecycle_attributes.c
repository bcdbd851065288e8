// # Which attributes you may set, and when; and who calls run
//
// A Process has three attributes that you may set: `name`, `daemon` and
// `authkey`. `daemon` must be set before `start`. You may set the other
// two at any time, but the child gets the values that they have at
// `start`. Watch the pids: the notes say that `run()` starts a child,
// but it is an ordinary call, which runs in the caller. The notes also
// say that `authkey` is 32 hexadecimal digits. It is 32 bytes.

#include "lesson.h"

static int tell(void *args)
{
    printf("%s: in process %d\n", (const char *)args, (int)getpid());
    return 0;
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    printf("main: in process %d\n", (int)getpid());
    mp_process p;
    check(mp_process_init(&p, .target = tell, MP_ARGS("target")));
    p.run(&p);

    // Each object has a copy of its creator's key. In lesson 21,
    // processes that talk to each other need it.
    size_t size;
    check(mp_process_authkey(&p, &size) == NULL ? -1 : 0);
    printf("authkey: %zu bytes\n", size);

    check(mp_process_set_name(&p, "alvin"));
    check(mp_process_set_daemon(&p, true));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));

    // The name may be changed at any time. The flag may not: the start
    // has used it.
    check(mp_process_set_name(&p, "bob"));
    printf("name: %s\n", mp_process_name(&p));
    if (mp_process_set_daemon(&p, false) == -1) {
        printf("daemon: %s\n", mp_error());
    }
    if (mp_process_start(&p) == -1) {
        printf("start: %s\n", mp_error());
    }
    check(mp_process_close(&p));
}

// ## What happens underneath
//
// `mp_process_run()` in `common/process/process.c` only calls the
// target. `mp_process_start()` in `common/process/process.c` first
// makes a process, and the new process calls run.
//
// ## Try this
//
// - Construct a second object and compare the two keys with `memcmp`.
//   Are they equal? Is the key the same in the next run?
