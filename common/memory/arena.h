// arena.h - memory that processes share. Python: multiprocessing.heap, what
// RawArray and RawValue are made of.
//
//     long *squares = mp_shm_alloc(n * sizeof *squares);
//     ..                      // start processes: they see the same memory
//     mp_shm_free(squares);
//
// All of it lies in one arena, which stands at the same address in every
// process that descends from its first user, under each start method. So a
// pointer into it is a valid argument, and what one process writes, the others
// read. It is a file without a name (memfd_create(2)): nothing is left of it
// when the last of these processes ends, however it ends.
//
// A process may free what it has allocated itself, and nobody else's. What a
// killed process had allocated is lost until the arena ends.

#ifndef MP_MEMORY_ARENA_H
#define MP_MEMORY_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Memory of `size` bytes, aligned for any type; not zeroed. Call it before the
// processes are started that are to use it: the arena is made at the first
// call, and a process that was there before has another one, or none.
// Never waits for another process. NULL with ENOMEM when the arena is full, or
// where there can be none: the sentence says why (`ulimit -v`, `ulimit -f`).
void *mp_shm_alloc(size_t size);

// Gives it back, for later calls of this process. NULL is fine.
void mp_shm_free(void *memory);

// ---- for the library's own rooms ------------------------------------------

// Whether all the bytes lie in the arena: a process that is given their address
// finds them there.
bool mp_shm_holds(const void *memory, size_t size);

// Before a process fills a large part of the arena: if the first whole page of
// it is not there yet, the kernel finds and zeroes them all now, which takes it
// less than one by one, when each is written to. Only a hint.
void mp_shm_populate(void *memory, size_t size);

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

#endif
