// Memory that processes share: the arena and its blocks.

#include "unit.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "memory/arena.h"
#include "memory/shm.h"

START_TEST(blocks_are_apart_aligned_and_in_the_arena)
{
    enum { MANY = 200 };
    char *blocks[MANY];
    for (int i = 0; i < MANY; i++) {
        size_t size = (size_t)i * 37;
        blocks[i] = mp_shm_alloc(size);
        ck_assert_ptr_nonnull(blocks[i]);
        ck_assert_uint_eq((uintptr_t)blocks[i] % 64, 0);
        ck_assert(mp_shm_holds(blocks[i], size));
        memset(blocks[i], i, size);
    }
    int wrong = 0;
    for (int i = 0; i < MANY; i++) {
        for (int j = 0; j < i * 37; j++) {
            wrong += blocks[i][j] != (char)i;
        }
        mp_shm_free(blocks[i]);
    }
    ck_assert_int_eq(wrong, 0);
}
END_TEST

START_TEST(freed_blocks_are_used_again)
{
    void *first = mp_shm_alloc(950);
    mp_shm_free(first);
    ck_assert_ptr_eq(mp_shm_alloc(900), first);
    mp_shm_free(first);
    mp_shm_free(first);  // twice: it is free already
    ck_assert_ptr_eq(mp_shm_alloc(950), first);
    ck_assert(mp_shm_alloc(950) != first);
    mp_shm_free(NULL);
}
END_TEST

START_TEST(what_lies_elsewhere_is_not_held)
{
    int local = 0;
    char *block = mp_shm_alloc(100);
    ck_assert(!mp_shm_holds(&local, sizeof local));
    ck_assert(!mp_shm_holds(block, SIZE_MAX));
    ck_assert(!mp_shm_holds(block - (1 << 24), 1));
}
END_TEST

struct account {
    char initial;
    double balance;
};

START_TEST(a_value_has_its_initialiser_an_array_zeros_also_in_used_memory)
{
    enum { COUNT = 1000 };
    long *dirty = mp_shm_alloc(COUNT * sizeof *dirty);
    memset(dirty, -1, COUNT * sizeof *dirty);
    mp_shm_free(dirty);
    long *array = mp_array(long, COUNT);
    ck_assert_ptr_eq(array, dirty);
    for (int i = 0; i < COUNT; i++) {
        ck_assert_int_eq(array[i], 0);
    }
    struct account *account = mp_value(struct account, .balance = 100);
    ck_assert_int_eq(account->initial, 0);
    ck_assert_double_eq(account->balance, 100);
    ck_assert_int_eq(*mp_value(int, -5), -5);
    ck_assert_uint_eq((uintptr_t)mp_value(char, 'x') % 64, 0);
}
END_TEST

START_TEST(an_array_that_no_memory_can_hold_is_refused)
{
    ck_assert_ptr_null(mp_array(long, SIZE_MAX / sizeof(long) + 2));
    ck_assert_int_eq(errno, ENOMEM);
    ck_assert_ptr_null(mp_array(long, (size_t)-1));
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
    int wrong = 0;
    for (int i = 0; i < COUNT; i++) {
        wrong += args.numbers[i] != 2 * i;
    }
    ck_assert_int_eq(wrong, 0);
    ck_assert(mp_shm_alloc(COUNT * sizeof(int)) != args.numbers);
}
END_TEST

// How many bytes of the arena have ever been used: its first word.
static size_t used(void)
{
    return *(volatile size_t *)mp_shm_get_arena().address;
}

static int allocate_and_end(void *args)
{
    for (int i = 0; i < 20; i++) {
        char *block = mp_shm_alloc((size_t)1 << i);
        block[0] = 1;
        if (i % 2 == 0) {
            mp_shm_free(block);
        }
    }
    char *large = mp_shm_alloc(1 << 24);
    memset(large, 1, 1 << 24);
    if (*(int *)args != 0) {
        kill(getpid(), SIGKILL);
    }
    return 0;
}

static void run_one(int is_killed)
{
    mp_process p;
    must(mp_process_init(&p, .target = allocate_and_end, MP_ARGS(is_killed)));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), is_killed ? -SIGKILL : 0);
    must(mp_process_close(&p));
}

START_TEST(what_a_child_had_is_free_when_it_has_ended_or_was_killed)
{
    run_one(0);
    run_one(1);
    struct stat before, after;
    size_t before_used = used();
    fstat(mp_shm_get_arena().fd, &before);
    for (int i = 0; i < 30; i++) {
        run_one(i % 2);
    }
    fstat(mp_shm_get_arena().fd, &after);
    ck_assert_uint_eq(used(), before_used);
    ck_assert_int_ge(before.st_blocks, after.st_blocks);
    ck_assert_int_lt(after.st_blocks * 512, 1 << 24);
}
END_TEST

// Children that allocate, end and are killed at once: nobody gets what another
// one has.
static int hold_for_a_while(void *args)
{
    int mark = *(int *)args;
    for (int round = 0; round < 50; round++) {
        int *blocks[20];
        for (int i = 0; i < 20; i++) {
            blocks[i] = mp_shm_alloc(sizeof mark << i % 8);
            *blocks[i] = mark;
        }
        for (int i = 0; i < 20; i++) {
            if (*blocks[i] != mark) {
                return 1;
            }
            mp_shm_free(i % 3 == 0 ? blocks[i] : NULL);
        }
    }
    if (mark % 4 == 0) {
        kill(getpid(), SIGKILL);
    }
    return 0;
}

