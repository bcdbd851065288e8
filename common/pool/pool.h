// pool.h - a pool of worker processes.
// Python: multiprocessing.Pool, in multiprocessing/pool.py. Lessons 12 to 14.
// Then read these, of which each calls only earlier ones: board.h and board.c
// (chunks in shared memory, and a worker's loop), internal.h, workers.c (the
// lock, callbacks, the list of jobs, and workers: dead ones are replaced),
// submit.c (a job is put on the board), async_result.c (its results are got),
// map.c (map and apply), imap.c, pool.c (a pool's life).
//
//     static int square(const void *arg, void *result)
//     {
//         *(long *)result = *(const long *)arg * *(const long *)arg;
//         return 0;
//     }
//
//     long numbers[10] = { 1, 2, .. }, squares[10];
//     mp_pool *pool = mp_pool_new(.processes = 4);
//     mp_pool_map(pool, square, MP_ITEMS(numbers), MP_RESULTS(squares));
//     mp_pool_close(pool);
//     mp_pool_join(pool);
//     mp_pool_free(pool);
//
// Items and results are bytes that are copied, as a process's arguments are; or
// they lie in shared memory (shm.h), and then nothing is copied.
//
// **No task is lost in silence.** A worker may be killed, crash or call exit()
// at any moment. Then the tasks of its chunk fail, and get says which and why.
// All others are done, and another worker takes its place. (Python's Pool waits
// for ever.) A worker that is stopped holds up what it has begun, nothing else.
// Where no worker is left and none can be started, or each one ends in its
// initializer, calls that wait for tasks fail, and say why.
//
// There is no helper thread. Workers go on while the parent does something
// else, but they are replaced in calls on the pool or on a result. Such a call
// may exceed its time-out by what a start takes.
// Workers are daemonic: they end with their parent, however it ends. They
// ignore SIGINT, so that the parent decides what Ctrl-C means.
//
// Only the process that made a pool may use it (EPERM elsewhere); any number of
// its threads may, at once. No thread may be cancelled in these calls
// (pthread_cancel(3)). A daemonic process, such as a worker, has no pool.

#ifndef MP_POOL_H
#define MP_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "pool/board.h"
#include "process/process.h"

typedef struct mp_pool mp_pool;

// Python: multiprocessing.pool.AsyncResult, a promise of results.
typedef struct mp_async_result mp_async_result;

// ---- a pool's life, in order ----------------------------------------------

typedef struct {
    int nothing;                // lets the list of arguments be empty
    int processes;              // how many workers; 0: mp_usable_cpu_count()
    const mp_context *context;  // how they are started; NULL: the default
    int (*initializer)(const void *args);  // each worker calls it before its
                                           // first task; not 0: it failed
    const void *args;           // initargs, copied; MP_ARGS fills in both
    size_t args_size;           // (process.h)
    int maxtasksperchild;       // a worker ends after so many chunks, and
                                // another takes its place; 0: never
} mp_pool_options;

// All workers exist when it returns. Python: Pool(processes).
// Returns NULL on failure: EINVAL for a negative number, or one above
// MP_BOARD_WORKERS; whatever mp_process_start says, and then no worker is left.
#define mp_pool_new(...) \
    mp_pool_new_with(&(mp_pool_options){ .nothing = 0, __VA_ARGS__ })

mp_pool *mp_pool_new_with(const mp_pool_options *options);

// No more tasks are taken (EINVAL "Pool not running"); those that are there
// will be done. May be called twice.
int mp_pool_close(mp_pool *pool);

// Blocks until all tasks are over and all workers have ended. One that is idle
// and stopped is killed after MP_DAEMON_GRACE (process/exit.h). Errors: EINVAL
// "Pool is still running" before close or terminate.
int mp_pool_join(mp_pool *pool);

// Ends all workers at once, whatever they do, and completes what is outstanding
// with an error, ECANCELED "pool terminated". It takes as long as the kernel
// needs to kill them. Errors: EPERM where this process may not signal them any
// more (setuid(2)).
int mp_pool_terminate(mp_pool *pool);

// Terminates the pool if it was not joined, and frees it. No thread may be in
// another call on it, or wait for a result. Results stay valid until they are
// freed; an iterator can only be freed. NULL is fine.
void mp_pool_free(mp_pool *pool);

// How often, in seconds, a call that waits checks the workers.
#define MP_POOL_BEAT 0.01

