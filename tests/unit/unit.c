#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/time.h>

#include "start/forkserver.h"
#include "memory/arena.h"
#include "memory/shm.h"
#include "start/spawn.h"
#include "sync/wait.h"

// ---- memory of all processes ----------------------------------------------

// A file without a name, which the first process keeps open for all that it
// makes; the environment tells new images where to find it.
#define SHARED_VARIABLE "UNIT_SHARED"

// A static program allocates before its constructors run.
static bool is_mapped;

__attribute__((constructor)) static void map_shared(void)
{
    char path[64];
    const char *given = getenv(SHARED_VARIABLE);
    int fd = given != NULL ? open(given, O_RDWR | O_CLOEXEC) : -1;
    if (fd == -1) {  // the first; or one that has given up the right to open it
        fd = memfd_create("shared", MFD_CLOEXEC);
        given = NULL;
    }
    if (fd == -1 || ftruncate(fd, 4096) == -1 ||
        mmap((void *)shared, 4096, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0) != shared) {
        perror("unit.c: shared memory");
        _exit(1);
    }
    is_mapped = true;
    if (given != NULL) {
        close(fd);
    } else {
        snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)getpid(), fd);
        setenv(SHARED_VARIABLE, path, 1);
    }
    if (fault_image != 0 && mp_spawn_is_image()) {
        fault_images++;
        _exit(0);
    }
}

// ---- leaks of children ----------------------------------------------------

#ifdef UNIT_SANITIZED
#include <sys/stat.h>
#include <sys/syscall.h>
#include <pthread.h>

int __lsan_do_recoverable_leak_check(void);

// A child that was forked beside other threads does not have their stacks, and
// what they point to would seem lost.
static bool has_threads;

static void count_threads(void)
{
    struct stat tasks;  // a folder has two links, and one for each folder in it
    has_threads = stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink > 3;
}

__attribute__((constructor)) static void begin_counting(void)
{
    pthread_atfork(count_threads, NULL, NULL);
}

// A child of the library ends by _exit(), which LeakSanitizer does not see. In
// its place this is called: it asks.
void _exit(int status)
{
    if (mp_parent_process() != NULL && !has_threads &&
        __lsan_do_recoverable_leak_check() != 0) {
        status = UNIT_EXIT_LEAKED;
        mp_current_process()->record->exit_status->exitcode = status;
    }
    for (;;) {
        syscall(SYS_exit_group, status);
    }
}
#endif

// ---- a slow or busy machine -----------------------------------------------

static double times_slower = 1;

static int compare(const void *a, const void *b)
{
    return *(const double *)a < *(const double *)b ? -1 : 1;
}

// By the clock, not by the CPU: so it tells a busy machine from an idle one.
static void measure_fork(void)
{
    enum { TIMES = 41 };
    double seconds[TIMES];
    for (int i = 0; i < TIMES; i++) {
        double before = mp_clock_now();
        pid_t pid = fork();
        if (pid == 0) {
            _exit(0);
        }
        waitpid(pid, NULL, 0);
        seconds[i] = mp_clock_now() - before;
    }
    qsort(seconds, TIMES, sizeof *seconds, compare);
    double times = seconds[TIMES / 2] / 0.00014;
    times_slower = times > 1 ? times : 1;
}

double patience(double seconds)
{
    return seconds * times_slower;
}

int how_many(int test, int soak)
{
    return getenv("SOAK") != NULL ? soak : test;
}

bool in_full(void)
{
#if defined(__GLIBC__) && !defined(__clang__) && !defined(UNIT_SANITIZED)
    return getauxval(AT_BASE) != 0;  // where the dynamic linker is
#else
    return false;
#endif
}

// ---- the audit ------------------------------------------------------------

static int descriptors_before;
static glob_t names_before;

bool unit_without_arena;

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

long anonymous_memory(void)
{
    long size = -1;
    char line[200];
    FILE *file = fopen("/proc/self/smaps_rollup", "re");
    ck_assert_ptr_nonnull(file);
    while (size == -1 && fgets(line, sizeof line, file) != NULL) {
        sscanf(line, "Anonymous: %ld", &size);
    }
    fclose(file);
    ck_assert_int_ge(size, 0);
    return size;
}

int inheritable_descriptors(void)
{
    int count = 0;
    for (int fd = 0; fd < 1024; fd++) {
        int flags = fcntl(fd, F_GETFD);
        count += flags != -1 && (flags & FD_CLOEXEC) == 0;
    }
    return count;
}

