#include "base/platform.h"

#include "base/cpus.h"

#include <sched.h>
#include <string.h>

// The list of CPUs online, such as "0-3,6". musl's sysconf tells the number of
// usable ones instead, so we read what the kernel says.
static int count_online(void)
{
    FILE *file = fopen("/sys/devices/system/cpu/online", "re");
    if (file == NULL) {
        return 0;
    }
    int count = 0;
    int first;
    while (fscanf(file, "%d", &first) == 1) {
        int last = first;
        if (fscanf(file, "-%d", &last) != 1) {
            last = first;
        }
        count += last - first + 1;
        if (fgetc(file) != ',') {
            break;
        }
    }
    fclose(file);
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

// ---- cgroups --------------------------------------------------------------

// The path of our group, from the line "0::/path" (cgroups(7)); "" if none.
static void read_path(const char *cgroup, char *path, size_t size)
{
    char line[4096];
    path[0] = '\0';
    FILE *file = fopen(cgroup, "re");
    if (file == NULL) {
        return;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "0::/", 4) == 0) {
            line[strcspn(line, "\n")] = '\0';
            snprintf(path, size, "%s", line + strlen("0::"));
        }
    }
    fclose(file);
}

// cpu.max is "quota period", both in microseconds, or "max period".
static int read_limit(const char *root, const char *path)
{
    char name[8192];
    snprintf(name, sizeof name, "%s%s/cpu.max", root, path);
    FILE *file = fopen(name, "re");
    if (file == NULL) {
        return 0;
    }
    long long quota = 0;
    long long period = 0;
    int read = fscanf(file, "%lld %lld", &quota, &period);
    fclose(file);
    if (read != 2 || quota <= 0 || period <= 0) {
        return 0;
    }
    return (int)((quota + period - 1) / period);
}

// A group is bound by its own limit and by those of all groups above it.
int mp_cgroup_cpu_limit(const char *cgroup, const char *root)
{
    char path[4096];
    int least = 0;
    read_path(cgroup, path, sizeof path);
    for (;;) {
        int limit = read_limit(root, path);
        if (limit > 0 && (least == 0 || limit < least)) {
            least = limit;
        }
        char *slash = strrchr(path, '/');
        if (slash == NULL) {
            return least;
        }
        *slash = '\0';
    }
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
