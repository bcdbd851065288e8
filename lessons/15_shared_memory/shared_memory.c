// # Shared memory: Value and Array
//
// `Value('d', 0.0)` is one number that processes share, and
// `Array('i', range(10))` is a row of numbers. In C they are `mp_value`
// and `mp_array`, for any type. Two children change one memory: the
// first writes the number, and the second the array. The first also
// changes an ordinary variable, as in lesson 4. Watch what the parent
// sees afterwards, and the two addresses, which are equal. (On another
// computer they may be different ones.)

#include "lesson.h"

static double ordinary = 0;

struct f_args {
    double *num;
    int *arr;
};

static int write_num(void *args)
{
    const struct f_args *given = args;
    printf("the address is %p\n", (void *)given->num);
    *given->num = 3.1415927;
    ordinary = 3.1415927;
    return 0;
}

static int negate_arr(void *args)
{
    const struct f_args *given = args;
    for (int i = 0; i < 10; i++) {
        given->arr[i] = -given->arr[i];
    }
    return 0;
}

// The children get two pointers among their arguments. At the address
// of ordinary memory another process has a copy, or nothing of ours
// (lesson 4). A pointer into shared memory is a valid argument: all
// processes of this program have this memory at the same address, under
// each start method.
//
// `MP_ARGS` takes a variable, and copies its bytes. It refuses a plain
// pointer, `MP_ARGS(num)`: this could mean the pointer itself, or the
// number that it points to. A struct with a pointer in it has one
// meaning: copy the address.
static void run(int (*target)(void *), double *num, int *arr)
{
    mp_process p;
    struct f_args args = { num, arr };
    check(mp_process_init(&p, .target = target, MP_ARGS(args)));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    check(mp_process_close(&p));
}

// `mp_value` takes the type and the first value. `mp_array` takes the
// type and a count, and all its elements are 0. The parent makes both
// before the starts, because shared memory belongs to the process that
// makes it, and is given back when this process ends.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    double *num = mp_value(double, 0.0);
    int *arr = mp_array(int, 10);
    check(num);
    check(arr);
    for (int i = 0; i < 10; i++) {
        arr[i] = i;
    }
    run(write_num, num, arr);
    run(negate_arr, num, arr);

    printf("the address is %p\n", (void *)num);
    printf("the parent sees %.7f [", *num);
    for (int i = 0; i < 10; i++) {
        printf("%s%d", i == 0 ? "" : ", ", arr[i]);
    }
    printf("]\nordinary: the parent sees %.7f\n", ordinary);
    mp_shm_free(num);
    mp_shm_free(arr);
}

// ## See it
//
// `make pages-15` looks at eight pages of shared memory, the pieces in
// which the kernel gives memory. Both processes write, and no page is
// ever copied: each is shared (`S`) as soon as a process has used it.
// Compare `make pages-4`, which looks at ordinary memory.
//
// ## What happens underneath
//
// An address is a number that the processor translates each time. Each
// process has a table of its own, which says which page of the
// computer's memory belongs to an address (a page is often 4096 bytes).
// So one address can mean two pages, and two tables can name one page.
//
// | process | `&ordinary` means | `num` means |
// |---------|-------------------|-------------|
// | parent  | page 1            | page 3      |
// | child   | page 2, a copy    | page 3      |
//
// `mp_value` and `mp_array` take their memory from the arena, a file
// that has no name and is kept in memory (memfd_create(2)). `map()` in
// `common/memory/arena.c` maps it with `MAP_SHARED` (mmap(2)): the
// tables of all processes then name the same pages. A child of fork has
// a copy of its parent's table. A new image (spawn, forkserver) maps
// the file anew, at the address that it is told. The kernel frees the
// file when the last of these processes has ended, killed or not.
// `mp_shm_new()` in `common/memory/shm.c` takes a block of the arena
// and fills it.
//
// No system call is made to read or to write, and nobody is told of a
// change. The parent reads after the joins: a join is over when the
// child is, so all that it wrote is there. Processes that use one
// memory at the same time need more than this (lesson 16). A `Value`
// of Python has a lock for it, `get_lock()`, and takes it at each read
// and each write. In C you put a lock beside the number if you need it.
//
// ## Try this
//
// - Print `&ordinary` in the child and in the parent. Are the addresses
//   equal under fork? And with `MP_START_METHOD=spawn`?
// - Write `MP_ARGS(num)`. What does the compiler say?
// - Let the child put a pointer of its own, `strdup("hello")`, into a
//   shared struct. What does the parent find there, and why? (Under
//   spawn it may be killed.)
