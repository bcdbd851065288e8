#include "base/platform.h"

#include "message/queue.h"

#include <stdatomic.h>
#include <string.h>

#include "base/error.h"
#include "base/pid.h"
#include "memory/shm.h"
#include "sync/sync.h"

// An item lies in a segment of shared memory: its size, then its bytes. If it
// does not fit behind the last one, MOVED stands there in place of a size, and
// the item begins the next segment. A large item has a segment of its own.
#define MOVED UINT64_MAX

enum { SPINS = 2000 };  // of a count before a sleep: about as long as one costs
#define PATIENCE 1.0    // seconds in which a call waits for the lock at least

typedef struct segment {
    struct segment *next;
    size_t size;  // bytes of what follows
    _Alignas(8) char bytes[];
} segment;

enum { SMALL = 65536 - 64 - sizeof(segment), LARGE = SMALL / 4 };

typedef struct {
    segment *segment;
    size_t at;  // bytes from its beginning
} position;

// What those who put share, or those who get. The count says how many items
// have been put. The position of the next one stands in `next`, at the count's
// lowest bit. put writes the item, and the position after it at the other bit,
// and then advances the count: this one step puts the item. So does get.
typedef struct {
    _Alignas(64) mp_lock lock;
    position next[2];
    uint32_t other;  // the other side's count, as it was last brought here
    _Alignas(64) mp_eventcount count;
} side;

struct mp_queue {
    uint32_t maxsize;        // set at construction
    pid_t creator;           // and this
    _Atomic bool closed;     // set with the lock of put
    segment *_Atomic spare;  // left by get, for put; or NULL
    side put, get;
    _Alignas(64) mp_eventcount done;  // counts task_done
};

// ---- segments -------------------------------------------------------------

static size_t space_of(size_t size)
{
    return sizeof(uint64_t) + (size + 7) / 8 * 8;
}

// With space for an item of this size, and for MOVED behind it. It belongs to
// the queue's creator: its items outlive the process that puts them.
static segment *new_segment(mp_queue *queue, size_t size)
{
    size_t bytes = size > LARGE ? space_of(size) + sizeof(uint64_t) : SMALL;
    segment *new = size > LARGE ? NULL : atomic_exchange(&queue->spare, NULL);
    if (new == NULL) {
        new = mp_shm_alloc(sizeof *new + bytes);
        if (new == NULL) {
            return NULL;
        }
        mp_shm_give(new, queue);
    }
    new->next = NULL;
    new->size = bytes;
    return new;
}

static void leave_segment(mp_queue *queue, segment *left)
{
    segment *none = NULL;
    if (left != NULL && (left->size != SMALL ||
        !atomic_compare_exchange_strong(&queue->spare, &none, left))) {
        mp_shm_give(left, NULL);
    }
}

static uint64_t *size_at(position at)
{
    return (uint64_t *)(at.segment->bytes + at.at);
}

// ---- a queue's life -------------------------------------------------------

mp_queue *mp_queue_new(int maxsize)
{
    mp_queue *queue = mp_value(mp_queue, .creator = mp_own_pid(),
        .put.count.outlives = true, .get.count.outlives = true,
        .maxsize = maxsize > 0 ? (uint32_t)maxsize : MP_SEM_VALUE_MAX);
    if (queue == NULL) {
        return NULL;
    }
    segment *first = new_segment(queue, 0);
    if (first == NULL) {
        mp_shm_free(queue);
        return NULL;
    }
    queue->put.next[0].segment = queue->get.next[0].segment = first;
    return queue;
}

void mp_queue_free(mp_queue *queue)
{
    if (queue == NULL || queue->creator != mp_own_pid()) {
        return;
    }
    segment *next = queue->get.next[queue->get.count.count & 1].segment;
    for (segment *it = next; it != NULL; it = next) {
        next = it->next;
        mp_shm_give(it, NULL);  // others allocate segments, too
    }
    mp_shm_free(queue->spare);
    mp_shm_free(queue);
}

long mp_queue_qsize(const mp_queue *queue)
{
    uint32_t gets, puts;
    do {
        gets = mp_eventcount_read(&queue->get.count);
        puts = mp_eventcount_read(&queue->put.count);
    } while (gets != mp_eventcount_read(&queue->get.count));
    return (long)(puts - gets);
}

bool mp_queue_full(const mp_queue *queue)
{
    return mp_queue_qsize(queue) >= queue->maxsize;
}

void mp_queue_close(mp_queue *queue)
{
    bool locked = (mp_lock_acquire)(&queue->put.lock, PATIENCE) != -1;
    queue->closed = true;
    if (locked) {
        mp_lock_release(&queue->put.lock);
    }
    mp_eventcount_wake(&queue->put.count, INT32_MAX);
    mp_eventcount_wake(&queue->get.count, INT32_MAX);
}

// ---- put and get ----------------------------------------------------------

