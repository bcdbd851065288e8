// A process that is killed, or stopped, at every instruction of put and get, or
// at random: it holds up nobody for long, loses no item but its own, and what
// others get is whole, once, and in order.

#include "unit.h"

#include <sched.h>

#include "memory/shm.h"

// As in queue.c: the bytes of a segment.
enum { SMALL = 65536 - 64 - 16, LARGE_ITEM = 20000 };

// The numbers of items: from 1 on those that are there before, OURS that of the
// process which is stepped, and from OTHERS on what others put afterwards.
enum { OURS = 100, OTHERS = 200, MOST = 16 };

typedef struct {
    const char *what;
    bool put;      // or get
    int before;    // how many items are there before
    int maxsize;
    size_t size;   // of the item that is put or got
    int moves;     // how often the last segment has been filled up: the item
                   // is in a new one, for the first time, or after a segment
                   // has been left
    bool large;    // the last segment had one large item
    bool waits;    // until others get, or put
} scene;

static const scene scenes[] = {
    { "put", .put = true, .before = 1 },
    { "put, with a maxsize", .put = true, .before = 1, .maxsize = 2 },
    { "put, to a new segment", .put = true, .moves = 1 },
    { "put, to a used segment", .put = true, .before = 0, .moves = 2 },
    { "put, to a segment of its own", .put = true, .size = LARGE_ITEM,
      .moves = 1 },
    { "put, which waits", .put = true, .before = 2, .maxsize = 2,
      .waits = true },
    { "get", .before = 2 },
    { "get, with a maxsize", .before = 2, .maxsize = 2 },
    { "get, from the next segment", .before = 2, .moves = 1 },
    { "get, after a segment of its own", .before = 2, .moves = 1,
      .large = true },
    { "get, from a segment of its own", .before = 1, .size = LARGE_ITEM,
      .moves = 1 },
    { "get, which waits", .before = 0, .waits = true },
};
enum { SCENES = sizeof scenes / sizeof *scenes };

static const scene *now;
static mp_queue *queue;
static long sent[MOST], got[MOST];
static int sent_count, got_count;

// ---- items ----------------------------------------------------------------

typedef struct {
    long number;
    char rest[LARGE_ITEM - sizeof(long)];
} item;

// In shared memory: what the process that is stepped puts, or has got; and what
// the call returned. It owns what it allocates, as a child of the library does.
static struct {
    item its;
    volatile ssize_t returned;
} *stepped_one;

static size_t size_of(long number)
{
    bool sized = number == OURS || (!now->put && number == 1);
    return number >= OTHERS + 2        ? SMALL / 4 - 100
           : sized && now->size > 0    ? now->size
                                       : sizeof(long) + 1;
}

static void make(item *new, long number)
{
    new->number = number;
    memset(new->rest, (char)number, sizeof new->rest);
}

static bool is_whole(const item *its, ssize_t size)
{
    for (size_t i = 0; i < (size_t)size - sizeof its->number; i++) {
        if (its->rest[i] != (char)its->number) {
            return false;
        }
    }
    return (size_t)size == size_of(its->number);
}

static int put_number(long number, double timeout)
{
    item new;
    make(&new, number);
    return mp_queue_put(queue, &new, size_of(number), timeout);
}

// Returns the number of a whole item, or -1.
static long get_number(double timeout)
{
    item its;
    ssize_t size = mp_queue_get(queue, &its, sizeof its, timeout);
    return size != -1 && is_whole(&its, size) ? its.number : -1;
}

static void send(long number)
{
    if (put_number(number, patience(5)) == -1) {
        ck_abort_msg("%s: %s", now->what, mp_error());
    }
    sent[sent_count++] = number;
}

static void receive(void)
{
    long number = get_number(patience(5));
    ck_assert_msg(number != -1, "%s: %s", now->what, mp_error());
    got[got_count++] = number;
}

// ---- before ---------------------------------------------------------------

// Puts an item to the end of the segment, of which so much is used, and gets
// it: what is put next does not fit behind it.
static void fill_up(size_t used)
{
    static char filler[SMALL];
    must(mp_queue_put(queue, filler, SMALL - 8 - 8 - used, 0));
    must(mp_queue_get(queue, filler, sizeof filler, 0));
}

