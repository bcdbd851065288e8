#include "base/platform.h"

#include "base/pid.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

// In the page that each copy finds empty.
typedef struct {
    _Atomic unsigned generation;  // 0 in a new copy
    _Atomic pid_t pid;
} identity;

static identity *page;

// Where the kernel gives no such page, this stands in for it, and is emptied
// around fork(3) alone.
static identity substitute;

// Copied as it is: in a new copy it is its original's, or higher.
static _Atomic unsigned last_generation;

static void empty_substitute(void)
{
    atomic_store(&substitute.generation, 0);
}

static void prepare(void)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    page = mmap(NULL, size, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || madvise(page, size, MADV_WIPEONFORK) == -1) {
        page = &substitute;
        pthread_atfork(NULL, NULL, empty_substitute);
    }
}

// Several threads may be the first to ask: one of them sets the generation, and
// all read the same pid.
static identity *own(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, prepare);
    if (atomic_load(&page->generation) == 0) {
        unsigned none = 0, next = atomic_fetch_add(&last_generation, 1) + 1;
        atomic_store(&page->pid, getpid());
        atomic_compare_exchange_strong(&page->generation, &none, next);
    }
    return page;
}

pid_t mp_own_pid(void)
{
    return atomic_load(&own()->pid);
}

unsigned mp_own_generation(void)
{
    return atomic_load(&own()->generation);
}

const _Atomic unsigned *mp_own_generation_word(void)
{
    return &own()->generation;
}