// ---- tasks ----------------------------------------------------------------

// One of the two is called once, when all tasks are over: the second if one
// failed. The call on the pool or on a result that finds the job over, join and
// terminate at the latest, calls it before it returns, and holds no lock.
// Callbacks of a pool run one at a time: what becomes due meanwhile, in any
// thread, runs next. They may make any call but mp_pool_free, and free their
// result if no call is using it. Without items none is called. (Python calls
// them in a thread of its own, where get of their result waits for ever.)
typedef void (*mp_callback)(mp_async_result *result, void *callback_arg);

// Keyword arguments of the calls below.
typedef struct {
    mp_task function;    // int f(const void *arg, void *result); not 0: failed
    const void *items;   // copied now, unless they lie in shared memory
    size_t item_size;    // bytes; 0: the tasks have no argument
    bool apply;          // there is one task, with an item or without
    size_t count;        // items, and results
    void *results;       // where to put them; in shared memory, where the tasks
                         // write them in place
    size_t result_size;  // bytes of one; 0: the tasks have no result
    size_t chunksize;    // items that a worker takes at once; 0: as Python, the
                         // items divided by 4 times the workers, rounded up
    mp_callback callback, error_callback;
    void *callback_arg;
    // Of imap and imap_unordered alone.
    int (*next)(void *state, void *item);  // writes the next item and returns
                                           // 1; 0: the end; -1: it failed
    void *state;
    size_t buffersize;
    bool unordered;
} mp_pool_tasks;

// An array as items or as results, and a variable as one. The compiler refuses
// a pointer, which does not say how many items there are. (starmap: an item is
// a struct of arguments, so map does it.)
#define MP_ITEMS(array) \
    .items = (array), .item_size = MP_POOL_SIZE(array, *(array)), \
    .count = sizeof(array) / sizeof *(array)
#define MP_RESULTS(array) \
    .results = (array), .result_size = MP_POOL_SIZE(array, *(array))
#define MP_ITEM(value) \
    .items = &(value), .item_size = MP_POOL_SIZE(value, value), .count = 1
#define MP_RESULT(value) \
    .results = &(value), .result_size = MP_POOL_SIZE(value, value)

// So many items at a pointer, as into shared memory, and as many results.
#define MP_ITEMS_AT(pointer, items_count) \
    .items = (pointer), .item_size = sizeof *(pointer), .count = (items_count)
#define MP_RESULTS_AT(pointer) \
    .results = (pointer), .result_size = sizeof *(pointer)

#define MP_POOL_SIZE(given, one)                                             \
    sizeof(struct {                                                          \
        _Static_assert(!MP_IS_POINTER(given), "MP_ITEMS, MP_RESULTS, "       \
                       "MP_ITEM and MP_RESULT take no pointer: MP_ITEMS_AT " \
                       "and MP_RESULTS_AT do");                              \
        char bytes[sizeof(one)];                                             \
    })

// Does one task and blocks until it is over: mp_pool_apply(pool, square,
// MP_ITEM(number), MP_RESULT(its_square)); or mp_pool_apply(pool, f).
// Errors: EINVAL for a list; as mp_async_result_get.
#define mp_pool_apply(pool, ...) \
    mp_pool_map_with((pool), MP_POOL_TASKS(true, __VA_ARGS__))
#define MP_POOL_TASKS(one, ...) \
    &(mp_pool_tasks){ .apply = (one), .function = __VA_ARGS__ }

// Does all of them, and blocks until all are over, also if one fails. Errors:
// as mp_async_result_get. Where no worker is left, what was done is there.
#define mp_pool_map(pool, ...) \
    mp_pool_map_with((pool), MP_POOL_TASKS(false, __VA_ARGS__))

// The same, but they return at once, and the results come with
// mp_async_result_get: give it where to put them, and here .result_size alone;
// or give .results here, which must be there until then. They wait only where
// the oldest job that is not over has MP_BOARD_JOBS others behind it, or
// MP_BOARD_CHUNKS chunks.
// NULL on failure: EINVAL "Pool not running" after close, for a chunksize that
// would make MP_BOARD_CHUNKS chunks or more, and for tasks without a function,
// or with a size or a number of items above 32 bits; ENOMEM.
#define mp_pool_apply_async(pool, ...) \
    mp_pool_map_async_with((pool), MP_POOL_TASKS(true, __VA_ARGS__))