// So that no block is free for all: to look for one takes some instructions for
// each block that there is, and a process that is killed may leave one more.
static void take_free_blocks(void)
{
    for (int i = 0; i < 8; i++) {
        ck_assert(mp_shm_alloc(SMALL + 16) != NULL &&
                  mp_shm_alloc(LARGE_ITEM + 100) != NULL);
    }
}

// The number of puts is once even, once odd.
static void begin(void)
{
    static int round;
    char small[8] = "";
    queue = mp_queue_new(now->maxsize);
    ck_assert_msg(queue != NULL, "%s", mp_error());
    size_t used = 0;
    for (int i = 0; i <= round % 2; i++, used += 16) {
        must(mp_queue_put(queue, small, 8, 0));
        must(mp_queue_get(queue, small, 8, 0));
    }
    for (int i = 0; i < now->moves; i++, used = 16) {
        if (i > 0) {
            must(mp_queue_put(queue, small, 8, 0));
            must(mp_queue_get(queue, small, 8, 0));
        }
        fill_up(used);
    }
    if (now->large) {
        static char large[LARGE_ITEM];
        must(mp_queue_put(queue, large, sizeof large, 0));
        must(mp_queue_get(queue, large, sizeof large, 0));
    }
    round++;
    sent_count = got_count = 0;
    make(&stepped_one->its, OURS);
    stepped_one->returned = -1;
    mp_shm_give(stepped_one, stepped_one);
    take_free_blocks();
    for (int i = 1; i <= now->before; i++) {
        send(i);
    }
}

// ---- what is stepped ------------------------------------------------------

static int act(void *args)
{
    (void)args;
    item *its = &stepped_one->its;
    mp_shm_begin_owner(stepped_one);
    stepped_one->returned =
        now->put ? mp_queue_put(queue, its, size_of(OURS), MP_FOREVER)
                 : mp_queue_get(queue, its, sizeof *its, MP_FOREVER);
    return 0;
}

// What it waits for.
static void let_it_act(void *args)
{
    (void)args;
    if (now->put) {
        receive();
    } else {
        send(OTHERS - 1);
    }
}

// While it is stopped, the other side does not wait for it.
static void use_other_side(void *args)
{
    (void)args;
    double before = mp_clock_now();
    if (!now->put && !mp_queue_full(queue)) {
        send(OTHERS - 2);
    }
    for (int i = got_count; now->put && i < now->before; i++) {
        receive();
    }
    ck_assert(mp_clock_now() - before < patience(1));
}

// ---- afterwards -----------------------------------------------------------

// Whether these were got, of those that were sent, but for one of number
// `missing`, where that is not 0.
static bool has_got_all_but(long missing)
{
    int at = 0;
    for (int i = 0; i < sent_count; i++) {
        if (sent[i] != missing && (at >= got_count || got[at++] != sent[i])) {
            return false;
        }
    }
    return at == got_count;
}

// What is ours comes after what was there, and before what others then put.
static void add_ours(void)
{
    for (int i = sent_count++; i > 0; i--) {
        bool later = sent[i - 1] >= OTHERS;
        sent[i] = later ? sent[i - 1] : OURS;
        if (!later) {
            return;
        }
    }
    sent[0] = OURS;
}

static void expect_space_for_all(void)
{
    for (int i = 0; i < now->maxsize; i++) {
        must(mp_queue_put_nowait(queue, "x", 1));
    }
    ck_assert(now->maxsize == 0 ||
              mp_queue_put_nowait(queue, "x", 1) == -1);
}

