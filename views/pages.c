// pages STEM.. - the pages of an array, before and after parent and child write
// to it: of ordinary memory (lesson 4), or of shared memory (lesson 15). Which
// process uses a page is in /proc/self/pagemap (proc(5)), for every user.

#include "lesson.h"
#include <fcntl.h>
#include <sys/mman.h>

enum { PAGES = 8, LARGEST = 65536 };  // bytes of a page, at most
static _Alignas(LARGEST) char ordinary[PAGES * LARGEST];

static char *memory;       // the array that is shown
static size_t page;        // bytes
static mp_event *written;  // by the parent

static void show(const char *when)
{
    int map = open("/proc/self/pagemap", O_RDONLY);
    printf("%-38s", when);
    for (size_t i = 0; i < PAGES; i++) {
        uint64_t entry = 0;
        size_t number = (uintptr_t)memory / page + i;
        check((int)pread(map, &entry, sizeof entry, (off_t)(number * sizeof entry)));
        bool present = entry >> 63, file = entry >> 61 & 1, alone = entry >> 56 & 1;
        putchar(!present ? '.' : file ? 'S' : alone ? 'o' : '=');
    }
    putchar('\n');
    close(map);
}

static int child(void *args)
{
    (void)args;  // a forked child has copies of the variables above
    check(mp_event_wait(written, MP_FOREVER));
    show("child, which has written nothing");
    memory[2 * page] = 'c';
    show("child, after it wrote to page 2");
    return 0;
}

static void tell(void)
{
    memset(memory, 'p', PAGES * page);
    show("parent, which has written to all");
    mp_process p;
    check(mp_process_init(&p, .context = mp_get_context("fork"), .target = child));
    check(mp_process_start(&p));
    show("parent, after the start of the child");
    memory[6 * page] = 'p';
    show("parent, after it wrote to page 6");
    mp_event_set(written);
    check(mp_process_join(&p, MP_FOREVER));
    check(mp_process_close(&p));
    printf("In page 2 the parent finds a '%c'.\n", memory[2 * page]);
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    setvbuf(stdout, NULL, _IOLBF, 0);  // both print in turn
    const char *lesson = argc > 1 ? argv[1] : "";
    bool shared = strstr(lesson, "15_shared_memory") != NULL;
    if (!shared && strstr(lesson, "04_arguments") == NULL) {
        puts("Lessons 4 and 15 have this view: make pages-4, make pages-15.");
        return 0;
    }
    check(written = mp_array(mp_event, 1));
    page = (size_t)sysconf(_SC_PAGESIZE);
    check(memory = shared ? mp_array(char, (PAGES + 1) * page) : ordinary);
    memory += -(uintptr_t)memory % page;
    madvise(memory, PAGES * page, MADV_NOHUGEPAGE);
    puts(shared ? "Shared memory. S both use this page, . not used here yet"
                : "Ordinary memory. = both use this page, o one process alone");
    tell();
}
