#include "base/platform.h"

#include "byhand.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>

#include "bench.h"
#include "base/error.h"
#include "square.h"

// ---- for both -------------------------------------------------------------

byhand_chunk byhand_cut(int64_t n, int64_t number)
{
    int64_t length = (n + BYHAND_CHUNKS - 1) / BYHAND_CHUNKS;
    int64_t first = number * length;
    first = first < n ? first : n;
    int64_t left = n - first;
    return (byhand_chunk){ first, left < length ? left : length };
}

// Called through a pointer that the compiler cannot see through, as the pool
// calls it.
bool byhand_square(const int64_t *items, int64_t *results, int64_t count)
{
    int (*volatile chosen)(const void *, void *) = square;
    int (*function)(const void *, void *) = chosen;
    for (int64_t i = 0; i < count; i++) {
        if (function(&items[i], &results[i]) != 0) {
            return false;
        }
    }
    return true;
}

pid_t byhand_fork(void)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == -1) {
        mp_fail(errno, "cannot fork: %s", strerror(errno));
    }
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) {
            _exit(1);
        }
    }
    return pid;
}

void byhand_kill(pid_t *worker)
{
    if (*worker > 0) {
        kill(*worker, SIGKILL);
        waitpid(*worker, NULL, 0);
    }
    *worker = 0;
}

// ---- by futex -------------------------------------------------------------

// The counters are of chunks, over all maps, and only grow. `claimed` never
// overtakes `posted`: as long as they differ there is a chunk to claim. A map's
// arrays stay as they are until all of its chunks are done, so who has claimed
// one may read them.
typedef struct {
    items_arrays arrays;
    _Alignas(64) _Atomic uint32_t posted;   // workers sleep on it
    _Alignas(64) _Atomic uint32_t claimed;
    _Alignas(64) _Atomic uint32_t done;     // the parent sleeps on it
    _Atomic bool failed;
} table;

static table *on;
static pid_t workers[BYHAND_WORKERS];

static void sleep_on(_Atomic uint32_t *word, uint32_t seen)
{
    syscall(SYS_futex, word, MP_FUTEX_WAIT, seen, NULL, NULL, 0);
}

static void wake(_Atomic uint32_t *word, int count)
{
    syscall(SYS_futex, word, MP_FUTEX_WAKE, count, NULL, NULL, 0);
}

// The number of a chunk that is now ours. `claimed` is read first: what is
// posted afterwards only makes the two differ the more.
static uint32_t claim(void)
{
    for (;;) {
        uint32_t next = atomic_load(&on->claimed);
        uint32_t posted = atomic_load(&on->posted);
        if (next == posted) {
            sleep_on(&on->posted, posted);
        } else if (atomic_compare_exchange_weak(&on->claimed, &next,
                                                next + 1)) {
            return next;
        }
    }
}

// Who does the last chunk of a map tells the parent. Before the first chunk of
// new arrays it touches them all: the next map may give it any other.
static _Noreturn void serve(void)
{
    items_arrays known = { .n = 0 };
    for (;;) {
        uint32_t number = claim() % BYHAND_CHUNKS;
        const items_arrays *a = &on->arrays;
        if (a->items != known.items || a->n != known.n) {
            items_touch(a);
            known = *a;
        }
        byhand_chunk chunk = byhand_cut(a->n, number);
        if (!byhand_square(a->items + chunk.first, a->results + chunk.first,
                           chunk.count)) {
            atomic_store(&on->failed, true);
        }
        uint32_t done = atomic_fetch_add(&on->done, 1) + 1;
        if (done % BYHAND_CHUNKS == 0) {
            wake(&on->done, 1);
        }
    }
}

static int start(void)
{
    if (on == NULL) {
        void *memory = mmap(NULL, sizeof *on, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) {
            return mp_fail(errno, "no shared memory: %s", strerror(errno));
        }
        on = memory;
    }
    for (int i = 0; i < BYHAND_WORKERS; i++) {
        workers[i] = workers[i] == 0 ? byhand_fork() : workers[i];
        if (workers[i] == 0) {
            serve();
        }
        if (workers[i] == -1) {
            workers[i] = 0;
            return -1;
        }
    }
    return 0;
}

int64_t byhand_futex(const items_arrays *a)
{
    if (start() == -1) {
        return -1;
    }
    int64_t begin = bench_now();
    on->arrays = *a;
    uint32_t all = atomic_fetch_add(&on->posted, BYHAND_CHUNKS) + BYHAND_CHUNKS;
    wake(&on->posted, BYHAND_WORKERS);
    uint32_t done;
    while ((done = atomic_load(&on->done)) != all) {
        sleep_on(&on->done, done);
    }
    if (atomic_load(&on->failed)) {
        return mp_fail(EPROTO, "a worker of the map by futex has failed");
    }
    return bench_now() - begin;
}

void byhand_end(void)
{
    byhand_pipe_end();
    for (int i = 0; i < BYHAND_WORKERS; i++) {
        byhand_kill(&workers[i]);
    }
    if (on != NULL) {
        munmap(on, sizeof *on);
    }
    on = NULL;
}
