#include "base/platform.h"

#include "memory/arena.h"

#include <string.h>
#include <sys/resource.h>

#include "base/error.h"

// Where the arena is put: addresses that no kernel gives by itself to programs,
// their libraries or stacks, on 47 and on 39 bits. Only used pages cost memory.
static const uintptr_t addresses[] = { 0x200000000000, 0x280000000000,
                                       0x2000000000 };
static const size_t sizes[] = { (size_t)64 << 30, (size_t)8 << 30,
                                (size_t)1 << 30, (size_t)128 << 20 };
enum { ADDRESSES = 3, SIZES = 4 };

static mp_shm_arena here = { .fd = -1 };

static bool map(const mp_shm_arena *arena, int protection)
{
    void *got = mmap((void *)arena->address, arena->size, protection,
                     MAP_SHARED | MAP_NORESERVE | MP_MAP_FIXED_NOREPLACE,
                     arena->fd, 0);
    // Without this, a process that crashes writes all of it to its core.
    return got != MAP_FAILED &&
           madvise(got, arena->size, MADV_DONTDUMP) == 0;
}

// A file of zeros without a name. Above the limit of `ulimit -f` it fails with
// EFBIG, and without the signal SIGXFSZ.
static int make_file(size_t size)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && size > limit.rlim_cur) {
        errno = EFBIG;
        return -1;
    }
    int fd = mp_fd_raise(memfd_create("multiprocessing", MFD_CLOEXEC));
    if (fd != -1 && ftruncate(fd, (off_t)size) == -1) {
        close(fd);
        return -1;
    }
    return fd;
}

// The largest that address space and limits allow. Its size is never changed: a
// smaller file would zero what others use.
int mp_shm_make_arena(void)
{
    int error = 0;
    if (here.fd != -1) {
        return 0;
    }
    for (int i = 0; i < SIZES; i++) {
        mp_shm_arena arena = { .fd = make_file(sizes[i]), .size = sizes[i] };
        error = errno;
        for (int j = 0; arena.fd != -1 && j < ADDRESSES; j++) {
            arena.address = addresses[j];
            // mlockall(2) with MCL_FUTURE would bring in all pages of a new
            // mapping, but not while nothing may be read there.
            if (map(&arena, PROT_NONE)) {
                here = arena;
                munlock((void *)here.address, here.size);
                return mprotect((void *)here.address, here.size,
                                PROT_READ | PROT_WRITE);
            }
            error = errno;
        }
        close(arena.fd);
    }
    return mp_fail(ENOMEM, "no shared memory: %s", strerror(error));
}

mp_shm_arena mp_shm_get_arena(void)
{
    return here;
}

int mp_shm_open_arena(const mp_shm_arena *arena)
{
    if (here.fd != -1) {  // what main had made above mp_main: nobody's now
        munmap((void *)here.address, here.size);
        close(here.fd);
    }
    here = *arena;
    if (!map(arena, PROT_READ | PROT_WRITE)) {
        return mp_fail(errno, "no shared memory at its address %#lx: %s",
                       (unsigned long)arena->address, strerror(errno));
    }
    return 0;
}

bool mp_shm_holds(const void *memory, size_t size)
{
    uintptr_t from = (uintptr_t)memory - here.address;
    return here.fd != -1 && from < here.size && size <= here.size - from;
}
