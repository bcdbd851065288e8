// # Two children, one parent
//
// Three processes call the same function: `main` calls `info` itself,
// and starts two children that call it, `Process(target=info, ...)`.
// Watch the pauses: the main process sleeps alone, and the children
// sleep at the same time. (In the notes PyCharm was the main process's
// parent. Here it is the shell in which make runs the program. Under
// forkserver, lesson 11, the server is the parent of both children.)

#include "lesson.h"

struct info_args {
    char name[20];
    double seconds;
};

static int info(void *args)
{
    const struct info_args *given = args;
    printf("name: %s\n", given->name);
    printf("parent process: %d\n", (int)getppid());
    printf("process id: %d\n", (int)getpid());
    printf("------------------\n");
    time_sleep(given->seconds);
    return 0;
}

// The argument may be any array or struct: `MP_ARGS` takes its address
// and its size. Both children print at the same time, so the order of
// the two blocks varies. On a terminal every line is written at once,
// and the lines of the two may mix.
int main(int argc, char **argv)
{
    double seconds = 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    info(&(struct info_args){ "main process line", seconds });

    mp_process p1, p2;
    struct info_args alvin = { "alvin", seconds };
    struct info_args egon = { "egon", seconds };
    check(mp_process_init(&p1, .target = info, MP_ARGS(alvin)));
    check(mp_process_init(&p2, .target = info, MP_ARGS(egon)));
    check(mp_process_start(&p1));
    check(mp_process_start(&p2));
    check(mp_process_join(&p1, MP_FOREVER));
    check(mp_process_join(&p2, MP_FOREVER));
    check(mp_process_close(&p1));
    check(mp_process_close(&p2));

    printf("ending\n");
}

// ## What happens underneath
//
// `mp_process_start()` in `common/process/process.c` returns as soon as
// the child exists, and does not wait until it calls `info`. Starting
// two children takes much less than a second, though each sleeps for a
// second.
//
// ## Try this
//
// - Join `p1` before you start `p2`. How long does it take now, and
//   before? `time make lesson-pid_info_pair` runs this program alone.
// - Run it a few times, and then a few times through a pipe: `make
//   lesson-pid_info_pair | cat`. What differs?
