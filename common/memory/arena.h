// arena.h - the one file of shared memory, at one address in every process. For
// shm.h, which makes blocks of it, and for new images, which must find it.

#ifndef MP_MEMORY_ARENA_H
#define MP_MEMORY_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The arena, as a new image needs it: a descriptor, -1 where there is none.
typedef struct {
    int fd;
    uintptr_t address;
    size_t size;
} mp_shm_arena;

mp_shm_arena mp_shm_get_arena(void);

// In a new image: maps the arena of its creator, in the place of its own.
// Errors: EEXIST where something else is at its address.
int mp_shm_open_arena(const mp_shm_arena *arena);

// In the first process, if there is no arena yet. Errors: ENOMEM.
int mp_shm_make_arena(void);

// Whether all the bytes lie in the arena.
bool mp_shm_holds(const void *memory, size_t size);

#endif