START_TEST(no_block_has_two_owners)
{
    enum { AT_ONCE = 8 };
    for (int round = 0; round < 5; round++) {
        mp_process all[AT_ONCE];
        for (int i = 0; i < AT_ONCE; i++) {
            int mark = round * AT_ONCE + i + 1;
            must(mp_process_init(&all[i], .target = hold_for_a_while,
                                 MP_ARGS(mark)));
            must(mp_process_start(&all[i]));
        }
        for (int i = 0; i < AT_ONCE; i++) {
            must(mp_process_join(&all[i], MP_FOREVER));
            int exitcode = mp_process_exitcode(&all[i]);
            ck_assert(exitcode == 0 || exitcode == -SIGKILL);
            must(mp_process_close(&all[i]));
        }
    }
}
END_TEST

START_TEST(a_raw_fork_has_blocks_of_its_own)
{
    int *kept = mp_shm_alloc(4), *ours = mp_shm_alloc(4);
    mp_shm_free(kept);
    *ours = 1;
    pid_t pid = fork();
    if (pid == 0) {
        mp_shm_free(ours);
        int *first = mp_shm_alloc(4), *second = mp_shm_alloc(4);
        *first = *second = 2;
        _exit(first == kept || second == kept || first == ours ||
              second == ours);
    }
    int status;
    waitpid(pid, &status, 0);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(*ours, 1);
    ck_assert_ptr_eq(mp_shm_alloc(4), kept);
}
END_TEST

// All memory is locked that a process maps: only what is used is brought in.
// Root may lock as much as it likes.
START_TEST(with_mlockall_only_what_is_used_is_there)
{
    if (mlockall(MCL_FUTURE) == 0) {
        char *block = mp_shm_alloc(1);
        munlockall();
        if (getuid() == 0) {
            struct stat file;
            ck_assert_ptr_nonnull(block);
            fstat(mp_shm_get_arena().fd, &file);
            ck_assert_int_lt(file.st_blocks * 512, 1 << 20);
        }
    }
}
END_TEST

// What a new image does before main: it takes its time, or the address of the
// arena.
__attribute__((constructor)) static void begin_image(void)
{
    if (getenv("BEGIN_LATE") != NULL) {
        usleep(20000);
    }
    if (getenv("TAKE_THE_ADDRESS") != NULL) {
        mmap((void *)0x200000000000, 4096, PROT_READ,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    }
}

// A child's child that begins late: its parent was killed before it is there.
static int tell_that_it_is_there(void *args)
{
    shared[0] = *(int *)args;
    return 5;
}

static int start_one_and_be_killed(void *args)
{
    mp_process p;
    must(mp_process_init(&p, .target = tell_that_it_is_there,
                         .args = args, .args_size = sizeof(int),
                         .context = mp_get_context("spawn")));
    must(mp_process_start(&p));
    raise(SIGKILL);
    return 0;
}

static bool has(char *block, size_t size, char value)
{
    while (size > 0 && block[size - 1] == value) {
        size--;
    }
    return size == 0;
}

START_TEST(a_child_of_a_killed_child_finds_what_it_was_told)
{
    enum { MANY = 20 };
    int secret = 4711;
    char *blocks[MANY];
    mp_process p;
    must(mp_process_init(&p, .context = mp_get_context("fork"),
                         .target = start_one_and_be_killed, MP_ARGS(secret)));
    setenv("BEGIN_LATE", "1", 1);
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    unsetenv("BEGIN_LATE");
    for (int i = 0; i < MANY; i++) {
        blocks[i] = mp_shm_alloc((size_t)40 << i % 10);
        memset(blocks[i], -1, (size_t)40 << i % 10);
    }
    double deadline = mp_clock_deadline(patience(5));
    while (shared[0] != secret && mp_clock_now() < deadline) {
        usleep(1000);
    }
    ck_assert_int_eq(shared[0], secret);
    usleep(20000);  // for its end
    for (int i = 0; i < MANY; i++) {
        ck_assert(has(blocks[i], (size_t)40 << i % 10, -1));
    }
    must(mp_process_close(&p));
}
END_TEST

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

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    unit_without_arena = true;
    fact(FORK, blocks_are_apart_aligned_and_in_the_arena);
    fact(FORK, freed_blocks_are_used_again);
    fact(FORK, what_lies_elsewhere_is_not_held);
    fact(FORK, a_value_has_its_initialiser_an_array_zeros_also_in_used_memory);
    fact(FORK, an_array_that_no_memory_can_hold_is_refused);
    fact(ALL, a_child_finds_it_at_the_same_address);
    fact(ALL, what_a_child_had_is_free_when_it_has_ended_or_was_killed);
    fact(ALL, no_block_has_two_owners);
    fact(FORK, a_raw_fork_has_blocks_of_its_own);
    fact(FORK, with_mlockall_only_what_is_used_is_there);
    fact(SPAWN, a_child_of_a_killed_child_finds_what_it_was_told);
    fact(SPAWN, a_new_image_whose_address_is_taken_ends_with_255);
    fact(FORK, where_the_address_is_taken_at_first_another_is_found);
    fact(FORK, under_a_limit_the_arena_is_smaller_or_refused);
    return unit_main("shm");
}