#define mp_pool_map_async(pool, ...) \
    mp_pool_map_async_with((pool), MP_POOL_TASKS(false, __VA_ARGS__))

int mp_pool_map_with(mp_pool *pool, const mp_pool_tasks *tasks);
mp_async_result *mp_pool_map_async_with(mp_pool *pool,
                                        const mp_pool_tasks *tasks);

// ---- their results --------------------------------------------------------

// Blocks until all tasks are over, or for `timeout` seconds, and copies the
// results to `values`, room for all of them (NULL: to the .results that were
// given, if any). May be called again. Where tasks failed it returns -1, and
// has copied all others' results: mp_async_result_failure says which failed.
// Errors: ETIMEDOUT; EINVAL for `values` without a .result_size; of the first
// item that failed, ECHILD if its worker ended, ECANCELED if the pool was
// terminated, EBADMSG if the task returned non-zero.
int mp_async_result_get(mp_async_result *result, void *values, double timeout);

// Blocks until they are over, or for `timeout` seconds. Errors: ETIMEDOUT.
int mp_async_result_wait(mp_async_result *result, double timeout);

// Whether they are over, 1 or 0; -1 in another process, or without a worker.
int mp_async_result_ready(mp_async_result *result);

// How many items are over, be it that they failed; -1 as for ready. A chunk
// counts once all of it is over.
long mp_async_result_done(mp_async_result *result);

// Whether all succeeded, 1 or 0; -1 with EINVAL if they are not over.
int mp_async_result_successful(mp_async_result *result);

// Items that failed together: if a task returned non-zero, its item and those
// after it in the chunk; if a chunk was lost or canceled, all of it.
typedef struct {
    size_t first, count;  // items
    int error;            // EBADMSG, ECHILD or ECANCELED, as above
    int status;           // what the task returned, or the worker's exit code
    pid_t worker;         // of a worker that ended; otherwise 0
} mp_pool_failure;

// The failure number `index`, from 0 on; in the order of the items. Returns 0,
// or -1 with EINVAL where there are not so many, or tasks are not over.
int mp_async_result_failure(const mp_async_result *result, int index,
                            mp_pool_failure *failure);

// Frees it. What is not over goes on. NULL is fine.
void mp_async_result_free(mp_async_result *result);

// ---- results one by one ---------------------------------------------------

// Results in the order of the items, or as they are ready. The items are an
// array (MP_ITEMS), or the function `next` gives them. They are pulled as
// results are taken, and may have no end: at most `buffersize` chunks (0: two
// for each worker), of one item by default, are with workers or wait to be
// taken. The first are pulled now, others in calls of mp_imap_iterator_next, by
// its thread. An array must be there until the end. (Python pulls as fast as it
// can, unless it is given a buffersize, which is newer than 3.14.)
// NULL on failure: as mp_pool_map_async.
#define mp_pool_imap(pool, ...) \
    mp_pool_imap_with((pool), MP_IMAP_TASKS(false, __VA_ARGS__))
#define mp_pool_imap_unordered(pool, ...) \
    mp_pool_imap_with((pool), MP_IMAP_TASKS(true, __VA_ARGS__))
#define MP_IMAP_TASKS(any, ...) \
    &(mp_pool_tasks){ .unordered = (any), .function = __VA_ARGS__ }

// Python: multiprocessing.pool.IMapIterator. One thread at a time uses it.
typedef struct mp_imap_iterator mp_imap_iterator;

mp_imap_iterator *mp_pool_imap_with(mp_pool *pool, const mp_pool_tasks *tasks);

// Blocks until a result is there, or for `timeout` seconds, and copies it to
// `result` (NULL: nowhere). Returns 1; 0 at the end, each time; or -1:
// ETIMEDOUT: call it again.
// EBADMSG, ECHILD, ECANCELED: as get. The next call goes on with the next item.
// Each item has one answer, also one that is not done because an earlier item
// of its chunk failed. (Python's ends there, if the chunksize is not 1.)
// Any other error ends it: what `next` left in errno, after the results of all
// earlier items; EINVAL "Pool not running" where items are left after join or
// terminate; why no worker can be started.
// After close it goes on, but join waits only for what has been pulled.
int mp_imap_iterator_next(mp_imap_iterator *iterator, void *result,
                          double timeout);

// Frees it. What has been pulled is done. NULL is fine.
void mp_imap_iterator_free(mp_imap_iterator *iterator);

#endif