static void expect_a_sound_queue(const stepped *s)
{
    mp_shm_end_owner(stepped_one);
    for (int i = 0; i < 7; i++) {  // so many need another segment
        while (mp_queue_full(queue)) {
            receive();
        }
        send(OTHERS + i);
    }
    while (!mp_queue_empty(queue)) {
        receive();
    }
    ck_assert_int_eq(get_number(0), -1);
    if (now->put) {
        add_ours();
    }
    long its_own = now->put ? OURS : sent[0];
    bool has_returned = stepped_one->returned != -1;
    bool right = has_got_all_but(now->put ? 0 : its_own);
    if (!has_returned) {
        right = right || has_got_all_but(now->put ? its_own : 0);
    }
    ck_assert_msg(right, "%s: at instruction %d it had %sreturned, and of %d "
                  "items others have %d, first %ld, last %ld", now->what,
                  s->steps, has_returned ? "" : "not ", sent_count, got_count,
                  got[0], got[got_count - 1]);
    ck_assert(has_returned || !(s->ended || (s->goes_on && !s->asleep)));
    ck_assert(now->put || !has_returned ||
              (stepped_one->its.number == its_own &&
               is_whole(&stepped_one->its, stepped_one->returned)));
    expect_space_for_all();
    mp_queue_free(queue);
}

// On one CPU nobody spins, which is thousands of instructions.
static void stay_on_this_cpu(void)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
}

static void at_every_step(bool stops, bool goes_on)
{
    stepped_one = mp_shm_alloc(sizeof *stepped_one);
    stay_on_this_cpu();
    for (int i = 0; i < SCENES; i++) {
        now = &scenes[i];
        // To copy a large item takes an instruction for each of its bytes.
        printf("%s: ", now->what);
        kill_at_every_step(
            (stepped){ .act = act, .goes_on = goes_on,
                       .stride = now->size > 0 ? 1400 : 15,
                       .soak_stride = now->size > 0 ? 97 : 1,
                       .when_asleep = now->waits ? let_it_act : NULL,
                       .when_stopped = stops ? use_other_side : NULL },
            begin, expect_a_sound_queue);
    }
}

START_TEST(who_is_killed_at_any_instruction_loses_its_own_item_at_most)
{
    at_every_step(false, false);
}
END_TEST

START_TEST(who_is_stopped_and_killed_holds_up_its_own_side_alone)
{
    at_every_step(true, false);
}
END_TEST

START_TEST(who_is_stopped_and_goes_on_loses_no_item)
{
    at_every_step(true, true);
}
END_TEST

// ---- close ----------------------------------------------------------------

static int close_it(void *args)
{
    (void)args;
    mp_queue_close(queue);
    return 0;
}

static void expect_others_to_close(const stepped *s)
{
    mp_queue_put(queue, "x", 1, s->ended ? 0 : patience(5));
    mp_queue_close(queue);
    ck_assert_int_eq(mp_queue_put_nowait(queue, "x", 1), -1);
    ck_assert_int_eq(errno, EINVAL);
    for (int i = 0; i < now->before; i++) {
        ck_assert_int_eq(get_number(0), i + 1);
    }
    mp_queue_free(queue);
}

START_TEST(who_closes_may_be_killed_at_any_instruction)
{
    stepped_one = mp_shm_alloc(sizeof *stepped_one);
    now = &scenes[0];
    kill_at_every_step((stepped){ .act = close_it }, begin,
                       expect_others_to_close);
}
END_TEST

// ---- killed at random -----------------------------------------------------

enum { TICKETS = 1 << 22, SIDE = 2, ROUNDS = 500, SIZES = 5 };

// Each item has a number of its own, a ticket.
typedef struct {
    mp_queue *queue;
    _Atomic int next;              // ticket
    _Atomic int faults;            // torn or not in order
    _Atomic char put[TICKETS];     // 1: put has returned
    _Atomic char got[TICKETS];     // how often
} board;

static size_t size_of_ticket(int ticket)
{
    static const size_t sizes[SIZES] = { 8, 64, 1000, 8, LARGE_ITEM };
    return ticket % 50 == 4 ? LARGE_ITEM : sizes[ticket % (SIZES - 1)];
}

typedef struct {
    int ticket, producer;
    char rest[LARGE_ITEM - 2 * sizeof(int)];
} ticket_item;

static int put_for_ever(void *args)
{
    board *on = *(board **)args;
    ticket_item new = { .producer = (int)getpid() };
    while ((new.ticket = on->next++) < TICKETS) {
        size_t size = size_of_ticket(new.ticket);
        memset(new.rest, (char)new.ticket, size - 2 * sizeof(int));
        if (mp_queue_put(on->queue, &new, size, MP_FOREVER) == -1) {
            on->faults++;
        }
        on->put[new.ticket] = 1;
    }
    return wait_forever(NULL);
}

