// # Nobody goes on before all have come
//
// A barrier is for work in rounds, where a round needs what all
// processes have done in the round before. Each process that comes to
// `barrier.wait()` waits until all have come. The last one to come
// calls the `action`, and then all go on. Three workers work in two
// rounds. Watch the order: nobody begins round 2 before all have
// finished round 1. After each round the barrier is free for the next
// one, so the same object serves all rounds.

#include "lesson.h"

struct worker_args {
    mp_barrier *barrier;
};

static int all_have_come(void)
{
    printf("all have come\n");
    fflush(stdout);
    return 0;
}

// `wait` returns a number that no other process gets in this round,
// from 0 to 2: so one of them can be chosen to do what only one must
// do. (The action is another way.)
static int worker(void *args)
{
    const struct worker_args *given = args;
    for (int round = 1; round <= 2; round++) {
        printf("round %d: %s\n", round,
               mp_process_name(mp_current_process()));
        fflush(stdout);
        check(mp_barrier_wait(given->barrier, MP_FOREVER));
    }
    return 0;
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_barrier *barrier = mp_array(mp_barrier, 1);
    check(barrier);
    check(mp_barrier_init(barrier, 3, all_have_come));
    struct worker_args args = { barrier };
    mp_process p[3];
    for (int i = 0; i < 3; i++) {
        check(mp_process_init(&p[i], .target = worker, MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < 3; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    mp_shm_free(barrier);
}

// ## What happens underneath
//
// Python's Barrier is made of a Condition and the state "how many have
// come". Ours is made of the same parts as our condition: a lock, and a
// list of waiters (`mp_barrier_wait()` in `common/sync/barrier.c`). The
// last to come wakes the whole list, by one system call. The class in
// `threading` has the same methods, and C's threads have
// `pthread_barrier_t`.
//
// If a process is killed while it waits, the barrier can never be full.
// The others soon see that, the barrier is *broken*, and each
// `wait` fails, also later ones. A process that is killed before it
// comes is unknown to the barrier. A time-out breaks it then.
//
// ## Try this
//
// - Start only two workers, and give `wait` a time-out of one second.
//   What does `check` print?
// - Let `mp_barrier_init` have 2 in the place of 3, and run it often.
//   Many runs never end. In which order do the workers come then?
//   (Ctrl-C ends the program.)
// - Leave out the action, and let the process for which `wait` returns
//   0 print its line. Is the line always before round 2?
