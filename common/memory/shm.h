// shm.h - memory that processes share.
// Python: Value and Array, and multiprocessing.heap, which they are made of.
// Lessons 4, 13, 15; the library keeps its own here, too. Below it: arena.h.
//
//     long *squares = mp_array(long, n);      // Python: RawArray('l', n)
//     struct account { mp_rlock lock; double balance; };  // lock: get_lock()
//     struct account *account = mp_value(struct account, .balance = 100);
//     ..                      // start processes: they see the same memory
//     mp_shm_free(squares);
//
// All of it lies in one arena, which stands at the same address in every
// process that descends from its first user, under each start method. So a
// pointer into it is a valid argument, and what one process writes, the others
// read. It is a file without a name (memfd_create(2)), which is gone when the
// last of these processes has ended, however it ended.
//
// Memory belongs to the process that has allocated it, and ends with it: when
// the parent learns that the process has ended, killed or not, all of it is
// free for others. So allocate in the parent what is to outlive a child. A dead
// process holds no lock here: one compare-and-swap takes a free block.

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
// Never waits for another process. NULL with ENOMEM when the arena is full, or
// where there can be none: the sentence says why (`ulimit -v`, `ulimit -f`).
void *mp_shm_alloc(size_t size);

// Gives it back, for later calls of this process. NULL is fine, and memory of
// another process is left alone.
void mp_shm_free(void *memory);

// ---- for the library itself -----------------------------------------------

// In the parent, before a process is started: `memory` belongs to `block`, and
// `block` to itself. So the process finds both, also if its parent is killed.
void mp_shm_give(void *memory, void *block);

// In the new process: what it allocates belongs to `block`. And in the parent,
// once that process has ended: all that belongs to `block` is free, the pages
// of it go back to the kernel, and `block` belongs to the parent again.
void mp_shm_begin_owner(void *block);
void mp_shm_end_owner(void *block);

#endif
