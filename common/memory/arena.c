#include "base/platform.h"

#include "memory/arena.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "base/error.h"
#include "base/descriptors.h"

// ---- the arena ------------------------------------------------------------

// Where it is put: addresses that no kernel gives by itself to programs, their
// libraries or stacks, on 47 and on 39 bits. And how much of it there is: only
// pages that are used cost memory.
static const uintptr_t places[] = { 0x200000000000, 0x280000000000,
                                    0x2000000000 };
enum { PLACES = sizeof places / sizeof *places };
static const size_t sizes[] = { (size_t)64 << 30, (size_t)8 << 30,
                                (size_t)1 << 30, (size_t)128 << 20 };

// The beginning of the arena, seen by all.
typedef struct {
    _Atomic size_t used;  // bytes from the beginning that somebody has taken
} heading;

static struct {
    pthread_mutex_t mutex;
    mp_shm_arena arena;
    heading *head;
} shm = { .mutex = PTHREAD_MUTEX_INITIALIZER, .arena = { .fd = -1 } };

static heading *map(const mp_shm_arena *arena)
{
    void *wanted = (void *)arena->address;
    void *got = mmap(wanted, arena->size, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_NORESERVE | MP_MAP_FIXED_NOREPLACE,
                     arena->fd, 0);
    if (got != MAP_FAILED && got != wanted) {
        munmap(got, arena->size);  // a kernel that takes it for a hint
        errno = EEXIST;
        return NULL;
    }
    if (got == MAP_FAILED) {
        return NULL;
    }
    // Without this, a process that crashes writes all of it to its core.
    madvise(got, arena->size, MADV_DONTDUMP);
    return got;
}

// Call with the lock held. The largest that address space and limits allow. Its
// size is never changed: who made the file smaller would zero what others use.
static int make_arena(void)
{
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        mp_shm_arena arena = { .fd = mp_memory_file(sizes[i]),
                               .size = sizes[i] };
        for (size_t j = 0; arena.fd != -1 && j < PLACES; j++) {
            arena.address = places[j];
            shm.head = map(&arena);
            if (shm.head != NULL) {
                shm.arena = arena;
                shm.head->used = sizeof *shm.head;
                return 0;
            }
        }
        int error = errno;
        close(arena.fd);
        errno = error;
    }
    return mp_fail(ENOMEM, "no shared memory: %s", strerror(errno));
}

mp_shm_arena mp_shm_get_arena(void)
{
    return shm.arena;
}

int mp_shm_open_arena(const mp_shm_arena *arena)
{
    if (shm.head != NULL) {  // what main had made above mp_main: nobody's now
        munmap(shm.head, shm.arena.size);
        close(shm.arena.fd);
    }
    shm.arena = *arena;
    shm.head = map(arena);
    if (shm.head == NULL) {
        return mp_fail(errno, "no shared memory at its address %#lx: %s",
                       (unsigned long)arena->address, strerror(errno));
    }
    return 0;
}

bool mp_shm_holds(const void *memory, size_t size)
{
    uintptr_t from = (uintptr_t)memory - shm.arena.address;
    return shm.head != NULL && from < shm.arena.size &&
           size <= shm.arena.size - from;
}

// ---- blocks ---------------------------------------------------------------

// A block has a power of two as its size, and begins with this. Which blocks
// are free is known to their owner alone, in memory of its own: a process that
// is killed holds no lock, and leaves no list half written.
typedef struct {
    uint32_t magic;
    uint32_t rank;  // 2 to the power of rank bytes, with this
    pid_t owner;
} block;

enum { MAGIC = 0x6d705348, LEAST = 5, RANKS = 48, HEAD = 16 };

static struct {
    block **blocks;
    size_t count, room;
} spare[RANKS];

// Small blocks are cut from a piece that is taken from the arena at once.
static char *piece, *piece_end;
enum { PIECE = 1 << 16 };

static void lock(void)
{
    pthread_mutex_lock(&shm.mutex);
}

static void unlock(void)
{
    pthread_mutex_unlock(&shm.mutex);
}

// The spare blocks are the parent's, and so is the rest of its piece.
static void after_fork_in_child(void)
{
    for (int rank = 0; rank < RANKS; rank++) {
        spare[rank].count = 0;
    }
    piece = piece_end = NULL;
    unlock();
}

static void prepare(void)
{
    pthread_atfork(lock, unlock, after_fork_in_child);
}

// From the part of the arena that nobody has used yet. NULL if it is full.
static char *take(size_t size)
{
    size_t at = atomic_load(&shm.head->used), from;
    do {
        from = (at + 63) / 64 * 64;
        if (size > shm.arena.size || from > shm.arena.size - size) {
            mp_fail(ENOMEM, "no shared memory: all of it is in use");
            return NULL;
        }
    } while (!atomic_compare_exchange_weak(&shm.head->used, &at, from + size));
    return (char *)shm.arena.address + from;
}

static block *new_block(unsigned rank)
{
    size_t size = (size_t)1 << rank;
    if (size > PIECE / 4) {
        return (block *)take(size);
    }
    if ((size_t)(piece_end - piece) < size) {
        char *next = take(PIECE);
        if (next == NULL) {
            return NULL;
        }
        piece = next;
        piece_end = next + PIECE;
    }
    piece += size;
    return (block *)(piece - size);
}

static block *find_block(unsigned rank)
{
    if (shm.head == NULL && make_arena() == -1) {
        return NULL;
    }
    if (spare[rank].count > 0) {
        return spare[rank].blocks[--spare[rank].count];
    }
    return new_block(rank);
}

void *mp_shm_alloc(size_t size)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, prepare);
    unsigned rank = LEAST;
    while (rank < RANKS - 1 && ((size_t)1 << rank) - HEAD < size) {
        rank++;
    }
    lock();
    block *found = find_block(rank);
    unlock();
    if (found == NULL) {
        return NULL;
    }
    *found = (block){ .magic = MAGIC, .rank = rank, .owner = getpid() };
    return (char *)found + HEAD;
}

// If there is no memory for the list, the block is lost, which harms nobody.
void mp_shm_free(void *memory)
{
    block *freed = (block *)((uintptr_t)memory - HEAD);
    if (memory == NULL || !mp_shm_holds(freed, HEAD) || freed->magic != MAGIC ||
        freed->owner != getpid()) {
        return;
    }
    lock();
    unsigned rank = freed->rank;
    if (spare[rank].count == spare[rank].room) {
        size_t room = spare[rank].room * 2 + 16;
        block **blocks = realloc(spare[rank].blocks, room * sizeof *blocks);
        if (blocks == NULL) {
            unlock();
            return;
        }
        spare[rank].blocks = blocks;
        spare[rank].room = room;
    }
    freed->magic = 0;
    spare[rank].blocks[spare[rank].count++] = freed;
    unlock();
}

void mp_shm_populate(void *memory, size_t size)
{
    const size_t worth_while = 64 * 1024;
    if (size < worth_while) {
        return;
    }
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t begin = ((uintptr_t)memory + page - 1) / page * page;
    uintptr_t end = ((uintptr_t)memory + size) / page * page;
    unsigned char there = 0;
    if (begin < end && mincore((void *)begin, page, &there) == 0 &&
        (there & 1) == 0) {
        madvise((void *)begin, end - begin, MP_MADV_POPULATE_WRITE);
    }
}