static void before_each(void)
{
    memset((void *)shared, 0, 4096);
    if (!unit_without_arena) {
        mp_shm_free(mp_shm_alloc(1));  // its descriptor stays open
    }
    descriptors_before = open_descriptors();
    glob("/dev/shm/*", 0, NULL, &names_before);
}

static void before_fork(void)
{
    mp_set_start_method("fork", true);
    before_each();
}

static void before_spawn(void)
{
    mp_set_start_method("spawn", true);
    before_each();
}

static void before_forkserver(void)
{
    mp_set_start_method("forkserver", true);
    before_each();
}

// But for semaphores, which Python makes and the library does not.
static bool is_new(const char *path)
{
    for (size_t i = 0; i < names_before.gl_pathc; i++) {
        if (strcmp(path, names_before.gl_pathv[i]) == 0) {
            return false;
        }
    }
    return strncmp(path, "/dev/shm/sem.", 13) != 0;
}

// Other programs, which may run beside the test, make names that go again.
static void expect_no_new_name(void)
{
    glob_t now = { 0 };
    double until = mp_clock_now() + patience(15);
    glob("/dev/shm/*", 0, NULL, &now);
    for (size_t i = 0; i < now.gl_pathc; i++) {
        while (is_new(now.gl_pathv[i]) && access(now.gl_pathv[i], F_OK) == 0) {
            ck_assert_msg(mp_clock_now() < until, "%s was left",
                          now.gl_pathv[i]);
            usleep(1000);
        }
    }
    globfree(&now);
}

static void after_each(void)
{
    siginfo_t info;
    mp_forkserver_stop();
    ck_assert_msg(waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == -1 &&
                      errno == ECHILD,
                  "a child or a zombie was left");
    int arena = unit_without_arena && mp_shm_get_arena().fd != -1;
    ck_assert_int_eq(open_descriptors(), descriptors_before + arena);
    expect_no_new_name();
}

// ---- the facts ------------------------------------------------------------

static Suite *suite;
static double deadline;

// The command line: the program, and which fact and method it is to run alone.
static const char *program, *only_fact, *only_method;

void unit_deadline(double seconds)
{
    deadline = patience(seconds);
}

void unit_begin(int argc, char **argv)
{
    if (!mp_spawn_is_image()) {
        signal(SIGINT, SIG_DFL);  // a shell ignores it for what runs after &
    }
    mp_main(argc, argv);
    program = argv[0];
    only_fact = argc > 1 ? argv[1] : NULL;
    only_method = argc > 2 ? argv[2] : NULL;
    measure_fork();
    suite = suite_create(program);
    unit_deadline(30);
}

bool unit_wants(const char *name)
{
    size_t length = only_fact != NULL ? strlen(only_fact) : 0;
    return length == 0 ||
           (strncmp(name, only_fact, length) == 0 && name[length] == ' ' &&
            (only_method == NULL ||
             strcmp(name + length + 1, only_method) == 0));
}

TCase *unit_case(const char *name, int method)
{
    void (*const before[])(void) = { before_fork, before_spawn,
                                     before_forkserver };
    TCase *its = tcase_create(name);
    tcase_set_timeout(its, deadline);
    tcase_add_checked_fixture(its, before[method], after_each);
    suite_add_tcase(suite, its);
    return its;
}

bool under(int method)
{
    const char *names[] = { [FORK] = "fork", [SPAWN] = "spawn",
                            [FORKSERVER] = "forkserver" };
    return strcmp(mp_get_start_method(false), names[method]) == 0;
}

static void explain(SRunner *runner, int failed)
{
    TestResult **all = srunner_failures(runner);
    for (int i = 0; i < failed; i++) {
        fprintf(stderr, "# %s: %s:%d: %s\n#   to run it alone: %s %s\n",
                tr_tcname(all[i]), tr_lfile(all[i]), tr_lno(all[i]),
                tr_msg(all[i]), program, tr_tcname(all[i]));
    }
    free(all);
}

int unit_main(const char *name)
{
    SRunner *runner = srunner_create(suite);
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    explain(runner, failed);
    if (srunner_ntests_run(runner) == 0) {
        fprintf(stderr, "# %s has no fact %s\n", name, only_fact);
        failed = 1;
    }
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

char state_of(pid_t pid)
{
    char path[64], line[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        char *got = fgets(line, sizeof line, file);
        fclose(file);
        char *name_end = got != NULL ? strrchr(line, ')') : NULL;
        return name_end != NULL ? name_end[2] : '?';
    }
    return '-';
}

bool runs(pid_t pid)
{
    return strchr("-ZX", state_of(pid)) == NULL;
}

void wait_until_stopped(pid_t pid)
{
    while (state_of(pid) != 'T') {
        usleep(1000);
    }
}

static void interrupt(int sig)
{
    (void)sig;
}

void signal_storm(int microseconds)
{
    struct sigaction action = { .sa_handler = interrupt };  // no SA_RESTART
    long every = (long)patience(microseconds);
    struct timeval each = { every / 1000000, every % 1000000 };
    struct itimerval timer = { each, each };
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
}

void be_silent(void)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
}

