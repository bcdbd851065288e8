#include "base/platform.h"

#include "resident.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "base/error.h"

#define MIB ((size_t)1 << 20)

// Huge pages are that large, or a part of it, on the machines we know; where
// they are larger, they count as absent.
#define ALIGNMENT (2 * MIB)

// It grows by one mapping at a time: a single one would have to be moved, away
// from the boundaries at which huge pages lie.
enum { MOST_MAPPINGS = 32 };

static struct {
    bool huge;
    int64_t size;  // MiB
    struct {
        void *start;
        size_t length;
    } mappings[MOST_MAPPINGS];
    int count;
} held;

void resident_release(void)
{
    while (held.count > 0) {
        held.count--;
        munmap(held.mappings[held.count].start,
               held.mappings[held.count].length);
    }
    held.size = 0;
}

static void write_to_each_page(char *from, size_t length)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t at = 0; at < length; at += page) {
        ((volatile char *)from)[at] = 1;
    }
}

// A little more is mapped than is used, so that it can begin at a boundary.
static int add(size_t length)
{
    size_t mapped = length + ALIGNMENT;
    char *start = MAP_FAILED;
    if (held.count < MOST_MAPPINGS) {
        start = mmap(NULL, mapped, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    if (start == MAP_FAILED) {
        return mp_fail(ENOMEM, "cannot map %zu MiB of memory", length / MIB);
    }
    held.mappings[held.count].start = start;
    held.mappings[held.count].length = mapped;
    held.count++;
    char *from = start + (ALIGNMENT - (uintptr_t)start % ALIGNMENT);
    // A kernel without huge pages refuses both, and has only small ones.
    int advice = held.huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE;
    if (madvise(from, length, advice) == -1 && held.huge) {
        return mp_fail(EINVAL, "cannot have huge pages: %s", strerror(errno));
    }
    write_to_each_page(from, length);
    held.size += (int64_t)(length / MIB);
    return 0;
}

int resident_hold(int64_t size, bool huge)
{
    if (huge != held.huge || size < held.size) {
        resident_release();
    }
    held.huge = huge;
    return size == held.size ? 0 : add((size_t)(size - held.size) * MIB);
}

// ---- what the machine has -------------------------------------------------

// The number behind `key` in a file whose lines begin with keys, or with the
// key "" the number that is all of the file; -1 where there is none.
static int64_t number_in(const char *path, const char *key)
{
    FILE *file = fopen(path, "r");
    char line[256];
    int64_t number = -1;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        size_t length = strlen(key);
        if (strncmp(line, key, length) == 0 &&
            sscanf(line + length, "%" SCNd64, &number) == 1) {
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return number;
}

// Asking is not enough: the kernel may have none to give, or may never give
// them (/sys/kernel/mm/transparent_hugepage/enabled).
bool resident_has_huge(void)
{
    static const char *const file = "/proc/self/smaps_rollup";
    int64_t before = number_in(file, "AnonHugePages:");
    bool has = resident_hold(8, true) == 0 &&
               number_in(file, "AnonHugePages:") > before;
    resident_release();
    return has;
}

static int64_t smaller(int64_t some, int64_t limit)
{
    return limit >= 0 && limit < some ? limit : some;
}

int64_t resident_most(void)
{
    int64_t most = number_in("/proc/meminfo", "MemAvailable:");
    if (most == -1) {
        return -1;
    }
    most *= 1024;
    // Version 2 of the control groups, and version 1. "max" is no number.
    most = smaller(most, number_in("/sys/fs/cgroup/memory.max", ""));
    most = smaller(most, number_in("/sys/fs/cgroup/memory/"
                                   "memory.limit_in_bytes", ""));
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        most = smaller(most, (int64_t)limit.rlim_cur);
    }
    return most / 2 / (int64_t)MIB;
}