static bool take(board *on, double timeout)
{
    static int last_producer, last_ticket;
    ticket_item its;
    ssize_t size = mp_queue_get(on->queue, &its, sizeof its, timeout);
    if (size == -1) {
        return false;
    }
    on->got[its.ticket]++;
    on->faults += (size_t)size != size_of_ticket(its.ticket) ||
                  (last_producer == its.producer && its.ticket <= last_ticket);
    for (size_t i = 0; i < (size_t)size - 2 * sizeof(int); i++) {
        on->faults += its.rest[i] != (char)its.ticket;
    }
    last_producer = its.producer;
    last_ticket = its.ticket;
    return true;
}

static int get_for_ever(void *args)
{
    while (take(*(board **)args, MP_FOREVER)) {
    }
    return 1;
}

static void start_one(mp_process *all, int which, board *on)
{
    start_at(&all[which], which < SIDE ? put_for_ever : get_for_ever, on);
}

static void kill_one(mp_process *all, int which)
{
    must(mp_process_kill(&all[which]));
    join_and_close(&all[which]);
}

// Somebody puts, and somebody gets, within this time.
static void expect_progress(board *on)
{
    double deadline = mp_clock_deadline(patience(10));
    for (int from = on->next; on->next < from + 8 && on->next < TICKETS;) {
        ck_assert_msg(mp_clock_now() < deadline, "the queue is stuck");
        usleep(100);
    }
}

static void kill_at_random(int maxsize, int rounds, unsigned *seed)
{
    mp_process all[2 * SIDE];
    board *on = mp_array(board, 1);
    int killed_consumers = 0, lost = 0;
    on->queue = mp_queue_new(maxsize);
    for (int i = 0; i < 2 * SIDE; i++) {
        start_one(all, i, on);
    }
    for (int i = 0; i < rounds; i++) {
        int which = rand_r(seed) % (2 * SIDE);
        usleep((useconds_t)rand_r(seed) % 1000);
        killed_consumers += which >= SIDE;
        kill_one(all, which);
        start_one(all, which, on);
        expect_progress(on);
    }
    for (int i = 0; i < 2 * SIDE; i++) {
        kill_one(all, i);
    }
    while (take(on, mp_queue_empty(on->queue) ? 0 : patience(5))) {
    }
    for (int i = 0; i < on->next && i < TICKETS; i++) {
        lost += on->put[i] && !on->got[i];
        if (on->got[i] > 1) {
            ck_abort_msg("item %d was got %d times", i, on->got[i]);
        }
    }
    ck_assert_int_eq(on->faults, 0);
    ck_assert_int_eq(mp_queue_qsize(on->queue), 0);
    ck_assert_int_ge(killed_consumers + SIDE, lost);
    printf("maxsize %d: %d items, %d kills of consumers lost %d\n", maxsize,
           (int)on->next, killed_consumers + SIDE, lost);
    mp_queue_free(on->queue);
    mp_shm_free(on);
}

START_TEST(random_kills_stop_nobody_and_lose_no_other_item)
{
    unsigned seed = (unsigned)getpid();
    int left = how_many(in_full() ? 300 : 60, 20000);
    printf("the seed is %u\n", seed);
    for (int i = 0; left > 0; i++, left -= ROUNDS) {
        kill_at_random(i % 2 ? 0 : 3, left < ROUNDS ? left : ROUNDS, &seed);
    }
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    unit_deadline(how_many(120, 1200));
    fact(FORK, who_is_killed_at_any_instruction_loses_its_own_item_at_most);
    fact(FORK, who_is_stopped_and_killed_holds_up_its_own_side_alone);
    fact(FORK, who_is_stopped_and_goes_on_loses_no_item);
    fact(FORK, who_closes_may_be_killed_at_any_instruction);
    fact(FORK, random_kills_stop_nobody_and_lose_no_other_item);
    return unit_main("queue steps");
}
