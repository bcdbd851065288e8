// # Without a target, without a run
//
// The notes construct `multiprocessing.Process()`, without a target.
// Such a process can be started: its `run`, the base's, finds no target
// and returns, and the child ends with exit code 0. The notes also say
// that a subclass must have a method `run`. It need not: without one it
// has the base's, which calls the target. Watch both, and what a call
// of `run` does once the process has been started.

#include "lesson.h"

struct my_process {
    mp_process base;
};

static int hello(void *args)
{
    printf("hi %s\n", (const char *)args);
    return 0;
}

static void run_to_the_end(mp_process *p)
{
    check(mp_process_start(p));
    check(mp_process_join(p, MP_FOREVER));
    printf("%s: exitcode %d\n", mp_process_name(p),
           mp_process_exitcode(p));
}

// The notes list the methods in the order start, run, is_alive, join,
// terminate, close. In that order they cannot be called. The started
// process has taken its target along, so a later `run` has none left:
// Python raises AttributeError, and ours calls nothing and returns 0.
// After `close` nothing can be asked (lesson 6).
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_process process;
    check(mp_process_init(&process));
    run_to_the_end(&process);
    check(mp_process_close(&process));

    struct my_process p;
    check(mp_process_init(&p.base, .class_name = "MyProcess",
                          .size = sizeof p, .target = hello,
                          MP_ARGS("python")));
    run_to_the_end(&p.base);
    printf("run after start: %d\n", p.base.run(&p.base));
    check(mp_process_close(&p.base));
}

// ## What happens underneath
//
// `mp_process_run()` in `common/process/process.c` is the base's run.
// It calls `target(args)`, and where there is no target it returns 0.
// `mp_process_start()` in `common/process/process.c` frees the target
// and its arguments in the parent, once the child has them. Python
// deletes them from the object at the same moment.
//
// ## Try this
//
// - Call `p.base.run(&p.base)` before `run_to_the_end(&p.base)`. How
//   often is `hi python` printed, and by which process?
// - Give `process` a name in its constructor: `.name = "idle"`.
