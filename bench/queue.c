// What does it cost to send an item from one process to another? README.md says
// more.
//
// n is the size of an item in bytes; a sample is the mean over many items. A
// child sends them, and the parent receives them. "Two pipes" take turns: the
// parent sends an item of the same size before each, and a sample is the time
// of both. The items have numbers, which are checked.

#include "bench.h"

#include <unistd.h>

#include "ways.h"

enum { LARGEST = 1 << 20 };
enum { QUEUE, PIPE, RAW_PIPE, TURNS = 4 };
enum { THERE, BACK };  // each has a queue and a pipe of its own

static mp_queue *queues[2];
static mp_connection readers[2], writers[2];
static int64_t item[LARGEST / sizeof(int64_t)];  // its number, then zeros

typedef struct {
    int way;
    bool turns;
    size_t size;
    int64_t count;
} job;

static void send(const job *j, int to, int64_t number)
{
    item[0] = number;
    if (j->way == QUEUE) {
        must(mp_queue_put(queues[to], item, j->size, MP_FOREVER));
    } else if (j->way == PIPE) {
        must(mp_connection_send_bytes(&writers[to], item, j->size));
    } else {
        need(write(writers[to].fd, item, j->size), "write");
    }
}

// A raw pipe may give less than all at a time.
static void receive(const job *j, int from, int64_t number)
{
    size_t got = 0;
    if (j->way == QUEUE) {
        got = (size_t)mp_queue_get(queues[from], item, j->size, MP_FOREVER);
    } else if (j->way == PIPE) {
        got = (size_t)mp_connection_recv_bytes_into(&readers[from], item,
                                                    j->size);
    }
    while (j->way == RAW_PIPE && got < j->size) {
        char *rest = (char *)item + got;
        got += (size_t)need(read(readers[from].fd, rest, j->size - got),
                            "read");
    }
    if (got != j->size || item[0] != number) {
        bench_fail("an item is not what was sent");
    }
}

// Without turns the parent sends only so that both are ready for the first two
// items, of which the first is not counted.
static int be_child(void *args)
{
    const job *j = args;
    machine_pin(1, 1);
    for (int64_t i = 0; i <= j->count; i++) {
        if (j->turns || i <= 1) {
            receive(j, BACK, i);
        }
        send(j, THERE, i);
    }
    return 0;
}

static int64_t measure(int64_t n, int arg)
{
    job j = { arg & ~TURNS, arg & TURNS, (size_t)n, 8 * LARGEST / n };
    int64_t most = j.turns ? 200 : 5000, begin = 0;
    j.count = j.count < most ? j.count : most;
    mp_process p;
    must(mp_process_init(&p, .target = be_child, MP_ARGS(j), .daemon = true,
                         .context = mp_get_context("fork")));
    must(mp_process_start(&p));
    machine_pin(bench_cpus, 1);
    for (int64_t i = 0; i <= j.count; i++) {
        begin = i == 1 ? bench_now() : begin;
        if (j.turns || i <= 1) {
            send(&j, BACK, i);
        }
        receive(&j, THERE, i);
    }
    int64_t took = bench_now() - begin;
    ways_mp_join(&p);
    return took / j.count;
}

// ---- the question ---------------------------------------------------------

static const bench_mode modes[] = {
    { .name = "mp queue", .run = measure, .arg = QUEUE, .again = true },
    { .name = "raw pipe", .run = measure, .arg = RAW_PIPE, .again = true },
    { .name = "mp pipe", .run = measure, .arg = PIPE },
    { .name = "Python Queue", .python = "queue" },
    { .name = "two mp pipes", .run = measure, .arg = PIPE | TURNS,
      .again = true },
    { .name = "two raw pipes", .run = measure, .arg = RAW_PIPE | TURNS,
      .again = true },
    { .name = "two Python pipes", .python = "pipes" },
    { .name = NULL },
};

static const int64_t sizes[] = { 8, 64, 512, 4096, 65536, LARGEST, 0 };
static const int64_t quick[] = { 64, 4096, LARGEST, 0 };

static void prepare(void)
{
    for (int i = THERE; i <= BACK; i++) {
        queues[i] = mp_queue_new(1000);
        must(queues[i] != NULL ? 0 : -1);
        must(mp_pipe(false, &readers[i], &writers[i]));
    }
}

bench_question question = {
    .name = "queue",
    .asks = "What does it cost to send an item from one process to another?",
    .modes = modes,
    .sizes = sizes,
    .quick = quick,
    .pinned = 2,
    .apart = true,
    .prepare = prepare,
};
