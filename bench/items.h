// items.h - the numbers that map squares, and room for their squares, in
// ordinary memory or in shared memory.
//
//     static items_arrays shared = { .shared = true };
//     items_make(&shared, 1000);
//     ..                              // square them
//     items_check(&shared);
//     items_drop(&shared);

#ifndef ITEMS_H
#define ITEMS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool shared;
    int64_t n;  // 0: there are none
    int64_t *items, *results;
} items_arrays;

// Makes them n long, with 0, 1, .. as items. What has this n already stays as
// it is. Errors: ENOMEM.
int items_make(items_arrays *a, int64_t n);

// Has all their pages in the tables of the calling process, which leaves them
// as they are: the first touch of a page costs each process a fault.
void items_touch(const items_arrays *a);

// Has them as new ones are, where the kernel has no pages for them yet, in no
// process; then the items are written again. For shared ones.
void items_untouch(items_arrays *a);

// Errors: ERANGE where a result is not the square of its item.
int items_check(const items_arrays *a);

// Frees them, and their pages.
void items_drop(items_arrays *a);

#endif