void start(mp_process *p, int (*target)(void *))
{
    must(mp_process_init(p, .target = target));
    must(mp_process_start(p));
}

void join_and_close(mp_process *p)
{
    must(mp_process_join(p, MP_FOREVER));
    must(mp_process_close(p));
}

int exitcode_of(int (*target)(void *))
{
    mp_process p;
    start(&p, target);
    must(mp_process_join(&p, MP_FOREVER));
    int exitcode = mp_process_exitcode(&p);
    must(mp_process_close(&p));
    return exitcode;
}

void start_at(mp_process *p, int (*target)(void *), void *address)
{
    struct {
        void *address;
    } args = { address };
    must(mp_process_init(p, .target = target, MP_ARGS(args)));
    must(mp_process_start(p));
}

int exitcode_at(int (*target)(void *), void *address)
{
    mp_process p;
    start_at(&p, target, address);
    must(mp_process_join(&p, MP_FOREVER));
    int exitcode = mp_process_exitcode(&p);
    must(mp_process_close(&p));
    return exitcode;
}

typedef struct {
    int (*target)(void *);
    void *args;
    int result;
} call;

static void *make_call(void *args)
{
    call *its = args;
    its->result = its->target(its->args);
    return NULL;
}

int in_thread(int (*target)(void *), void *args)
{
    pthread_t thread;
    call its = { target, args, 0 };
    ck_assert_int_eq(pthread_create(&thread, NULL, make_call, &its), 0);
    pthread_join(thread, NULL);
    return its.result;
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

// ---- a process that is killed at an instruction ---------------------------

// The first use in a thread asks the kernel who it is, and the first _exit()
// the dynamic linker: thousands of instructions, which are not what is tested.
static _Noreturn void be_stepped(const stepped *s)
{
    mp_owner_self();
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1) {
        _exit(2);
    }
    raise(SIGSTOP);
    int status = s->act(s->args);
    for (;;) {
        syscall(SYS_exit_group, status);
    }
}

// The storm interrupts waitpid() now and then: a step that has not come by then
// may be a sleep.
static void wait_for_step(stepped *s)
{
    int status;
    while (waitpid(s->pid, &status, 0) == -1) {
        if (state_of(s->pid) != 'S') {
            continue;
        }
        if (s->when_asleep == NULL) {
            s->asleep = true;
            return;
        }
        s->when_asleep(s->args);
        s->when_asleep = NULL;
    }
    s->steps++;
    s->ended = !WIFSTOPPED(status);
}

static void let_go_on(stepped *s)
{
    int status;
    ptrace(PTRACE_DETACH, s->pid, NULL, NULL);
    if (s->when_asleep != NULL) {
        s->when_asleep(s->args);
    }
    waitpid(s->pid, &status, 0);
}

bool kill_at_step(stepped *s, int steps)
{
    int status;
    s->pid = fork();
    if (s->pid == 0) {
        be_stepped(s);
    }
    waitpid(s->pid, &status, 0);
    if (!WIFSTOPPED(status)) {
        printf("the system does not let us trace\n");
        return false;
    }
    signal_storm(2000);
    while (s->steps < steps && !s->asleep && !s->ended) {
        ptrace(PTRACE_SINGLESTEP, s->pid, NULL, NULL);
        wait_for_step(s);
    }
    signal_storm(0);
    if (s->when_stopped != NULL && !s->ended) {
        s->when_stopped(s->args);
    }
    if (s->goes_on && !s->asleep && !s->ended) {
        let_go_on(s);
    } else if (!s->ended) {
        kill(s->pid, SIGKILL);
        while (waitpid(s->pid, &status, 0) == s->pid && WIFSTOPPED(status)) {
        }
    }
    return true;
}

#ifdef UNIT_SANITIZED
enum { TEST_STRIDE = 401, SOAK_STRIDE = 37 };
#else
enum { TEST_STRIDE = 13, SOAK_STRIDE = 1 };
#endif

