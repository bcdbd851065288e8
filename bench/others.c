#include "base/platform.h"

#include "others.h"

#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>

#include "bench.h"

static double seconds(double ticks)
{
    return ticks / (double)sysconf(_SC_CLK_TCK);
}

// ---- what the CPUs did ----------------------------------------------------

// A line "cpu3 user nice system idle iowait irq softirq steal ..", in ticks.
static double busy_of(const char *line, const cpu_set_t *usable)
{
    int cpu;
    double user, nice, system, irq, softirq, steal;
    if (sscanf(line, "cpu%d %lf %lf %lf %*f %*f %lf %lf %lf", &cpu, &user,
               &nice, &system, &irq, &softirq, &steal) != 7 ||
        cpu < 0 || cpu >= CPU_SETSIZE || !CPU_ISSET(cpu, usable)) {
        return 0;
    }
    return seconds(user + nice + system + irq + softirq + steal);
}

static double busy(void)
{
    cpu_set_t usable;
    CPU_ZERO(&usable);
    sched_getaffinity(0, sizeof usable, &usable);
    FILE *file = fopen("/proc/stat", "r");
    if (file == NULL) {
        return NAN;
    }
    char line[256];
    double sum = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        sum += busy_of(line, &usable);
    }
    fclose(file);
    return sum;
}

// ---- what was ours --------------------------------------------------------

typedef struct {
    int group;
    double used;                // seconds, with children that were waited for
    unsigned long long start;   // ticks, on a clock of the kernel
} process_use;

// /proc/PID/stat: the name stands in parentheses, and may hold anything.
static bool read_use(const char *pid, process_use *use)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return false;
    }
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    const char *behind = strrchr(text, ')');
    double user, system, children_user, children_system;
    if (behind == NULL ||
        sscanf(behind, ") %*c %*d %d %*d %*d %*d %*u %*u %*u %*u %*u %lf %lf "
                       "%lf %lf %*d %*d %*d %*d %llu", &use->group, &user,
               &system, &children_user, &children_system, &use->start) != 6) {
        return false;
    }
    use->used = seconds(user + system + children_user + children_system);
    return true;
}

static double used_by(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double own(void)
{
    double sum = used_by(RUSAGE_SELF) + used_by(RUSAGE_CHILDREN);
    process_use self, other;
    DIR *all = opendir("/proc");
    if (all == NULL || !read_use("self", &self)) {
        sum = NAN;
    }
    struct dirent *entry;
    while (!isnan(sum) && (entry = readdir(all)) != NULL) {
        if (isdigit((unsigned char)entry->d_name[0]) &&
            atoi(entry->d_name) != (int)getpid() &&
            read_use(entry->d_name, &other) && other.group == self.group &&
            other.start >= self.start) {
            sum += other.used;
        }
    }
    if (all != NULL) {
        closedir(all);
    }
    return sum;
}

// ---- the difference -------------------------------------------------------

others_mark others_begin(void)
{
    return (others_mark){ (double)bench_now() / 1e9, busy(), own() };
}

double others_since(const others_mark *begin)
{
    others_mark end = others_begin();
    double took = end.at - begin->at;
    double used = (end.busy - begin->busy) - (end.own - begin->own);
    if (isnan(used) || took <= 0) {
        return -1;
    }
    return used > 0 ? used / took : 0;
}
