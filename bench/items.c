#include "base/platform.h"

#include "items.h"

#include "base/error.h"
#include "memory/shm.h"

// What lies in one page with something else keeps it.
static void remove_pages(int64_t *array, int64_t n)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t begin = ((uintptr_t)array + page - 1) / page * page;
    uintptr_t end = (uintptr_t)(array + n) / page * page;
    if (array != NULL && begin < end) {
        madvise((void *)begin, end - begin, MADV_REMOVE);
    }
}

static void write_items(items_arrays *a)
{
    for (int64_t i = 0; i < a->n; i++) {
        a->items[i] = i;
    }
}

static void touch(int64_t *array, int64_t n)
{
    const int64_t page = sysconf(_SC_PAGESIZE) / (int64_t)sizeof *array;
    for (int64_t i = 0; i < n; i += page) {
        // Other processes may do the same, at the same time.
        __atomic_fetch_add(&array[i], 0, __ATOMIC_RELAXED);
    }
}

void items_touch(const items_arrays *a)
{
    touch(a->items, a->n);
    touch(a->results, a->n);
}

void items_untouch(items_arrays *a)
{
    remove_pages(a->items, a->n);
    remove_pages(a->results, a->n);
    write_items(a);
}

// The library keeps shared memory that was freed, so its pages go first.
void items_drop(items_arrays *a)
{
    if (a->shared) {
        remove_pages(a->items, a->n);
        remove_pages(a->results, a->n);
        mp_shm_free(a->items);
        mp_shm_free(a->results);
    } else {
        free(a->items);
        free(a->results);
    }
    *a = (items_arrays){ .shared = a->shared };
}

int items_make(items_arrays *a, int64_t n)
{
    if (a->n == n) {
        return 0;
    }
    items_drop(a);
    size_t size = (size_t)n * sizeof *a->items;
    a->items = a->shared ? mp_shm_alloc(size) : malloc(size);
    a->results = a->shared ? mp_shm_alloc(size) : malloc(size);
    if (a->items == NULL || a->results == NULL) {
        items_drop(a);
        return mp_fail(ENOMEM, "no memory for %lld items", (long long)n);
    }
    a->n = n;
    write_items(a);
    return 0;
}

int items_check(const items_arrays *a)
{
    for (int64_t i = 0; i < a->n; i++) {
        if (a->results[i] != i * i) {
            return mp_fail(ERANGE, "the square of %lld came out wrong",
                           (long long)i);
        }
    }
    return 0;
}
