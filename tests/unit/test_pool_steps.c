// A worker of a pool that is killed, or stopped, at every single instruction
// between one sleep and the next: whatever it was about to do, nothing is lost
// in silence, nothing is wrong, and nobody waits.
//
// A tracer, a process of its own, steps the worker (ptrace(2)). It lets go of
// it before the library looks. While one worker is stepped, others are stopped:
// what it leaves undone is theirs afterwards.

#include "unit.h"

#include <sys/ptrace.h>
#include <sys/time.h>

#include "pool/internal.h"

// How many instructions lie between two. A sanitizer makes many of one, and
// every fork dear.
#ifdef UNIT_SANITIZED
enum { TEST_STRIDE = 61, SOAK_STRIDE = 37 };
#else
enum { TEST_STRIDE = 13, SOAK_STRIDE = 1 };
#endif

// What the tracer does with the worker at the instruction.
enum fate { KILLED, STOPPED };

static int maxtasks;

// The tracer says these in `shared`.
enum { STATE, STEPS, ASLEEP };
enum { READY = 1, FORBIDDEN };

// ---- the tracer -----------------------------------------------------------

static void look_up(int sig)
{
    (void)sig;
}

// The tracer sleeps until the worker has stopped, and so lets it have the CPU
// also on a busy machine; but a timer lets it look up now and then.
static void look_up_now_and_then(void)
{
    struct sigaction action = { .sa_handler = look_up };  // no SA_RESTART
    struct itimerval timer = { { 0, 2000 }, { 0, 2000 } };
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
}

// Waits until the worker is stopped. Returns false if it sleeps instead: then
// it waits for work. One that has done its number of tasks ends by itself.
static bool wait_for_stop(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) == -1) {
        if (state_of(pid) == 'S') {
            return false;
        }
    }
    if (!WIFSTOPPED(status)) {
        shared[ASLEEP] = 1;
        _exit(maxtasks > 0 && WIFEXITED(status) ? 0 : 1);
    }
    return true;
}

// Attaches to the worker, which sleeps, and waits until it has been woken and
// is about to leave the kernel.
static void meet(pid_t pid)
{
    int status;
    if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) == -1) {
        shared[STATE] = FORBIDDEN;
        _exit(0);
    }
    ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
    waitpid(pid, &status, 0);
    ptrace(PTRACE_SYSCALL, pid, NULL, NULL);  // it begins to wait again
    waitpid(pid, &status, 0);
    ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
    shared[STATE] = READY;
    waitpid(pid, &status, 0);
}

// The tracer waits for the end of one that it kills, which the kernel tells the
// parent only then. One that sleeps in the middle of a step is killed in any
// case: the step could not be undone.
static _Noreturn void let_go(pid_t pid, enum fate fate)
{
    int status;
    if (fate == KILLED || shared[ASLEEP]) {
        kill(pid, SIGKILL);
        while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
        }
        _exit(0);
    }
    kill(pid, SIGSTOP);
    _exit(ptrace(PTRACE_DETACH, pid, NULL, NULL) == 0 ? 0 : 1);
}

static _Noreturn void trace(pid_t pid, int steps, enum fate fate)
{
    meet(pid);
    look_up_now_and_then();
    while (shared[STEPS] < steps && !shared[ASLEEP]) {
        ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL);
        if (wait_for_stop(pid)) {
            shared[STEPS]++;
        } else {
            shared[ASLEEP] = 1;
        }
    }
    signal(SIGALRM, SIG_IGN);
    let_go(pid, fate);
}

// ---- a pool, and its job --------------------------------------------------

enum { ITEMS = 2 };

typedef struct {
    mp_pool *pool;
    mp_async_result *result;
    pid_t pid;         // of the worker that is stepped
    mp_serial serial;
    int claimed;       // the item that it had claimed when it was held, or -1
    long numbers[ITEMS], squares[ITEMS];
} scene;

static int square(const void *arg, void *result)
{
    long number = *(const long *)arg;
    *(long *)result = number * number;
    return 0;
}

static void wait_until_all_sleep(const mp_pool *pool)
{
    for (int i = 0; i < pool->size; i++) {
        pid_t pid = mp_process_pid(&pool->workers[i].process);
        while (state_of(pid) != 'S' ||
               atomic_load(&pool->board->work.sleepers) !=
                   (unsigned)pool->size) {
            usleep(20);
        }
    }
}

static void signal_others(const scene *s, int sig)
{
    for (int i = 1; i < s->pool->size; i++) {
        pid_t pid = mp_process_pid(&s->pool->workers[i].process);
        kill(pid, sig);
        while (sig == SIGSTOP && state_of(pid) != 'T') {
            usleep(20);
        }
    }
}

