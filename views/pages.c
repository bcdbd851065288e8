// pages STEM.. - the pages of an array, before and after parent and child write
// to it: of ordinary memory (lesson 4), or of shared memory (lesson 15). Which
// process uses a page is in /proc/self/pagemap (proc(5)), for every user.

#include "lesson.h"

#include <fcntl.h>
#include <sys/mman.h>

enum { PAGES = 8, LARGEST = 65536 };  // bytes of a page, at most

static _Alignas(LARGEST) char ordinary[PAGES * LARGEST];

struct story {
    mp_event written;
    char *memory;
    size_t page;  // bytes
};

static void show(const struct story *story, const char *when)
{
    int map = open("/proc/self/pagemap", O_RDONLY);
    printf("%-38s", when);
    for (size_t i = 0; i < PAGES; i++) {
        uint64_t entry = 0;
        size_t number = (uintptr_t)story->memory / story->page + i;
        check((int)pread(map, &entry, sizeof entry, (off_t)(number * sizeof entry)));
        bool present = entry >> 63, file = entry >> 61 & 1, alone = entry >> 56 & 1;
        putchar(!present ? '.' : file ? 'S' : alone ? 'o' : '=');
    }
    putchar('\n');
    close(map);
}

static int child(void *args)
{
    struct story *story = *(struct story **)args;
    check(mp_event_wait(&story->written, MP_FOREVER));
    show(story, "child, which has written nothing");
    story->memory[2 * story->page] = 'c';
    show(story, "child, after it wrote to page 2");
    story->memory[3 * story->page] = 'c';
    show(story, "child, after it wrote to page 3");
    return 0;
}

static void tell(struct story *story)
{
    memset(story->memory, 'p', PAGES * story->page);
    show(story, "parent, which has written to all");
    mp_process p;
    struct story *args[] = { story };
    check(mp_process_init(&p, .context = mp_get_context("fork"),
                          .target = child, MP_ARGS(args)));
    check(mp_process_start(&p));
    show(story, "parent, after the start of the child");
    story->memory[6 * story->page] = 'p';
    show(story, "parent, after it wrote to page 6");
    mp_event_set(&story->written);
    check(mp_process_join(&p, MP_FOREVER));
    check(mp_process_close(&p));
    printf("In page 2 the parent finds a '%c'.\n", story->memory[2 * story->page]);
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    setvbuf(stdout, NULL, _IOLBF, 0);  // both print in turn
    bool copied = argc > 1 && strstr(argv[1], "04_arguments") != NULL;
    bool shared = argc > 1 && strstr(argv[1], "15_shared_memory") != NULL;
    if (!copied && !shared) {
        puts("Lessons 4 and 15 have this view: make pages-4, make pages-15.");
        return 0;
    }
    struct story *story = mp_array(struct story, 1);
    check(story);
    story->page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = copied ? ordinary : mp_array(char, (PAGES + 1) * story->page);
    check(pages);
    story->memory = pages + -(uintptr_t)pages % story->page;
    madvise(story->memory, PAGES * story->page, MADV_NOHUGEPAGE);
    puts(copied ? "Ordinary memory. = both use this page, o one process alone"
                : "Shared memory. S both use this page, . not used here yet");
    tell(story);
}