void kill_at_every_step(stepped s, void (*begin)(void),
                        void (*check)(const stepped *killed))
{
    stepped now = s;
    int stride = how_many(
        (in_full() ? 3 : TEST_STRIDE) * (s.stride > 0 ? s.stride : 1),
        SOAK_STRIDE * (s.soak_stride > 0 ? s.soak_stride : 1));
    // It begins elsewhere each time, so that many runs see all instructions.
    for (int steps = (int)getpid() % stride; !now.ended; steps += stride) {
        now = s;
        begin();
        if (!kill_at_step(&now, steps)) {
            return;
        }
        check(&now);
    }
    printf("%d instructions\n", now.steps);
    ck_assert_int_ge(now.steps, 50);
}

// ---- faults ---------------------------------------------------------------

_Atomic int futex_calls;
int fault_fork;
int fault_malloc = -1;
int fault_pidfd_open;
int fault_pidfd_skip;
int inheritable_at_spawn;

static int fork_refused(void)
{
    if (!mp_spawn_is_image()) {
        return 0;
    }
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    image_blocked_sigchld = sigismember(&mask, SIGCHLD);
    errno = fault_image_fork;
    fault_image_fork = 0;
    return errno == 0 ? 0 : -1;
}

pid_t __real_fork(void);
pid_t __wrap_fork(void)
{
    if (fault_fork != 0) {
        errno = fault_fork;
        fault_fork = 0;
        return -1;
    }
    return fork_refused() == 0 ? __real_fork() : -1;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    if (is_mapped && fault_image_malloc > 0 && mp_spawn_is_image() &&
        --fault_image_malloc == 0) {
        errno = ENOMEM;
        return NULL;
    }
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

int __real_posix_spawn(pid_t *pid, const char *path,
                       const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *attributes,
                       char *const argv[], char *const envp[]);
int __wrap_posix_spawn(pid_t *pid, const char *path,
                       const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *attributes,
                       char *const argv[], char *const envp[])
{
    if (fault_fork != 0) {
        int error = fault_fork;
        fault_fork = 0;
        return error;
    }
    inheritable_at_spawn = inheritable_descriptors();
    return __real_posix_spawn(pid, path, actions, attributes, argv, envp);
}

bool endless_grace;
double short_grace;

double __real_mp_clock_deadline(double timeout);
double __wrap_mp_clock_deadline(double timeout)
{
    if (timeout >= 1 && timeout < MP_FOREVER && short_grace > 0) {
        timeout = short_grace;
    }
    bool endless = endless_grace && timeout >= 1;
    return __real_mp_clock_deadline(endless ? MP_FOREVER : timeout);
}

// Like the C library's own it reads six arguments, where fewer may have come.
long __real_syscall(long number, ...);
__attribute__((no_sanitize("address")))
long __wrap_syscall(long number, ...)
{
    va_list values;
    va_start(values, number);
    long a = va_arg(values, long);
    long b = va_arg(values, long);
    long c = va_arg(values, long);
    long d = va_arg(values, long);
    long e = va_arg(values, long);
    long f = va_arg(values, long);
    va_end(values);
    futex_calls += number == SYS_futex;
    if (number == SYS_pidfd_open && fault_pidfd_open != 0 &&
        fault_pidfd_skip-- <= 0) {
        errno = fault_pidfd_open;
        return -1;
    }
    return __real_syscall(number, a, b, c, d, e, f);
}

// ---- assertions in new images ---------------------------------------------
// Check's assertions, also those that hold, report to the process that runs the
// tests, which a new image of the program does not know. There one that fails
// ends the process with status 1, and its sentence goes to stderr.

#ifndef CHECK_FOR_MUSL_H
void __real__mark_point(const char *file, int line);
void __wrap__mark_point(const char *file, int line)
{
    if (!mp_spawn_is_image()) {
        __real__mark_point(file, line);
    }
}

_Noreturn void __real__ck_assert_failed(const char *file, int line,
                                        const char *sentence,
                                        const char *format, ...);
_Noreturn void __wrap__ck_assert_failed(const char *file, int line,
                                        const char *sentence,
                                        const char *format, ...)
{
    char message[1000] = "";
    if (format != NULL) {
        va_list values;
        va_start(values, format);
        vsnprintf(message, sizeof message, format, values);
        va_end(values);
    }
    if (mp_spawn_is_image()) {
        fprintf(stderr, "%s:%d: %s %s\n", file, line, sentence, message);
        _exit(1);
    }
    __real__ck_assert_failed(file, line, sentence,
                             format != NULL ? "%s" : NULL, message);
}
#endif
