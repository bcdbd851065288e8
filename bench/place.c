#include "base/platform.h"

#include "place.h"

#include <sched.h>
#include <stdbool.h>

static cpu_set_t before;
static bool placed;

static void pin(bool last)
{
    cpu_set_t one;
    int chosen = -1;
    if (!placed) {
        sched_getaffinity(0, sizeof before, &before);
        placed = true;
    }
    for (int cpu = 0; cpu < CPU_SETSIZE && (last || chosen == -1); cpu++) {
        chosen = CPU_ISSET(cpu, &before) ? cpu : chosen;
    }
    CPU_ZERO(&one);
    CPU_SET(chosen, &one);
    sched_setaffinity(0, sizeof one, &one);
}

void place_helpers(void)
{
    pin(true);
}

void place_self(place where)
{
    pin(where == PLACE_TOGETHER);
}

void place_back(void)
{
    if (placed) {
        sched_setaffinity(0, sizeof before, &before);
    }
    placed = false;
}
