// mp.h - multiprocessing in C: the table of contents.
//
// A program includes this file alone. The rooms stand in reading order, from
// the ground up; each uses only those that stand before it. Python's names
// become ours mechanically: mp.Process.start is mp_process_start.
//
//   Python                       C                                 file
//   ---------------------------  --------------------------------  ---------
//   the text of an exception     mp_error                          error.h
//   timeout=None                 MP_FOREVER                        clock.h
//   Process(target=.., args=..)  mp_process_init, MP_ARGS          process.h
//   class MyProcess(Process)     a struct; .run, .size             process.h
//   p.start()                    mp_process_start                  process.h
//   p.run(), super().run()       p->run(p), mp_process_run         process.h
//   p.join(), p.join(timeout)    mp_process_join                   process.h
//   p.terminate(), p.kill()      mp_process_terminate, .._kill     process.h
//   p.close()                    mp_process_close                  process.h
//   p.pid, p.ident               mp_process_pid                    process.h
//   p.exitcode                   mp_process_exitcode               process.h
//   p.is_alive()                 mp_process_is_alive               process.h
//   p.name, p.name = name        mp_process_name, .._set_name      process.h
//   p.daemon, p.daemon = True    mp_process_daemon, .._set_daemon  process.h
//   p.sentinel                   mp_process_sentinel               process.h
//   p.authkey, p.authkey = key   mp_process_authkey, .._set_authkey process.h
//   current_process()            mp_current_process                family.h
//   parent_process()             mp_parent_process                 family.h
//   active_children()            mp_active_children                family.h
//   sys.exit(status)             mp_exit                           family.h
//   connection.wait(list)        mp_wait                           fdio.h
//   cpu_count()                  mp_cpu_count                      cpus.h
//   os.process_cpu_count()       mp_usable_cpu_count               cpus.h
//   if __name__ == '__main__':   mp_main                           context.h
//   set_start_method(name)       mp_set_start_method               context.h
//   get_start_method()           mp_get_start_method               context.h
//   get_all_start_methods()      mp_get_all_start_methods          context.h
//   Pool(n)                      mp_pool_new                       pool.h
//   pool.apply, map              mp_pool_apply, mp_pool_map        pool.h
//   apply_async, map_async       mp_pool_apply_async, .._map_async pool.h
//   close, join, terminate       mp_pool_close, .._join, ..        pool.h
//   AsyncResult.get, wait, ..    mp_async_result_get, .._wait, ..  pool.h
//   heap, RawArray               mp_shm_alloc, mp_shm_free         shm.h
//   ctx = get_context(name)      mp_get_context                    context.h
//   ctx.Process(..)              mp_process_init, .context         process.h
//   a Connection among the args  MP_PASS_FDS                       process.h
//   a DeprecationWarning (3.12)  mp_set_fork_policy                start_fork.h
//
// Underneath, for whoever wants to know how: platform.h (what is Linux's),
// children.h and reap.h (records, the one reaper), post.h (a child's last
// word), orphan.h (daemons of a killed parent); the start methods
// start_fork.h, start_spawn.h and start_forkserver.h, each to be read alone,
// what they share in birth.h, and for children that are no copies function.h,
// letter.h, and forkserver.h with server.h; the pool's board.h, which draws
// what becomes of a task, and eventcount.h, on which it sleeps. What only
// lessons use is in lesson.h.

#ifndef MP_H
#define MP_H

#include "error.h"
#include "clock.h"
#include "fdio.h"
#include "cpus.h"
#include "process.h"
#include "family.h"
#include "start_fork.h"
#include "context.h"
#include "shm.h"
#include "pool.h"

#endif
