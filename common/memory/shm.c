#include "base/platform.h"

#include "memory/shm.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/error.h"
#include "base/pid.h"
#include "memory/arena.h"

// A block is 2 to the power of `rank` bytes, of which this is the first line.
// The program's memory begins at the next.
enum { LINE = 64, LEAST_RANK = 7, RANKS = 40, BLOCKS = 1 << 20 };
typedef struct block {
    _Alignas(LINE) _Atomic uintptr_t owner;  // a block's address; 0: free
    uint32_t rank;
    bool in_use;         // if not, its owner keeps it for later calls
    struct block *next;  // of those that its owner keeps
} block;

// The beginning of the arena, seen by all.
typedef struct {
    _Alignas(LINE) _Atomic size_t used;  // bytes that are blocks, and this
    _Atomic uint32_t count;         // entries of `blocks`
    _Atomic uint32_t free[RANKS];   // how many free blocks there are, a hint
    block *_Atomic blocks[BLOCKS];  // all there are; NULL: not yet, or never
} heading;

// This process's own. What it keeps for later calls is known to it alone.
static struct {
    pthread_mutex_t mutex;
    heading *head;        // the beginning of the arena; NULL: there is none yet
    block *owner;         // of what this process allocates
    unsigned generation;  // of the process (pid.h) that this is true of
    block *kept[RANKS];
} shm = { .mutex = PTHREAD_MUTEX_INITIALIZER };

// ---- blocks ---------------------------------------------------------------

// A new block, which belongs to `owner`, or to itself for NULL. If the process
// is killed in here, some bytes or an entry are never used.
static block *new_block(unsigned rank, block *owner)
{
    mp_shm_arena arena = mp_shm_get_arena();
    size_t size = (size_t)1 << rank;
    size_t at = atomic_load(&shm.head->used);
    do {
        if (size > arena.size - at) {
            return NULL;
        }
    } while (!atomic_compare_exchange_weak(&shm.head->used, &at, at + size));
    uint32_t index = atomic_fetch_add(&shm.head->count, 1);
    if (index >= BLOCKS) {
        atomic_store(&shm.head->count, BLOCKS);
        return NULL;
    }
    block *new = (block *)(arena.address + at);
    new->rank = rank;
    atomic_store(&new->owner, (uintptr_t)(owner != NULL ? owner : new));
    atomic_store(&shm.head->blocks[index], new);
    return new;
}

// A block that its owner has left, or a new one.
static block *take_block(unsigned rank, block *owner)
{
    uint32_t hint = atomic_load(&shm.head->free[rank]);
    for (uint32_t i = 0; hint > 0 && i < atomic_load(&shm.head->count); i++) {
        block *found = atomic_load(&shm.head->blocks[i]);
        uintptr_t none = 0;
        if (found != NULL && found->rank == rank &&
            atomic_compare_exchange_strong(&found->owner, &none,
                                           (uintptr_t)owner)) {
            atomic_fetch_sub(&shm.head->free[rank], 1);
            return found;
        }
    }
    atomic_compare_exchange_strong(&shm.head->free[rank], &hint, 0);
    return new_block(rank, owner);
}

// The first process, and the child of a raw fork, are owners of their own.
static block *own(void)
{
    if (shm.owner == NULL || shm.generation != mp_own_generation()) {
        memset(shm.kept, 0, sizeof shm.kept);  // the original's
        shm.generation = mp_own_generation();
        shm.owner = new_block(LEAST_RANK, NULL);
    }
    return shm.owner;
}

static block *find_block(unsigned rank)
{
    size_t nothing = 0;
    if (mp_shm_make_arena() == -1) {
        return NULL;
    }
    shm.head = (heading *)mp_shm_get_arena().address;
    atomic_compare_exchange_strong(&shm.head->used, &nothing, sizeof *shm.head);
    block *owner = own(), *found = owner != NULL ? shm.kept[rank] : NULL;
    if (found != NULL) {
        shm.kept[rank] = found->next;
    } else if (owner != NULL) {
        found = take_block(rank, owner);
    }
    if (found == NULL) {
        mp_fail(ENOMEM, "no shared memory: all of it is in use");
        return NULL;
    }
    found->in_use = true;
    return found;
}

static void lock(void)
{
    pthread_mutex_lock(&shm.mutex);
}

static void unlock(void)
{
    pthread_mutex_unlock(&shm.mutex);
}

// Around each fork(3): no child begins with a lock that nobody releases.
static void prepare(void)
{
    pthread_atfork(lock, unlock, unlock);
}

void *mp_shm_alloc(size_t size)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, prepare);
    unsigned rank = LEAST_RANK;
    while (rank < RANKS - 1 && ((size_t)1 << rank) - LINE < size) {
        rank++;
    }
    lock();
    block *found = find_block(rank);
    unlock();
    return found != NULL ? (char *)found + LINE : NULL;
}

void *mp_shm_new(size_t count, size_t size, const void *initial)
{
    size_t bytes = count <= SIZE_MAX / size ? count * size : SIZE_MAX;
    void *memory = mp_shm_alloc(bytes);
    return memory == NULL    ? NULL
           : initial != NULL ? memcpy(memory, initial, bytes)
                             : memset(memory, 0, bytes);
}

void mp_shm_free(void *memory)
{
    block *freed = (block *)((uintptr_t)memory - LINE);
    if (memory == NULL || !mp_shm_holds(freed, LINE)) {
        return;
    }
    lock();
    if (freed->in_use && atomic_load(&freed->owner) == (uintptr_t)own()) {
        freed->in_use = false;
        freed->next = shm.kept[freed->rank];
        shm.kept[freed->rank] = freed;
    }
    unlock();
}

// ---- owners ---------------------------------------------------------------

void mp_shm_give(void *memory, const void *other)
{
    heading *head = (heading *)mp_shm_get_arena().address;
    block *given = (block *)((char *)memory - LINE);
    block *like = (block *)((uintptr_t)other - LINE);
    if (other == NULL) {
        atomic_store(&given->owner, 0);
        atomic_fetch_add(&head->free[given->rank], 1);
    } else {
        atomic_store(&given->owner, given == like ? (uintptr_t)given
                                                  : atomic_load(&like->owner));
    }
}

void mp_shm_begin_owner(void *memory)
{
    shm.owner = (block *)((char *)memory - LINE);
    shm.generation = mp_own_generation();
    memset(shm.kept, 0, sizeof shm.kept);
}

static void give_back(block *left)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    // All pages but the first, which has the block's word.
    uintptr_t from = ((uintptr_t)left / page + 1) * page;
    uintptr_t end = ((uintptr_t)left + ((size_t)1 << left->rank)) / page * page;
    if (from < end) {
        madvise((void *)from, end - from, MADV_REMOVE);
    }
    mp_shm_give((char *)left + LINE, NULL);
}

// A child of the dead process may still live: its blocks are its own, and stay.
void mp_shm_end_owner(void *memory)
{
    block *owner = (block *)((char *)memory - LINE);
    atomic_store(&owner->owner, (uintptr_t)own());
    for (uint32_t i = 0; i < atomic_load(&shm.head->count); i++) {
        block *left = atomic_load(&shm.head->blocks[i]);
        if (left != NULL && atomic_load(&left->owner) == (uintptr_t)owner) {
            give_back(left);
        }
    }
}
