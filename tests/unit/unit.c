#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/mman.h>

volatile int *shared;

// ---- the audit ------------------------------------------------------------

static int descriptors_before;
static int shm_names_before;

static int entries(const char *folder)
{
    int count = 0;
    DIR *open = opendir(folder);
    if (open == NULL) {
        return 0;
    }
    while (readdir(open) != NULL) {
        count++;
    }
    closedir(open);
    return count;
}

int open_descriptors(void)
{
    // "." and "..", and the one that is open for looking.
    return entries("/proc/self/fd") - 3;
}

static void before_each(void)
{
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    descriptors_before = open_descriptors();
    shm_names_before = entries("/dev/shm");
}

static void after_each(void)
{
    siginfo_t info;
    ck_assert_msg(waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == -1 &&
                      errno == ECHILD,
                  "a child or a zombie was left");
    ck_assert_int_eq(open_descriptors(), descriptors_before);
    ck_assert_int_eq(entries("/dev/shm"), shm_names_before);
}

TCase *unit_facts(void)
{
    TCase *facts = tcase_create("facts");
    tcase_set_timeout(facts, UNIT_DEADLINE);
    tcase_add_checked_fixture(facts, before_each, after_each);
    return facts;
}

int unit_main(const char *name, TCase *facts)
{
    Suite *suite = suite_create(name);
    suite_add_tcase(suite, facts);
    SRunner *runner = srunner_create(suite);
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

// ---- processes to test with -----------------------------------------------

int wait_forever(void *args)
{
    (void)args;
    for (;;) {
        pause();
    }
}

int return_number(void *args)
{
    return *(int *)args;
}

int run_program(int (*body)(void), char *output, size_t size)
{
    int file = memfd_create("output", 0);
    ck_assert_int_ge(file, 0);
    fcntl(file, F_SETFL, O_APPEND);  // several processes write
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(file, STDOUT_FILENO);
        close(file);
        exit(body());
    }
    int status;
    waitpid(pid, &status, 0);
    ssize_t got = pread(file, output, size - 1, 0);
    output[got < 0 ? 0 : got] = '\0';
    close(file);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// ---- faults ---------------------------------------------------------------

int fault_fork;
int fault_malloc = -1;
int fault_pidfd_open;
int fault_pidfd_skip;

pid_t __real_fork(void);
pid_t __wrap_fork(void)
{
    if (fault_fork != 0) {
        errno = fault_fork;
        fault_fork = 0;
        return -1;
    }
    return __real_fork();
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    if (fault_malloc == 0) {
        fault_malloc = -1;
        errno = ENOMEM;
        return NULL;
    }
    if (fault_malloc > 0) {
        fault_malloc--;
    }
    return __real_malloc(size);
}

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...)
{
    va_list values;
    va_start(values, number);
    long a = va_arg(values, long);
    long b = va_arg(values, long);
    long c = va_arg(values, long);
    long d = va_arg(values, long);
    va_end(values);
    if (number == SYS_pidfd_open && fault_pidfd_open != 0 &&
        fault_pidfd_skip-- <= 0) {
        errno = fault_pidfd_open;
        return -1;
    }
    return __real_syscall(number, a, b, c, d);
}
