#include "base/platform.h"

#include "watch/watch.h"

#include <sched.h>
#include <stdarg.h>
#include <string.h>

#include "base/pid.h"
#include "base/watch.h"
#include "memory/arena.h"
#include "memory/shm.h"
#include "process/current.h"
#include "start/spawn.h"
#include "sync/sync.h"

static double most_seconds;  // of MP_DEADLOCK; 0: it is not set
static uint64_t seed;        // of MP_SCHEDULE; 0: it is not set

// ---- MP_SCHEDULE ----------------------------------------------------------

// Each thread has a sequence of its own, which begins anew in a child.
static void pause_or_not(void)
{
    static _Thread_local uint64_t state;
    static _Thread_local unsigned generation;
    if (seed == 0) {
        return;
    }
    if (generation != mp_own_generation()) {
        generation = mp_own_generation();
        state = seed;
        const char *name = mp_process_name(mp_current_process());
        for (; *name != '\0'; name++) {
            state = state * 31 + (unsigned char)*name;
        }
    }
    // A linear congruential generator: Knuth, TAOCP 2, 3.3.4.
    state = state * 6364136223846793005u + 1442695040888963407u;
    unsigned number = (unsigned)(state >> 33);
    if (number % 4 == 0) {
        usleep(number / 4 % 5 * 1000);
    } else if (number % 4 == 1) {
        sched_yield();
    }
}

// ---- MP_DEADLOCK ----------------------------------------------------------

// A thread that waits for a lock, as all processes see it.
typedef struct {
    _Atomic mp_owner who;  // 0: nobody; MP_WAITS: not all is written yet
    const _Atomic mp_owner *lock;
    double since;
    char name[MP_NAME_SIZE], place[60];
    enum { UNTOLD, CHAIN, CIRCLE } told;
} wait_note;

// In shared memory. A copy of the process has the address; a new image finds it
// in the environment.
enum { NOTES = 256 };
#define NOTES_VARIABLE "MP_DEADLOCK_NOTES"
static wait_note *notes;

static _Thread_local int own = -1;  // the index of the calling thread's note

// First looks for an empty note, then for one of a process that is dead.
static void begin(const _Atomic mp_owner *lock)
{
    for (int i = 0; i < 2 * NOTES && own == -1; i++) {
        wait_note *note = &notes[i % NOTES];
        mp_owner who = atomic_load(&note->who);
        if ((who == 0 || (i >= NOTES && mp_owner_is_dead(who))) &&
            mp_owner_change(&note->who, who, mp_owner_self() | MP_WAITS)) {
            note->lock = lock;
            note->since = mp_clock_now();
            note->told = UNTOLD;
            snprintf(note->name, sizeof note->name, "%s",
                     mp_process_name(mp_current_process()));
            snprintf(note->place, sizeof note->place, "%s", mp_place);
            atomic_store(&note->who, mp_owner_self());
            own = i % NOTES;
        }
    }
}

// Whatever happens next, the wait for a lock is over.
static void event(const char *what, const void *object, long count)
{
    (void)what, (void)object, (void)count;
    if (own != -1) {
        atomic_store(&notes[own].who, 0);
        own = -1;
    }
    pause_or_not();
}

static int find(mp_owner owner)
{
    for (int i = 0; i < NOTES; i++) {
        if (atomic_load(&notes[i].who) == owner) {
            return i;
        }
    }
    return -1;
}

typedef struct {
    char bytes[4096];
    size_t size;
} text;

static void add(text *to, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int size = vsnprintf(to->bytes + to->size, sizeof to->bytes - to->size,
                         format, values);
    va_end(values);
    to->size += (size_t)size;
    to->size = to->size < sizeof to->bytes ? to->size : sizeof to->bytes - 1;
}

// Adds what the note says. Returns the index of the note of the process that
// holds that lock, or one of these.
enum { WAITS_FOR_NONE = -1, IS_FREE_NOW = -2 };

static int describe(text *report, int index)
{
    const wait_note *note = &notes[index];
    mp_owner held = atomic_load(note->lock);
    held -= MP_OWNER_USE(held);
    if (held == 0) {
        return IS_FREE_NOW;
    }
    add(report, "%s (process %d) waits\n    at %s\n    for the lock at %p, "
        "which process %d holds.\n", note->name,
        MP_OWNER_PID(atomic_load(&note->who)), note->place,
        (const void *)note->lock, MP_OWNER_PID(held));
    int next = find(held);
    if (next == WAITS_FOR_NONE) {
        add(report, "Process %d waits for no lock.\n", MP_OWNER_PID(held));
    }
    return next;
}

// Of a circle, the one whose note stands first tells it. Only locks in shared
// memory are looked at: all processes can.
static void look(const _Atomic mp_owner *lock)
{
    if (notes != NULL && mp_shm_holds((const void *)lock, sizeof *lock)) {
        begin(lock);
    }
    if (own == -1 || mp_clock_now() - notes[own].since < most_seconds) {
        return;
    }
    text report = { .size = 0 };
    bool seen[NOTES] = { false };
    int at = own, first = own;
    while (at >= 0 && !seen[at]) {
        seen[at] = true;
        first = at < first ? at : first;
        at = describe(&report, at);
    }
    int told = at == own ? CIRCLE : CHAIN;
    if (at == IS_FREE_NOW || told <= (int)notes[own].told) {
        return;
    }
    notes[own].told = told;
    if (told == CIRCLE) {
        add(&report, "This is a circle: none goes on, unless one gives up.\n");
    }
    if ((told == CHAIN || first == own) &&
        write(STDERR_FILENO, report.bytes, report.size) == -1) {
        return;  // there is nobody to tell
    }
}

// ---- asked for ------------------------------------------------------------

static double number(const char *variable)
{
    const char *given = getenv(variable);
    char *end;
    if (given == NULL) {
        return 0;
    }
    double value = strtod(given, &end);
    if (end == given || *end != '\0' || !(value > 0 && value < 1e15)) {
        fprintf(stderr, "%s must be a number above 0, not '%s'\n", variable,
                given);
        _exit(2);
    }
    return value;
}

static void find_notes(void)
{
    char address[32];
    if (mp_spawn_is_image() && getenv(NOTES_VARIABLE) != NULL) {
        notes = (wait_note *)strtoull(getenv(NOTES_VARIABLE), NULL, 16);
        return;
    }
    notes = mp_array(wait_note, NOTES);
    snprintf(address, sizeof address, "%llx", (unsigned long long)notes);
    setenv(NOTES_VARIABLE, address, 1);
}

__attribute__((constructor)) static void ask(void)
{
    static mp_watcher watcher = { event, look, NULL };
    most_seconds = number(MP_DEADLOCK_VARIABLE);
    double asked = number(MP_SCHEDULE_VARIABLE);
    seed = (uint64_t)asked + (asked > 0 && asked < 1);
    if (most_seconds > 0) {
        find_notes();
    }
    if (most_seconds > 0 || seed > 0) {
        watcher.next = mp_watch;
        mp_watch = &watcher;
    }
}
