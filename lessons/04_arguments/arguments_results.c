// # How a result comes back
//
// What a target returns is lost in Python, and in C it is the exit
// code, a number from 0 to 255. A result that needs more space is
// written to memory that both processes share. Python has `RawArray`
// for that, and we have `mp_shm_alloc`. Three children write a square
// each into a shared array. Then a child turns a text into capitals and
// returns the number of its letters, under each start method (lesson
// 11): once the text is in ordinary memory, once in shared memory.
// Watch the exit code, and what the parent has afterwards.

#include "lesson.h"

#include <ctype.h>
#include <signal.h>

struct square_args {
    int *squares;
    int i;
};

static int square(void *args)
{
    const struct square_args *given = args;
    given->squares[given->i] = (given->i + 1) * (given->i + 1);
    return 0;
}

// An element for each child: no two of them write to the same place, so
// none has to wait for another. The parent reads after the joins.
static void three_squares(void)
{
    int *squares = mp_shm_alloc(3 * sizeof *squares);
    check(squares);
    mp_process p[3];
    for (int i = 0; i < 3; i++) {
        struct square_args args = { squares, i };
        check(mp_process_init(&p[i], .target = square, MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < 3; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    printf("squares: %d %d %d\n", squares[0], squares[1], squares[2]);
    mp_shm_free(squares);
}

struct upper_args {
    char *text;
};

static int upper(void *args)
{
    char *text = ((struct upper_args *)args)->text;
    signal(SIGSEGV, SIG_DFL);  /* also where a sanitizer handles it */
    int letters = 0;
    for (; text[letters] != '\0'; letters++) {
        text[letters] = (char)toupper(text[letters]);
    }
    return letters;
}

// The child gets the pointer's bytes, an address. Whether its text is
// there depends on the memory and on the start method.
//
// - Ordinary memory, fork: the child has a copy of all memory, at the
//   same addresses. It finds the text, and changes its own copy of it.
// - Ordinary memory, spawn or forkserver: the child is a new image of
//   the program, which means that the kernel has loaded the program
//   once more. Nothing is at this address, so the first access kills
//   the child by signal 11, SIGSEGV: its exit code is -11.
// - Shared memory: it has the same address in all these processes,
//   under each method, and all of them see what one of them writes.
static void show(const char *method, const char *which, char *text)
{
    mp_process p;
    struct upper_args args = { text };
    strcpy(text, "hello");
    check(mp_process_init(&p, .context = mp_get_context(method),
                          .target = upper, MP_ARGS(args)));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    printf("%s, %s: exit code %d, %s\n", method, which,
           mp_process_exitcode(&p), text);
    check(mp_process_close(&p));
}

// `malloc` takes so large a block from the kernel, which chooses an
// address at random. (A small block or a static array may by chance
// have the address of something else in a new image. Then the child
// does not die. It reads and changes the wrong memory.)
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);
    three_squares();

    char *ordinary = malloc(1 << 20), *shared = mp_shm_alloc(6);
    check(ordinary);
    check(shared);
    const char *methods[3] = { "fork", "spawn", "forkserver" };
    for (int i = 0; i < 3; i++) {
        show(methods[i], "ordinary", ordinary);
        show(methods[i], "shared", shared);
    }
    free(ordinary);
    mp_shm_free(shared);
}

// ## What happens underneath
//
// `mp_shm_alloc()` in `common/memory/shm.c` takes a block of the
// arena: memory that every process of the program has at the same
// address. Allocate it before you start the processes that use it. The
// kernel keeps the exit code until the parent asks for it (lesson 6).
//
// Under spawn and forkserver Python pickles arguments: it turns them
// into bytes and makes a new object of them in the child. Under fork
// the child has a copy of all memory. So its text arrives under each
// method, and is a copy under each.
//
// ## Try this
//
// - Send the text itself: a `char text[8]` in the struct. Which lines
//   of the output change, and what does the parent have?
// - Give the text 300 letters, in both memories. (The shared one has 6
//   bytes, and must be made larger.) What is the exit code?
// - Let `upper` return by `mp_exit(letters)`, then by `abort()`.
