// # What one may set, and when; and who runs run
//
// The attributes of a Process are `name`, `daemon` and `authkey`. A
// flag like `daemon` must be set before `start`; the others may be set
// at any time, but the child has those of the start. The notes say that
// `run()` starts a child: it does not, it is an ordinary call, and the
// pids show it. They say that `authkey` is 32 hexadecimal digits: it is
// 32 bytes.

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

    // Each object has a copy of its creator's key. Processes that talk
    // to each other will need it, in lesson 21.
    size_t size;
    check(mp_process_authkey(&p, &size) == NULL ? -1 : 0);
    printf("authkey: %zu bytes\n", size);

    check(mp_process_set_name(&p, "alvin"));
    check(mp_process_set_daemon(&p, true));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));

    // A name may be changed at any time; a flag that the start has used
    // may not.
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
// `mp_process_run()` in `common/process/process.c` calls the target,
// and that is all. `mp_process_start()` in `common/process/process.c`
// makes a process first, and in that one calls run.
//
// ## Try this
//
// - Construct a second object and compare the two keys with `memcmp`.
//   Are they equal? Are they in the next run of the program?
