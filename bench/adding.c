#include "base/platform.h"

#include "adding.h"

#include <errno.h>
#include <pthread.h>

#include "bench.h"
#include "mp.h"
#include "ways.h"

// Compilers know that 0 + 1 + .. + n-1 is n(n-1)/2. At -O2 clang replaces this
// loop by that formula, and gcc by its result wherever it knows n: then we
// would measure nothing. The empty assembler statement prevents it. It has no
// instructions, but it tells the compiler that `add` is read and changed there
// in a way that it cannot see. So each round of the loop must really make its
// addition, in a register, before the next may begin. The price: the compiler
// may not make several additions at once either, with vector instructions. We
// measure one addition after the other, as written.
//
// It is never inlined, so that every mode runs the very same instructions.
__attribute__((noinline)) static uint64_t sum(int64_t from, int64_t to)
{
    uint64_t add = 0;
    for (int64_t i = from; i < to; i++) {
        add += (uint64_t)i;
        __asm__ volatile("" : "+r"(add));
    }
    return add;
}

// The sum of 0 .. n-1.
static uint64_t formula(int64_t n)
{
    return (uint64_t)n * (uint64_t)(n - 1) / 2;
}

static int sum_checked(const adding_part *part)
{
    if (sum(part->from, part->to) != formula(part->to) - formula(part->from)) {
        return mp_fail(ERANGE, "the sum of %lld .. %lld - 1 came out wrong",
                       (long long)part->from, (long long)part->to);
    }
    return 0;
}

int64_t adding_alone(const adding_part *parts, int64_t count)
{
    int64_t begin = bench_now();
    for (int64_t i = 0; i < count; i++) {
        if (sum_checked(&parts[i]) == -1) {
            return -1;
        }
    }
    return bench_now() - begin;
}

// ---- by processes ---------------------------------------------------------

static int child(void *args)
{
    return sum_checked(args) == -1 ? 1 : 0;
}

// Returns how many processes run, which are all unless one failed.
static int64_t start_all(mp_process *started, const adding_part *parts,
                         int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        if (mp_process_init(&started[i], .target = child, MP_ARGS(parts[i]),
                            .context = mp_get_context("fork")) == -1) {
            return i;
        }
        if (mp_process_start(&started[i]) == -1) {
            mp_process_close(&started[i]);
            return i;
        }
    }
    return count;
}

static int join_checked(mp_process *process)
{
    if (mp_process_join(process, MP_FOREVER) == -1) {
        return -1;
    }
    int exitcode = mp_process_exitcode(process);
    if (mp_process_close(process) == -1) {
        return -1;
    }
    if (exitcode != 0) {
        return mp_fail(ECHILD, "a child ended with exit code %d", exitcode);
    }
    return 0;
}

// What has been started is joined, whatever else fails.
int64_t adding_by_processes(const adding_part *parts, int64_t count)
{
    mp_process *started = malloc((size_t)count * sizeof *started);
    if (started == NULL) {
        return mp_fail(ENOMEM, "no memory for %lld processes",
                       (long long)count);
    }
    int64_t begin = bench_now();
    int64_t running = start_all(started, parts, count);
    int result = running == count ? 0 : -1;
    for (int64_t i = 0; i < running; i++) {
        if (join_checked(&started[i]) == -1) {
            result = -1;
        }
    }
    int64_t took = bench_now() - begin;
    free(started);
    return result == -1 ? -1 : took;
}

// ---- by threads -----------------------------------------------------------

typedef struct {
    pthread_t id;
    const adding_part *part;
    int result;
} thread;

static void *in_thread(void *args)
{
    thread *self = args;
    self->result = sum_checked(self->part);
    return NULL;
}

// For the function without parameters.
static const adding_part *thread_parts;
static int64_t thread_count;

static int start_and_join(void)
{
    int64_t running = 0;
    int result = 0;
    thread *started = malloc((size_t)thread_count * sizeof *started);
    if (started == NULL) {
        return mp_fail(ENOMEM, "no memory for %lld threads",
                       (long long)thread_count);
    }
    for (; running < thread_count; running++) {
        thread *next = &started[running];
        next->part = &thread_parts[running];
        if (pthread_create(&next->id, NULL, in_thread, next) != 0) {
            result = mp_fail(EAGAIN, "cannot start a thread");
            break;
        }
    }
    for (int64_t i = 0; i < running; i++) {
        pthread_join(started[i].id, NULL);
        result = started[i].result == -1 ? -1 : result;
    }
    free(started);
    return result;
}

int64_t adding_by_threads(const adding_part *parts, int64_t count)
{
    thread_parts = parts;
    thread_count = count;
    return ways_mean_apart(start_and_join, 1);
}
