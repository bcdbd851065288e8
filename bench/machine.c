#include "base/platform.h"

#include "machine.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "base/error.h"

#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

int machine_usable_cpus(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == -1) {
        return mp_fail(errno, "cannot ask for the usable CPUs: %s",
                       strerror(errno));
    }
    return CPU_COUNT(&set);
}

int machine_pin(int cpus, char *text, size_t size)
{
    cpu_set_t usable, chosen;
    if (sched_getaffinity(0, sizeof usable, &usable) == -1) {
        return mp_fail(errno, "cannot pin: %s", strerror(errno));
    }
    CPU_ZERO(&chosen);
    int surplus = CPU_COUNT(&usable) - cpus;
    size_t length = (size_t)snprintf(
        text, size, "%s", CPU_COUNT(&usable) > 1 && cpus > 1 ? "CPUs" : "CPU");
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &usable) && surplus-- <= 0 && length < size) {
            CPU_SET(cpu, &chosen);
            length += (size_t)snprintf(text + length, size - length, " %d",
                                       cpu);
        }
    }
    if (sched_setaffinity(0, sizeof chosen, &chosen) == -1) {
        return mp_fail(errno, "cannot pin: %s", strerror(errno));
    }
    return 0;
}

// The model's name as /proc/cpuinfo has it. Some architectures have none there.
static void cpu_model(char *model, size_t size, const char *fallback)
{
    snprintf(model, size, "%s", fallback);
    FILE *file = fopen("/proc/cpuinfo", "r");
    if (file == NULL) {
        return;
    }
    char line[256];
    while (fgets(line, sizeof line, file) != NULL) {
        const char *value = strstr(line, ": ");
        if (strncmp(line, "model name", 10) == 0 && value != NULL) {
            snprintf(model, size, "%.*s", (int)strcspn(value + 2, "\n"),
                     value + 2);
            break;
        }
    }
    fclose(file);
}

// clang says that it is a gcc, too: ask for it first.
static const char *compiler(void)
{
    static char name[64];
#ifdef __clang__
    snprintf(name, sizeof name, "clang %d.%d.%d", __clang_major__,
             __clang_minor__, __clang_patchlevel__);
#else
    snprintf(name, sizeof name, "gcc %d.%d.%d", __GNUC__, __GNUC_MINOR__,
             __GNUC_PATCHLEVEL__);
#endif
    return name;
}

static const char *c_library(void)
{
#ifdef __GLIBC__
    static char name[64];
    snprintf(name, sizeof name, "glibc %s", gnu_get_libc_version());
    return name;
#else
    return "not glibc";
#endif
}

int machine_describe(raw_data *data, int usable_cpus)
{
    struct utsname kernel;
    uname(&kernel);
    char model[256];
    cpu_model(model, sizeof model, kernel.machine);
    char date[64];
    time_t now = time(NULL);
    struct tm utc;
    strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", gmtime_r(&now, &utc));
    double load = -1;
    getloadavg(&load, 1);
    if (raw_add_fact(data, "machine", "%s", model) == -1 ||
        raw_add_fact(data, "load_before", "%.2f", load) == -1 ||
        raw_add_fact(data, "usable_cpus", "%d", usable_cpus) == -1 ||
        raw_add_fact(data, "kernel", "%s %s", kernel.sysname,
                     kernel.release) == -1 ||
        raw_add_fact(data, "compiler", "%s", compiler()) == -1 ||
        raw_add_fact(data, "c_library", "%s", c_library()) == -1) {
        return -1;
    }
    return raw_add_fact(data, "date", "%s", date);
}
