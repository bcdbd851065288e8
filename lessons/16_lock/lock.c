// # A counter and a lock
//
// Two processes count in one shared variable, n times each, so that the
// count should be 2n at the end. First they count without a lock, then
// with one: Python's `with lock: counter.value += 1`. Watch how many
// are lost. The count without a lock varies from run to run. It is
// never above 2n, and it is 2n only by luck. (Then run it once more.)
// With the lock none is lost, in each run.
//
// Adding 1 takes three steps: read the number from memory, add 1, write
// it back. Between two steps of one process the other one may run:
//
// | process A    | process B    | in memory |
// |--------------|--------------|-----------|
// | reads 7      |              | 7         |
// |              | reads 7      | 7         |
// | makes it 8   |              | 7         |
// |              | makes it 8   | 7         |
// | writes 8     |              | 8         |
// |              | writes 8     | 8         |
//
// Both have counted, and the number has grown by 1. This is called a
// race: the result depends on who is faster. It happens on one CPU,
// too. The kernel lets A and B run in turn, for some milliseconds each.
// If it stops A between its read and its write, then A later writes an
// old number, and all that B has counted meanwhile is lost at once.
// `make many-lock ARGS=1000000` shows how many are lost in each of 200
// runs. On one machine there were two heaps: about 0, and about 950000.

#include "lesson.h"

// A lock protects what your program says it protects. Here it stands in
// one struct with the number, in shared memory. A lock is all zero at
// first. Each child waits at the barrier until both are there,
// so that they count at the same time (lesson 19).
struct counter {
    mp_lock lock;
    volatile long value;
    mp_barrier both;
};

struct count_args {
    struct counter *counter;
    long n;
    bool with_lock;
};

// The three steps. Without `volatile` the compiler might read once,
// count in a register, and write once at the end. Without the empty
// assembler line (lesson 10) it might take one instruction that does
// all three. Such an instruction loses counts on two CPUs all the same.
static void add_one(struct counter *counter)
{
    long value = counter->value;
    __asm__ volatile("" : "+r"(value));
    counter->value = value + 1;
}

// A process that comes to a taken lock waits until it is released. So
// of all processes that use this lock, one at a time is between acquire
// and release. The others do not see a half done step.
static int count(void *args)
{
    const struct count_args *given = args;
    struct counter *counter = given->counter;
    check(mp_barrier_wait(&counter->both, MP_FOREVER));
    for (long i = 0; i < given->n; i++) {
        if (given->with_lock) {
            check(mp_lock_acquire(&counter->lock, MP_FOREVER));
            add_one(counter);
            check(mp_lock_release(&counter->lock));
        } else {
            add_one(counter);
        }
    }
    return 0;
}

// Python passes the lock among the args. In C it is part of the struct
// whose address is passed (lesson 15). Python's Value has a lock of its
// own, but takes it for the read and for the write, and not in between.
static void count_by_two(long n, bool with_lock)
{
    struct counter *counter = mp_value(struct counter, .value = 0);
    check(counter);
    check(mp_barrier_init(&counter->both, 2, NULL));
    mp_process p[2];
    struct count_args args = { counter, n, with_lock };
    for (int i = 0; i < 2; i++) {
        check(mp_process_init(&p[i], .target = count, MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < 2; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    printf("%s a lock: expected %ld, counted %ld, lost %ld\n",
           with_lock ? "with" : "without", 2 * n, counter->value,
           2 * n - counter->value);
    mp_shm_free(counter);
}

// Python needs about a hundred times as long for a step, so each
// process of its original counts to 100000, and of ours to 10000000.
int main(int argc, char **argv)
{
    double n = 10000000;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[n]", &n, 1);
    count_by_two((long)n, false);
    count_by_two((long)n, true);
}

// ## See it
//
// `make trace-lock` draws when each process waits for a lock (grey) and
// has it (in a colour). Processes 3 and 4 count with the lock: see that
// never both have it at the same time. Processes 1 and 2 count without
// it, so they are not there.
//
// ## What happens underneath
//
// A lock is one word of shared memory: 0, or the number of the process
// that holds it. `mp_lock_acquire()` in `common/sync/lock.c` takes a
// free lock by a compare-and-swap: one instruction that writes if the
// word is still 0, and no other CPU can get in between. This needs no
// system call.
//
// If the lock is taken, `wait_for()` in `common/sync/lock.c` marks the
// word, so that its holder knows that somebody waits. Then it asks the
// kernel to let it sleep as long as the word has this value. This is a
// futex (futex(2)), for "fast userspace mutex". The kernel is called
// only where a process must wait or must be woken. `mp_lock_release()`
// in `common/sync/lock.c` sets the word to 0, and if it was marked,
// `mp_wake_sleepers()` in `common/sync/wait.c` wakes one sleeper.
//
// `threading.Lock` is used in the same way, and is for the threads of
// one process. Python's `multiprocessing.Lock` is a semaphore of the
// system (sem_overview(7)) that is 1 or 0. It does not know who holds
// it, and the program `lock_killed` shows what follows from this. In
// Python and here any process may release a Lock.
//
// ## Try this
//
// - Release the lock twice. What does the error say, and in Python?
// - Run it on one CPU: `taskset -c 0 make lesson-lock`. Are fewer
//   counts lost? Which of the two halves is slower, and is it because
//   processes wait?
// - Let only one of the two use the lock. How many are lost? (Run it
//   several times.)
// - C can do the three steps in one instruction that no CPU interrupts,
//   without a lock: make `value` an `_Atomic long`, and write
//   `counter->value++`. What can a lock do that this cannot?
