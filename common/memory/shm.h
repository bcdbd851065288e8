// shm.h - memory that processes share.
// Python: Value and Array, and multiprocessing.heap, which they are made of.
// Lessons 4, 13, 15; the library keeps its own here, too. Below it: arena.h.
//
//     long *squares = mp_array(long, n);      // Python: RawArray('l', n)
//     struct account { mp_rlock lock; double balance; };  // lock: get_lock()
//     struct account *account = mp_value(struct account, .balance = 100);
//     mp_shm_free(squares);
//
// All of it lies in one arena, which stands at the same address in every
// process that descends from its first user, under each start method. So a
// pointer into it is a valid argument, and what one process writes, the others
// read. Its file has no name (memfd_create(2)), and is gone with the last of
// these processes, however that ends.
//
// Memory belongs to the process that has allocated it, and ends with it: when
// the parent learns that the process has ended, all of it is free for others.
// So allocate in the parent what is to outlive a child. A dead process holds no
// lock here: one compare-and-swap takes a free block.

#ifndef MP_MEMORY_SHM_H
#define MP_MEMORY_SHM_H

#include <stddef.h>

// A value of this type with an initialiser, and an array of zeros; or NULL.
// They call mp_shm_new: `count` times `size` bytes, zeroed or as `initial`.
#define mp_value(type, ...) \
    ((type *)mp_shm_new(1, sizeof(type), &(type){ __VA_ARGS__ }))
#define mp_array(type, count) ((type *)mp_shm_new((count), sizeof(type), NULL))
void *mp_shm_new(size_t count, size_t size, const void *initial);

// Memory of `size` bytes, aligned to a cache line, 64 bytes; not zeroed. Call
// it before the processes are started that are to use it: the arena is made at
// the first call, and a process that was there before has another one, or none.
// NULL with ENOMEM when the arena is full, or there can be none (`ulimit -v`).
void *mp_shm_alloc(size_t size);

// Gives it back, for later calls of this process. NULL is fine, and memory of
// another process is left alone.
void mp_shm_free(void *memory);

// ---- for the library itself -----------------------------------------------

// From here on `memory` belongs to the owner of `other`; where both are one, to
// itself, as what a new process is told does; for NULL it is free for all.
void mp_shm_give(void *memory, const void *other);

// In the new process: what it allocates belongs to `block`. And in the parent,
// once that process has ended: all that belongs to `block` is free, its pages
// go back to the kernel, and `block` belongs to the parent again.
void mp_shm_begin_owner(void *block);
void mp_shm_end_owner(void *block);

#endif
