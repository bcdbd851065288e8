// arena.h - memory that processes share.
// Python: multiprocessing.heap, what RawArray and RawValue are made of.
// Lessons 4 and 13, and all that this library shares itself: exit statuses,
// what a new image is told, the board of a pool. This folder is this file.
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
// Memory belongs to the process that has allocated it, and ends with it: when
// the parent learns that the process has ended, killed or not, all of it is
// free for others. So allocate in the parent what is to outlive a child.
//
// There is no lock that a dead process could hold. Each block begins with a
// word that names its owner; one compare-and-swap makes a free block somebody's.

#ifndef MP_MEMORY_ARENA_H
#define MP_MEMORY_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Memory of `size` bytes, aligned to a cache line, 64 bytes; not zeroed. Call
// it before the processes are started that are to use it: the arena is made at
// the first call, and a process that was there before has another one, or none.
// Never waits for another process. NULL with ENOMEM when the arena is full, or
// where there can be none: the sentence says why (`ulimit -v`, `ulimit -f`).
void *mp_shm_alloc(size_t size);

// Gives it back, for later calls of this process. NULL is fine, and memory of
// another process is left alone.
void mp_shm_free(void *memory);

// ---- for the library itself -----------------------------------------------

// Whether all the bytes lie in the arena: a process that is given their address
// finds them there.
bool mp_shm_holds(const void *memory, size_t size);

// Before a process fills a large part of the arena: if the first whole page of
// it is not there yet, the kernel finds and zeroes them all now, which takes it
// less than one by one, when each is written to. Only a hint.
void mp_shm_populate(void *memory, size_t size);

// In a new process: what it allocates belongs to `block`, which its parent has
// allocated. And in the parent, once that process has ended: all that belongs
// to `block` is free, and the pages of it go back to the kernel.
void mp_shm_begin_owner(void *block);
void mp_shm_end_owner(void *block);

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
