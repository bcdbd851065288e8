#include "base/platform.h"

#include "pingpong.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>

#include "bench.h"
#include "base/error.h"
#include "square.h"

// One direction: a number, and a counter that says there is a new one. Each has
// a cache line to itself, or writing the one would slow the other's reader.
typedef struct {
    _Alignas(64) _Atomic uint32_t turn;
    int64_t number;
} direction;

typedef struct {
    direction there, back;
    int down[2], up[2];  // the same as pipes
} table;

// Sends a number, or waits for one: both sides play with these. After END the
// other process ends.
typedef struct {
    bool (*tell)(table *on, int64_t number);
    bool (*await)(table *on, int64_t *answer);
    bool (*hear)(table *on, int64_t *number);
    bool (*answer)(table *on, int64_t number);
} game;

enum { END = -1, BEFORE = 20 };

// ---- by futex -------------------------------------------------------------

static void say(direction *to, int64_t number)
{
    to->number = number;
    atomic_fetch_add(&to->turn, 1);
    syscall(SYS_futex, &to->turn, MP_FUTEX_WAKE, 1, NULL, NULL, 0);
}

static int64_t listen_for(direction *from, uint32_t seen)
{
    while (atomic_load(&from->turn) == seen) {
        syscall(SYS_futex, &from->turn, MP_FUTEX_WAIT, seen, NULL, NULL, 0);
    }
    return from->number;
}

static bool futex_tell(table *on, int64_t number)
{
    say(&on->there, number);
    return true;
}

// There are as many answers as questions: before the last one there is one
// less.
static bool futex_await(table *on, int64_t *answer)
{
    *answer = listen_for(&on->back, atomic_load(&on->there.turn) - 1);
    return true;
}

// The other has said as much as was answered: more is news.
static bool futex_hear(table *on, int64_t *number)
{
    *number = listen_for(&on->there, atomic_load(&on->back.turn));
    return true;
}

static bool futex_answer(table *on, int64_t number)
{
    say(&on->back, number);
    return true;
}

// ---- by pipe --------------------------------------------------------------

static bool send_number(int fd, int64_t number)
{
    return write(fd, &number, sizeof number) == sizeof number;
}

static bool receive_number(int fd, int64_t *number)
{
    return read(fd, number, sizeof *number) == sizeof *number;
}

static bool pipe_tell(table *on, int64_t number)
{
    return send_number(on->down[1], number);
}

static bool pipe_await(table *on, int64_t *answer)
{
    return receive_number(on->up[0], answer);
}

static bool pipe_hear(table *on, int64_t *number)
{
    return receive_number(on->down[0], number);
}

static bool pipe_answer(table *on, int64_t number)
{
    return send_number(on->up[1], number);
}

// ---- both sides -----------------------------------------------------------

static _Noreturn void be_other(const game *rules, table *on)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int64_t number, result;
    while (rules->hear(on, &number) && number != END) {
        square(&number, &result);
        rules->answer(on, result);
    }
    _exit(0);
}

static int64_t play(const game *rules, table *on, int64_t n)
{
    int64_t begin = 0, answer;
    for (int64_t i = -BEFORE; i < n; i++) {
        int64_t number = i < 0 ? -i : i;
        begin = i == 0 ? bench_now() : begin;
        if (!rules->tell(on, number) || !rules->await(on, &answer) ||
            answer != number * number) {
            return mp_fail(EPROTO, "the other process answered wrongly");
        }
    }
    int64_t took = bench_now() - begin;
    return took / n;
}

static int64_t play_at(place where, const game *rules, table *on, int64_t n)
{
    place_helpers();
    pid_t pid = fork();
    if (pid == 0) {
        be_other(rules, on);
    }
    if (pid == -1) {
        place_back();
        return mp_fail(errno, "cannot fork: %s", strerror(errno));
    }
    place_self(where);
    int64_t mean = play(rules, on, n);
    place_back();
    if (mean == -1) {
        kill(pid, SIGKILL);
    } else {
        rules->tell(on, END);
    }
    waitpid(pid, NULL, 0);
    return mean;
}

// ---- the two games --------------------------------------------------------

static table *new_table(void)
{
    table *on = mmap(NULL, sizeof *on, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (on == MAP_FAILED) {
        mp_fail(errno, "no shared memory: %s", strerror(errno));
        return NULL;
    }
    return on;
}

int64_t pingpong_futex(place where, int64_t n)
{
    static const game rules = { futex_tell, futex_await, futex_hear,
                                futex_answer };
    table *on = new_table();
    if (on == NULL) {
        return -1;
    }
    int64_t mean = play_at(where, &rules, on, n);
    munmap(on, sizeof *on);
    return mean;
}

int64_t pingpong_pipe(place where, int64_t n)
{
    static const game rules = { pipe_tell, pipe_await, pipe_hear,
                                pipe_answer };
    table *on = new_table();
    if (on == NULL) {
        return -1;
    }
    int64_t mean = -1;
    if (pipe2(on->down, O_CLOEXEC) == -1) {
        mean = mp_fail(errno, "cannot make a pipe: %s", strerror(errno));
    } else if (pipe2(on->up, O_CLOEXEC) == -1) {
        mean = mp_fail(errno, "cannot make a pipe: %s", strerror(errno));
    } else {
        mean = play_at(where, &rules, on, n);
        close(on->up[0]);
        close(on->up[1]);
    }
    if (on->down[1] != 0) {
        close(on->down[0]);
        close(on->down[1]);
    }
    munmap(on, sizeof *on);
    return mean;
}
