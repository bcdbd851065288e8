#include "base/platform.h"

#include "base/cpus.h"

#include <sched.h>

// The list of CPUs online, such as "0-3,6". musl's sysconf tells the number of
// usable ones instead, so we read what the kernel says.
static int count_online(void)
{
    FILE *file = fopen("/sys/devices/system/cpu/online", "re");
    int count = 0, first, last;
    while (file != NULL && fscanf(file, "%d", &first) == 1) {
        count += fscanf(file, "-%d", &last) == 1 ? last - first + 1 : 1;
        fgetc(file);  // the comma
    }
    if (file != NULL) {
        fclose(file);
    }
    return count;
}

int mp_cpu_count(void)
{
    int online = count_online();
    if (online < 1) {
        online = (int)sysconf(_SC_NPROCESSORS_ONLN);
    }
    return online > 0 ? online : 1;
}

// Our group is in the line "0::/path" (cgroups(7)). Its cpu.max is "quota
// period", both in microseconds, or "max period".
int mp_cgroup_cpu_limit(const char *cgroup, const char *root)
{
    char line[4096], path[4096] = "", name[8192];
    FILE *file = fopen(cgroup, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        sscanf(line, "0::%4095[^\n]", path);
    }
    if (file != NULL) {
        fclose(file);
    }
    long long quota = 0, period = 0;
    snprintf(name, sizeof name, "%.4000s%s/cpu.max", root, path);
    file = fopen(name, "re");
    if (file == NULL) {
        return 0;
    }
    int read = fscanf(file, "%lld %lld", &quota, &period);
    fclose(file);
    return read == 2 && quota > 0 && period > 0
               ? (int)((quota + period - 1) / period)
               : 0;
}

int mp_usable_cpu_count(void)
{
    cpu_set_t set;
    int usable = mp_cpu_count();
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        usable = CPU_COUNT(&set);
    }
    int limit = mp_cgroup_cpu_limit("/proc/self/cgroup", "/sys/fs/cgroup");
    return limit > 0 && limit < usable ? limit : usable;
}