static void begin(scene *s, int workers)
{
    s->pool = mp_pool_new(.processes = workers, .maxtasksperchild = maxtasks);
    ck_assert_msg(s->pool != NULL, "%s", mp_error());
    s->pool->board->spins = 1;  // each is some instructions
    wait_until_all_sleep(s->pool);
    s->pid = mp_process_pid(&s->pool->workers[0].process);
    s->serial = s->pool->workers[0].serial;
    s->claimed = -1;
    for (int i = 0; i < ITEMS; i++) {
        s->numbers[i] = i + 3;
        s->squares[i] = -1;
    }
}

static void end(scene *s)
{
    must(mp_pool_close(s->pool));
    must(mp_pool_join(s->pool));
    mp_pool_free(s->pool);
}

// Checks the workers now, and not only after a beat.
static void check_workers(mp_pool *pool)
{
    must(mp_pool_lock(pool));
    pool->checked = 0;
    must(mp_pool_check_workers(pool));
    pthread_mutex_unlock(&pool->lock);
}

// Posts the job, and lets the worker go `steps` instructions. Returns false if
// the system does not let us trace.
static bool step(scene *s, int steps, enum fate fate)
{
    int status;
    shared[STATE] = shared[STEPS] = shared[ASLEEP] = 0;
    signal_others(s, SIGSTOP);
    pid_t tracer = fork();
    if (tracer == 0) {
        trace(s->pid, steps, fate);
    }
    while (shared[STATE] == 0) {
        usleep(20);
    }
    if (shared[STATE] == READY) {
        s->result = mp_pool_map_async(s->pool, square, MP_ITEMS(s->numbers),
                                      .result_size = sizeof(long),
                                      .chunksize = 1);
        ck_assert_msg(s->result != NULL, "%s", mp_error());
    }
    waitpid(tracer, &status, 0);
    ck_assert_int_eq(status, 0);
    for (int i = 0; shared[STATE] == READY && i < ITEMS; i++) {
        if (atomic_load(&s->result->row[i].word) ==
            mp_chunk_word(1, s->serial, MP_CHUNK_CLAIMED)) {
            ck_assert_int_eq(s->claimed, -1);
            s->claimed = i;
        }
    }
    signal_others(s, SIGCONT);
    return shared[STATE] == READY;
}

// ---- what must be so ------------------------------------------------------

// Gets the results: all are right, but the one that a killed worker had.
static void expect_results(scene *s, int lost)
{
    mp_pool_failure failure;
    errno = 0;
    int got = mp_async_result_get(s->result, s->squares, patience(5));
    ck_assert_msg(got == 0 || errno != ETIMEDOUT, "%s, at instruction %d",
                  mp_error(), shared[STEPS]);
    ck_assert_int_eq(got, lost == -1 ? 0 : -1);
    if (lost != -1) {
        ck_assert_int_eq(errno, ECHILD);
        must(mp_async_result_failure(s->result, 0, &failure));
        ck_assert_int_eq((int)failure.first, lost);
        ck_assert_int_eq((int)failure.count, 1);
        ck_assert_int_eq(failure.status, -SIGKILL);
        ck_assert_int_eq(failure.worker, s->pid);
    }
    ck_assert_int_eq(mp_async_result_failure(s->result, lost != -1, &failure),
                     -1);
    for (int i = 0; i < ITEMS; i++) {
        ck_assert_int_eq(s->squares[i],
                         i == lost ? -1 : s->numbers[i] * s->numbers[i]);
    }
    mp_async_result_free(s->result);
}

static void expect_a_sound_pool(mp_pool *pool)
{
    long numbers[7], squares[7];
    for (int i = 0; i < 7; i++) {
        numbers[i] = i;
        squares[i] = -1;
    }
    must(mp_pool_map(pool, square, MP_ITEMS(numbers), MP_RESULTS(squares),
                     .chunksize = 2));
    for (int i = 0; i < 7; i++) {
        ck_assert_int_eq(squares[i], i * i);
    }
}

// All that others can do is done, without the one that was stopped.
static void expect_others_to_finish(const scene *s)
{
    double before = mp_clock_now();
    for (int i = 0; i < ITEMS; i++) {
        while (i != s->claimed &&
               mp_chunk_state(atomic_load(&s->result->row[i].word)) !=
                   MP_CHUNK_DONE) {
            ck_assert_msg(mp_clock_now() - before < patience(5),
                          "item %d waits, at instruction %d", i,
                          shared[STEPS]);
            usleep(20);
        }
    }
    ck_assert_int_eq(mp_async_result_ready(s->result), s->claimed == -1);
}