// Waits until the count is not `seen`, or a while: whoever advances it may be
// killed before it wakes us. Returns false where the time is over.
static bool await(mp_eventcount *events, uint32_t seen, double deadline)
{
    double left = deadline - mp_clock_now();
    for (int i = 0; i < 4; i++) {
        mp_cpu_relax();  // the other CPU has the count for a moment
    }
    if (left > 0 && !mp_eventcount_spin(events, seen, SPINS)) {
        mp_eventcount_await(events, seen,
                            left < MP_LOOK_EVERY ? left : MP_LOOK_EVERY);
    }
    return left > 0;
}

// Whether there is space, or an item, as far as is known.
static bool can_go_on(const mp_queue *queue, const side *own)
{
    uint32_t count = mp_eventcount_read(&own->count);
    return own == &queue->put ? count - own->other < queue->maxsize
                              : count != own->other;
}

// Takes the lock of a side when there is something to do there.
static int enter(mp_queue *queue, side *own, double timeout)
{
    const bool put = own == &queue->put;
    mp_eventcount *awaited = put ? &queue->get.count : &queue->put.count;
    const double patience = timeout > PATIENCE ? timeout : PATIENCE;
    for (double deadline = mp_clock_deadline(timeout);;) {
        if ((mp_lock_acquire)(&own->lock, patience) == -1) {
            return -1;
        }
        bool closed = queue->closed, ready = can_go_on(queue, own);
        if (!ready) {
            own->other = mp_eventcount_read(awaited);
            ready = can_go_on(queue, own);
        }
        if (ready && !(put && closed)) {
            return 0;
        }
        uint32_t seen = own->other;
        mp_lock_release(&own->lock);
        if (closed) {
            return mp_fail(EINVAL, "Queue is closed");
        }
        if (!await(awaited, seen, deadline)) {
            return mp_fail(ETIMEDOUT, "Queue is %s", put ? "full" : "empty");
        }
    }
}

static int put_item(mp_queue *queue, const void *item, size_t size)
{
    uint32_t count = mp_eventcount_read(&queue->put.count);
    position at = queue->put.next[count & 1];
    if (at.at + space_of(size) + sizeof(uint64_t) > at.segment->size) {
        segment *left = at.segment->next;  // by one that was killed, or NULL
        segment *next = new_segment(queue, size);
        if (next == NULL) {
            return -1;
        }
        *size_at(at) = MOVED;
        at.segment->next = next;
        leave_segment(queue, left);
        at = (position){ next, 0 };
    }
    *size_at(at) = size;
    if (size > 0) {
        memcpy(size_at(at) + 1, item, size);
    }
    at.at += space_of(size);
    queue->put.next[(count + 1) & 1] = at;
    mp_eventcount_advance(&queue->put.count);
    return 0;
}

int mp_queue_put(mp_queue *queue, const void *item, size_t size, double timeout)
{
    if (enter(queue, &queue->put, timeout) == -1) {
        return -1;
    }
    int got = put_item(queue, item, size);
    mp_lock_release(&queue->put.lock);
    mp_eventcount_wake(&queue->put.count, 1);
    return got;
}

static ssize_t get_item(mp_queue *queue, void *item, size_t room)
{
    uint32_t count = mp_eventcount_read(&queue->get.count);
    position at = queue->get.next[count & 1];
    segment *before = at.segment;
    if (*size_at(at) == MOVED) {
        at = (position){ before->next, 0 };
    }
    const size_t size = *size_at(at);
    if (size > room) {
        return mp_fail(EMSGSIZE, "the item has %zu bytes, and there is room "
                       "for %zu", size, room);
    }
    if (size > 0) {
        memcpy(item, size_at(at) + 1, size);
    }
    at.at += space_of(size);
    queue->get.next[(count + 1) & 1] = at;
    mp_eventcount_advance(&queue->get.count);
    leave_segment(queue, at.segment != before ? before : NULL);
    return (ssize_t)size;
}

ssize_t mp_queue_get(mp_queue *queue, void *item, size_t room, double timeout)
{
    if (enter(queue, &queue->get, timeout) == -1) {
        return -1;
    }
    ssize_t got = get_item(queue, item, room);
    mp_lock_release(&queue->get.lock);
    mp_eventcount_wake(&queue->get.count, 1);
    return got;
}

int mp_queue_task_done(mp_queue *queue)
{
    uint32_t done = mp_eventcount_read(&queue->done);
    do {
        if (done == mp_eventcount_read(&queue->put.count)) {
            return mp_fail(EINVAL, "task_done() called too many times");
        }
    } while (!atomic_compare_exchange_weak(&queue->done.count, &done,
                                           done + 1));
    mp_eventcount_wake(&queue->done, INT32_MAX);
    return 0;
}

int mp_queue_join(mp_queue *queue, double timeout)
{
    for (double deadline = mp_clock_deadline(timeout);;) {
        uint32_t done = mp_eventcount_read(&queue->done);
        if (done == mp_eventcount_read(&queue->put.count)) {
            return 0;
        }
        if (!await(&queue->done, done, deadline)) {
            return mp_fail(ETIMEDOUT, "tasks of the queue are not done");
        }
    }
}
