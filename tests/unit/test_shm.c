// Memory that processes share: the arena and its blocks.

#include "unit.h"

#include <stdalign.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "memory/arena.h"

START_TEST(blocks_are_apart_aligned_and_in_the_arena)
{
    enum { MANY = 200 };
    char *blocks[MANY];
    for (int i = 0; i < MANY; i++) {
        size_t size = (size_t)i * 37;
        blocks[i] = mp_shm_alloc(size);
        ck_assert_ptr_nonnull(blocks[i]);
        ck_assert_uint_eq((uintptr_t)blocks[i] % alignof(max_align_t), 0);
        ck_assert(mp_shm_holds(blocks[i], size));
        memset(blocks[i], i, size);
    }
    for (int i = 0; i < MANY; i++) {
        for (int j = 0; j < i * 37; j++) {
            ck_assert_int_eq(blocks[i][j], (char)i);
        }
        mp_shm_free(blocks[i]);
    }
}
END_TEST

START_TEST(freed_blocks_are_used_again)
{
    void *first = mp_shm_alloc(1000);
    mp_shm_free(first);
    ck_assert_ptr_eq(mp_shm_alloc(900), first);
    mp_shm_free(first);
    mp_shm_free(first);  // twice: it is free already
    ck_assert_ptr_eq(mp_shm_alloc(1000), first);
    ck_assert(mp_shm_alloc(1000) != first);
    mp_shm_free(NULL);
}
END_TEST

START_TEST(what_lies_elsewhere_is_not_held)
{
    int local = 0;
    char *block = mp_shm_alloc(100);
    ck_assert(!mp_shm_holds(&local, sizeof local));
    ck_assert(!mp_shm_holds(block, SIZE_MAX));
    ck_assert(!mp_shm_holds(block - (1 << 20), 1));
}
END_TEST

struct shared_args {
    int *numbers;
    int count;
};

static int double_them(void *args)
{
    const struct shared_args *given = args;
    for (int i = 0; i < given->count; i++) {
        given->numbers[i] *= 2;
    }
    int *mine = mp_shm_alloc(sizeof *mine);
    mp_shm_free(given->numbers);  // not ours to free: nothing happens
    return mine != NULL && mine != given->numbers ? 0 : 1;
}

START_TEST(a_child_finds_it_at_the_same_address)
{
    enum { COUNT = 100000 };
    struct shared_args args = { mp_shm_alloc(COUNT * sizeof(int)), COUNT };
    for (int i = 0; i < COUNT; i++) {
        args.numbers[i] = i;
    }
    mp_process p;
    must(mp_process_init(&p, .target = double_them, MP_ARGS(args)));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 0);
    must(mp_process_close(&p));
    for (int i = 0; i < COUNT; i++) {
        ck_assert_int_eq(args.numbers[i], 2 * i);
    }
    ck_assert(mp_shm_alloc(COUNT * sizeof(int)) != args.numbers);
}
END_TEST

// The address is taken: by what the child itself has put there.
__attribute__((constructor)) static void take_the_address(void)
{
    if (getenv("TAKE_THE_ADDRESS") != NULL) {
        mmap((void *)0x200000000000, 4096, PROT_READ,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    }
}

static int leave_stderr(void *args)
{
    return double_them(args);
}

START_TEST(a_new_image_whose_address_is_taken_ends_with_255)
{
    struct shared_args args = { mp_shm_alloc(sizeof(int)), 1 };
    mp_process p;
    must(mp_process_init(&p, .target = leave_stderr, MP_ARGS(args)));
    setenv("TAKE_THE_ADDRESS", "1", 1);
    int kept = dup(STDERR_FILENO);
    close(STDERR_FILENO);  // where it says so
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    dup2(kept, STDERR_FILENO);
    close(kept);
    unsetenv("TAKE_THE_ADDRESS");
    ck_assert_int_eq(mp_process_exitcode(&p), MP_EXIT_UNKNOWN);
    must(mp_process_close(&p));
}
END_TEST

START_TEST(where_the_address_is_taken_at_first_another_is_found)
{
    void *there = mmap((void *)0x200000000000, 4096, PROT_READ,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
                       0);
    ck_assert_ptr_eq(there, (void *)0x200000000000);
    int *number = mp_shm_alloc(sizeof *number);
    ck_assert_ptr_nonnull(number);
    *number = 1;
    munmap(there, 4096);
}
END_TEST

START_TEST(under_a_limit_the_arena_is_smaller_or_refused)
{
    struct rlimit before, limit;
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 1 << 20;
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert_ptr_null(mp_shm_alloc(100));
    ck_assert_int_eq(errno, ENOMEM);
    limit.rlim_cur = (rlim_t)200 << 20;
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert_ptr_nonnull(mp_shm_alloc(100));
    ck_assert_ptr_null(mp_shm_alloc((size_t)200 << 20));
    ck_assert_int_eq(errno, ENOMEM);
    ck_assert_str_eq(mp_error(), "no shared memory: all of it is in use");
    setrlimit(RLIMIT_FSIZE, &before);
    ck_assert_ptr_null(mp_shm_alloc(SIZE_MAX));
}
END_TEST

// How many of so many pages are there.
static size_t pages_there(char *first, size_t pages, size_t page)
{
    unsigned char there[64];
    size_t count = 0;
    ck_assert(pages <= sizeof there);
    ck_assert_int_eq(mincore(first, pages * page, there), 0);
    for (size_t i = 0; i < pages; i++) {
        count += there[i] & 1;
    }
    return count;
}

START_TEST(pages_are_found_at_once_if_the_first_is_not_there)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = 64;
    char *block = mp_shm_alloc((pages + 1) * page);
    ck_assert_msg(block != NULL, "%s", mp_error());
    char *first = (char *)(((uintptr_t)block + page - 1) / page * page);
    ck_assert_uint_eq(pages_there(first, pages, page), 0);
    first[0] = 'x';
    mp_shm_populate(first, pages * page);
    ck_assert_uint_eq(pages_there(first, pages, page), 1);
    mp_shm_populate(first + page, page);  // too small to be worth while
    ck_assert_uint_eq(pages_there(first, pages, page), 1);
    mp_shm_populate(first + 1, (pages - 1) * page);  // from the second on
    size_t there = pages_there(first, pages, page);
    if (there == 1) {
        printf("# this kernel is too old for it\n");
    } else {
        ck_assert_uint_eq(there, pages - 1);
    }
    ck_assert_int_eq(first[0], 'x');
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    unit_without_arena = true;
    fact(FORK, blocks_are_apart_aligned_and_in_the_arena);
    fact(FORK, freed_blocks_are_used_again);
    fact(FORK, what_lies_elsewhere_is_not_held);
    fact(ALL, a_child_finds_it_at_the_same_address);
    fact(SPAWN, a_new_image_whose_address_is_taken_ends_with_255);
    fact(FORK, where_the_address_is_taken_at_first_another_is_found);
    fact(FORK, under_a_limit_the_arena_is_smaller_or_refused);
    fact(FORK, pages_are_found_at_once_if_the_first_is_not_there);
    return unit_main("shm");
}
