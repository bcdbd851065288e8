#define _GNU_SOURCE

#include "bench.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// ---- CPUs -----------------------------------------------------------------

static cpu_set_t usable_cpus(void)
{
    cpu_set_t set;
    need(sched_getaffinity(0, sizeof set, &set), "sched_getaffinity");
    return set;
}

int machine_usable_cpus(void)
{
    cpu_set_t set = usable_cpus();
    return CPU_COUNT(&set);
}

void machine_pin(int from_end, int count)
{
    static cpu_set_t usable;  // before any pinning
    cpu_set_t chosen;
    if (CPU_COUNT(&usable) == 0) {
        usable = usable_cpus();
    }
    int skip = CPU_COUNT(&usable) - from_end;
    CPU_ZERO(&chosen);
    for (int cpu = 0; cpu < CPU_SETSIZE && count > 0; cpu++) {
        if (CPU_ISSET(cpu, &usable) && skip-- <= 0) {
            CPU_SET(cpu, &chosen);
            count--;
        }
    }
    need(sched_setaffinity(0, sizeof chosen, &chosen), "sched_setaffinity");
}

// ---- memory ---------------------------------------------------------------

// Reads, as scanf does, what stands behind `key` in the first line that begins
// with it and has that.
static void find(const char *path, const char *key, const char *form, void *out)
{
    char line[256];
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, key, strlen(key)) == 0 &&
            sscanf(line + strlen(key), form, out) == 1) {
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

int64_t machine_number(const char *path, const char *key)
{
    long long number = -1;
    find(path, key, "%lld", &number);
    return number;
}

int64_t machine_available(void)
{
    int64_t most = machine_number("/proc/meminfo", "MemAvailable:") * 1024;
    // Of a control group. "max" is no number, and means no limit.
    int64_t limit = machine_number("/sys/fs/cgroup/memory.max", "");
    return (limit != -1 && limit < most ? limit : most) >> 20;
}

// ---- what it is -----------------------------------------------------------

static const char *from_environment(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : "unknown";
}

void machine_describe(void)
{
    struct utsname kernel;
    struct tm utc;
    char date[64], model[256], c_library[64] = "not glibc";
    time_t now = time(NULL);
    uname(&kernel);
    strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", gmtime_r(&now, &utc));
    // Some architectures have no model's name there.
    snprintf(model, sizeof model, "%s", kernel.machine);
    find("/proc/cpuinfo", "model name", " : %255[^\n]", model);
    bench_fact("machine", "%s", model);
    bench_fact("usable_cpus", "%d", machine_usable_cpus());
    bench_fact("kernel", "%s %s", kernel.sysname, kernel.release);
#ifdef __clang__  // which says that it is a gcc, too
    bench_fact("compiler", "clang %d.%d", __clang_major__, __clang_minor__);
#else
    bench_fact("compiler", "gcc %d.%d", __GNUC__, __GNUC_MINOR__);
#endif
#ifdef _CS_GNU_LIBC_VERSION
    confstr(_CS_GNU_LIBC_VERSION, c_library, sizeof c_library);
#endif
    bench_fact("c_library", "%s", c_library);
    bench_fact("flags", "%s", from_environment("BENCH_FLAGS"));
    bench_fact("commit", "%s", from_environment("BENCH_COMMIT"));
    bench_fact("date", "%s", date);
}

// ---- what else ran --------------------------------------------------------

// Seconds that the usable CPUs were busy since the machine was started, for
// whomever, also for the other guests of a virtual machine's host ("steal").
// The lines are "cpu3 user nice system idle iowait irq softirq steal ..".
static double busy_seconds(void)
{
    cpu_set_t usable = usable_cpus();
    char line[256];
    double ticks = 0;
    FILE *file = fopen("/proc/stat", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        int cpu;
        double user, nice, system, irq, softirq, steal;
        if (sscanf(line, "cpu%d %lf %lf %lf %*f %*f %lf %lf %lf", &cpu, &user,
                   &nice, &system, &irq, &softirq, &steal) == 7 &&
            cpu < CPU_SETSIZE && CPU_ISSET(cpu, &usable)) {
            ticks += user + nice + system + irq + softirq + steal;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return ticks / (double)sysconf(_SC_CLK_TCK);
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

// What the CPUs did that was not ours, others did. All of ours ends before we
// count: what outlives the measuring process, such as a fork server, becomes
// our child, and is waited for.
int machine_run_watched(char **argv, double *others)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    double busy = -busy_seconds();
    int64_t began = bench_now();
    pid_t measuring = (pid_t)need(fork(), "fork");
    if (measuring == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        execv("/proc/self/exe", argv);
        _exit(127);
    }
    int result = 1, status;
    pid_t ended;
    while ((ended = wait(&status)) > 0 || (ended == -1 && errno == EINTR)) {
        if (ended == measuring) {
            result = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
        }
    }
    struct rusage ours;
    getrusage(RUSAGE_CHILDREN, &ours);
    double took = (double)(bench_now() - began) / 1e9;
    busy += busy_seconds() - seconds(ours.ru_utime) - seconds(ours.ru_stime);
    *others = busy > 0 ? busy / took : 0;
    return result;
}
