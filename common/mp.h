// mp.h - multiprocessing in C: the table of contents.
//
// A program includes this file alone. The folders stand in reading order, from
// the ground up, and each uses only those before it: base, memory (shm.h says
// what is in it), process (process.h), start (context.h), pool (pool.h), sync
// (sync.h; it uses neither start nor pool), message (connection.h; the same),
// cluster (cluster.h), watch (watch.h). The main header of
// each names the folder's files in reading order. Python's names become ours
// mechanically: mp.Process.start is mp_process_start.
//
// Python                      C                         file (.h)        lesson
// --------------------------  ------------------------  ---------------  -----
// the text of an exception    mp_error                  base/error       1
// timeout=None                MP_FOREVER                base/clock       1
// Process(target=.., args=..) mp_process_init, MP_ARGS  process/process  1
// p.start()                   mp_process_start          process/process  1
// p.join(), p.join(timeout)   mp_process_join           process/process  1, 6
// p.close()                   mp_process_close          process/process  1, 6
// p.pid, p.ident              mp_process_pid            process/process  2, 6
// class MyProcess(Process)    a struct; .run, .size     process/process  5
// p.run(), super().run()      p->run(p), mp_process_run process/process  5, 6
// p.terminate(), p.kill()     mp_process_terminate, ..  process/process  6
// p.exitcode                  mp_process_exitcode       process/process  6
// p.is_alive()                mp_process_is_alive       process/process  6
// p.name, p.name = name       mp_process_name, ..       process/process  5, 6
// p.daemon, p.daemon = True   mp_process_daemon, ..     process/process  8
// p.sentinel                  mp_process_sentinel       process/process  6
// connection.wait(list)       mp_wait                   base/descriptors 6
// p.authkey, p.authkey = key  mp_process_authkey, ..    process/process  6, 21
// current_process()           mp_current_process        process/current  7
// parent_process()            mp_parent_process         process/current  7
// active_children()           mp_active_children        process/current  7
// sys.exit(status)            mp_exit                   process/exit  6
// cpu_count()                 mp_cpu_count              base/cpus        6
// os.process_cpu_count()      mp_usable_cpu_count       base/cpus        10
// if __name__ == '__main__':  mp_main                   start/context    11
// set_start_method(name)      mp_set_start_method       start/context    11
// get_start_method()          mp_get_start_method       start/context    11
// get_all_start_methods()     mp_get_all_start_methods  start/context    11
// ctx = get_context(name)     mp_get_context            start/context    11
// ctx.Process(..)             mp_process_init, .context process/process  11
// a Connection among the args MP_PASS_FDS               process/process  11, 20
// Pool(n)                     mp_pool_new               pool/pool        12
// initializer, initargs       .initializer, MP_ARGS     pool/pool        12
// maxtasksperchild            .maxtasksperchild         pool/pool        12
// pool.apply, map             mp_pool_apply, .._map     pool/pool        12, 13
// starmap                     map: an item is a struct  pool/pool        13
// apply_async, map_async      mp_pool_apply_async, ..   pool/pool        12, 13
// callback, error_callback    .callback, ..             pool/pool        12
// imap, imap_unordered        mp_pool_imap, ..          pool/pool        13
// next(it), it.next(timeout)  mp_imap_iterator_next     pool/pool        13
// close, join, terminate      mp_pool_close, .._join    pool/pool        12
// AsyncResult.get, wait, ..   mp_async_result_get, ..   pool/pool        12-14
// result._number_left         mp_async_result_done      pool/pool        13
// heap, RawArray              mp_shm_alloc, .._free     memory/shm       4, 13
// Value, Array                mp_value, mp_array        memory/shm       15
// Lock(), RLock()             mp_lock, mp_rlock         sync/sync        16
// lock.acquire, release       mp_lock_acquire, ..       sync/sync        16
// value.get_lock()            an mp_rlock beside it     sync/sync        16
// Semaphore(n), Bounded..(n)  mp_semaphore_init, ..     sync/sync        18
// acquire, release, get_value mp_semaphore_acquire, ..  sync/sync        18
// Event(), set, clear, wait   mp_event, mp_event_set .. sync/sync        17
// Condition(lock)             mp_condition, its .lock   sync/sync        19
// wait, wait_for, notify, ..  mp_condition_wait, ..     sync/sync        19
// Barrier(n, action)          mp_barrier_init           sync/sync        19
// wait, abort, reset, ..      mp_barrier_wait, ..       sync/sync        19
// Pipe(duplex)                mp_pipe                   message/connection 20
// send_bytes, recv_bytes, ..  mp_connection_send_bytes, .. the same      20
// poll, fileno, close         mp_connection_poll, .fd   the same         20
// Queue(n), JoinableQueue(n)  mp_queue_new              message/queue    20
// put, get, qsize, close, ..  mp_queue_put, ..          message/queue    20
// task_done, join             mp_queue_task_done, ..    message/queue    20
// Listener(address, authkey=) mp_listener_init          message/listener 21
// accept, address, close      mp_listener_accept, ..    message/listener 21
// Client(address, authkey=..) mp_client                 message/listener 21
// (Python has none)           mp_cluster_new, .._map    cluster/cluster  22

#ifndef MP_H
#define MP_H

#include "base/error.h"
#include "base/clock.h"
#include "base/descriptors.h"
#include "base/cpus.h"
#include "process/process.h"
#include "process/current.h"
#include "process/exit.h"
#include "start/context.h"
#include "memory/shm.h"
#include "pool/pool.h"
#include "sync/sync.h"
#include "message/connection.h"
#include "message/queue.h"
#include "message/listener.h"
#include "cluster/cluster.h"
#include "trace/trace.h"

#endif