// ---- at every instruction -------------------------------------------------

static bool kill_at(int steps, int workers)
{
    scene s;
    begin(&s, workers);
    bool may = step(&s, steps, KILLED);
    if (may) {
        if (workers > 1 && maxtasks == 0) {
            expect_others_to_finish(&s);
        }
        if (steps % 8 != 0) {  // now and then get finds out by itself
            check_workers(s.pool);
        }
        expect_results(&s, s.claimed);
        expect_a_sound_pool(s.pool);
    }
    end(&s);
    return may;
}

static bool stop_and_kill_at(int steps, int workers)
{
    scene s;
    begin(&s, workers);
    bool may = step(&s, steps, STOPPED);
    if (may) {
        if (workers > 1) {
            expect_others_to_finish(&s);
        }
        ck_assert_int_eq(kill(s.pid, SIGKILL), 0);
        waitid(P_PID, (id_t)s.pid, &(siginfo_t){ 0 }, WEXITED | WNOWAIT);
        check_workers(s.pool);
        expect_results(&s, s.claimed);
        expect_a_sound_pool(s.pool);
    }
    end(&s);
    return may;
}

// While it is stopped, others do more jobs, some in the same places in memory.
// It must not take part in them with what it believes.
static bool pause_at(int steps, int workers)
{
    scene s;
    begin(&s, workers);
    bool may = step(&s, steps, STOPPED);
    if (may) {
        for (int i = 0; i < 3 && workers > 1; i++) {
            expect_a_sound_pool(s.pool);
        }
        kill(s.pid, SIGCONT);
        expect_a_sound_pool(s.pool);
        expect_results(&s, -1);
        expect_a_sound_pool(s.pool);
        ck_assert_int_eq(s.pool->workers[0].serial == s.serial,
                         !shared[ASLEEP]);
    }
    end(&s);
    return may;
}

// From 0 on, until the worker is asleep again when it is held.
static void at_every_instruction(bool (*hold_at)(int, int), int workers,
                                 const char *what)
{
    const int stride = how_many(in_full() ? 5 : TEST_STRIDE, SOAK_STRIDE) +
                       30 * maxtasks;  // the end of a process is long
    int steps = 0;
    do {
        if (!hold_at(steps, workers)) {
            printf("the system does not let us trace\n");
            return;
        }
        steps += stride;
    } while (!shared[ASLEEP]);
    ck_assert_int_ge(shared[STEPS], 50);
    printf("%d worker%s: %s at each of %d instructions, in steps of %d\n",
           workers, workers > 1 ? "s" : "", what, shared[STEPS], stride);
}

START_TEST(the_only_worker_may_be_killed_at_any_instruction)
{
    at_every_instruction(kill_at, 1, "killed");
}
END_TEST

START_TEST(one_of_two_workers_may_be_killed_at_any_instruction)
{
    at_every_instruction(kill_at, 2, "killed");
}
END_TEST

START_TEST(the_only_worker_may_be_stopped_and_killed_at_any_instruction)
{
    at_every_instruction(stop_and_kill_at, 1, "stopped, then killed,");
}
END_TEST

START_TEST(a_worker_stopped_at_any_instruction_holds_up_its_own_item_alone)
{
    at_every_instruction(stop_and_kill_at, 2, "stopped, then killed,");
}
END_TEST

START_TEST(a_worker_that_pauses_at_any_instruction_spoils_no_later_job)
{
    at_every_instruction(pause_at, 2, "paused");
}
END_TEST

#ifndef UNIT_SANITIZED
START_TEST(a_worker_may_be_killed_on_its_way_out)
{
    maxtasks = 1;
    at_every_instruction(kill_at, 1, "killed on its way out");
    at_every_instruction(kill_at, 2, "killed on its way out");
}
END_TEST
#endif

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    // Hundreds of pools in one test, and perhaps other tests beside it.
    unit_deadline(240);
    fact(FORK, the_only_worker_may_be_killed_at_any_instruction);
    fact(FORK, one_of_two_workers_may_be_killed_at_any_instruction);
    fact(FORK, the_only_worker_may_be_stopped_and_killed_at_any_instruction);
    fact(FORK, a_worker_stopped_at_any_instruction_holds_up_its_own_item_alone);
    fact(FORK, a_worker_that_pauses_at_any_instruction_spoils_no_later_job);
#ifndef UNIT_SANITIZED  // LeakSanitizer traces a process at its end itself
    fact(FORK, a_worker_may_be_killed_on_its_way_out);
#endif
    return unit_main("pool steps");
}
