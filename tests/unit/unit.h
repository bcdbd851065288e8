// unit.h - what every unit test has: Check, one fact a test, a deadline, and
// an audit of what the test left behind.
//
//     START_TEST(a_new_process_has_no_pid)
//     { .. }
//     END_TEST
//
//     int main(int argc, char **argv)
//     {
//         unit_begin(argc, argv);
//         fact(ALL, a_new_process_has_no_pid);
//         return unit_main("process");
//     }
//
// Check runs each test in a process of its own, once for each start method that
// is asked for; there no object has been constructed before. A child under
// spawn or forkserver knows nothing of what the test has set in its memory:
// it gets arguments, and has `shared`.

#ifndef UNIT_H
#define UNIT_H

#include "base/platform.h"

#include <check.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "mp.h"

// With -fsanitize=address. There a child of the library that leaks ends with
// this status (LeakSanitizer gives it to a program that leaks).
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNIT_SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define UNIT_SANITIZED 1
#endif
#define UNIT_EXIT_LEAKED 23

// So many seconds, or more where a fork costs more than 0.14 ms, be it that the
// machine is slow or that it is busy. For bounds that hold off a hang.
double patience(double seconds);

// How many `make test` needs; or, with SOAK=1 in the environment, `soak`.
int how_many(int test, int soak);

// Whether the long tests run in full: in one build, gcc with glibc, neither
// static nor with a sanitizer. In the others they are a sample, so that all of
// them stay quick.
bool in_full(void);

// Seconds after which a fact that is added from here on has failed: 30 at
// first, multiplied as patience() does.
void unit_deadline(double seconds);

// The start methods under which a fact is tested. OWN: those whose children are
// ours, and not a fork server's.
enum { FORK = 1, SPAWN = 2, FORKSERVER = 4, OWN = FORK | SPAWN, ALL = 7 };

// First in main. `test_end NAME` runs one fact alone, `test_end NAME spawn`
// under one start method only.
void unit_begin(int argc, char **argv);

// Adds a fact. After each the audit looks: no child and no zombie, the
// descriptors of before, no name more in /dev/shm.
#define fact(methods, test)                                       \
    do {                                                          \
        const char *const names_[] = { #test " fork", #test " spawn", \
                                       #test " forkserver" };     \
        for (int i_ = 0; i_ < 3; i_++) {                          \
            if (((methods) & 1 << i_) != 0 && unit_wants(names_[i_])) { \
                tcase_add_test(unit_case(names_[i_], i_), test);  \
            }                                                     \
        }                                                         \
    } while (0)

// For tests of the arena itself, which otherwise is there before each.
extern bool unit_without_arena;

// Whether this fact is to be tested, and a case for it: Check tells the name of
// a case that failed, so each fact is one.
bool unit_wants(const char *name);
TCase *unit_case(const char *name, int method);

// Runs the facts and prints TAP. Says on stderr what failed, and how to run it
// alone. Returns main's status.
int unit_main(const char *name);

// Whether the fact is being tested under this start method.
bool under(int method);

// Memory that a test shares with all processes it makes, under every start
// method: it stands at one address in all of them. Zeroed before each test.
#define shared ((volatile int *)0x300000000000)

// The state of a process in /proc/PID/stat: 'S' sleeps, 'Z' is a zombie. '-' if
// there is none.
char state_of(pid_t pid);

// Whether the process, anybody's child, runs: it is there, and no zombie.
bool runs(pid_t pid);

// Waits until the process, anybody's child, is stopped.
void wait_until_stopped(pid_t pid);

// How many descriptors this process has open.
int open_descriptors(void);

// A target that never returns: whoever starts it also kills it.
int wait_forever(void *args);

// A target that returns its argument, an int.
int return_number(void *args);

// Constructs and starts a child with `target` and no arguments; joins and
// closes one; and does all of that, and gives its exit code.
void start(mp_process *p, int (*target)(void *));
void join_and_close(mp_process *p);
int exitcode_of(int (*target)(void *));

// The same with a target whose argument is an address in shared memory, which
// it finds as *(void **)args; and a call of such a target in a thread.
void start_at(mp_process *p, int (*target)(void *), void *address);
int exitcode_at(int (*target)(void *), void *address);
int in_thread(int (*target)(void *), void *args);

// A whole program, played by a child of a raw fork(): runs `body` and exits
// with what it returns. Its stdout is a file; `output` gets, as a string, what
// stands there when it has ended. Returns its status as Python gives it: n, or
// -N for signal N.
int run_program(int (*body)(void), char *output, size_t size);

// A refused call returns -1, sets errno, and has a sentence.
#define ck_assert_refused(call, error, sentence)  \
    do {                                          \
        errno = 0;                                \
        ck_assert_int_eq((call), -1);             \
        ck_assert_int_eq(errno, (error));         \
        ck_assert_str_eq(mp_error(), (sentence)); \
    } while (0)

// For calls that must work; says the library's sentence if one does not.
#define must(call) ck_assert_msg((call) != -1, "%s: %s", #call, mp_error())

// ---- a process that is killed at an instruction ---------------------------

// A child of a raw fork() that does something, one instruction after the other
// (ptrace(2)).
typedef struct {
    int (*act)(void *args);
    void *args;
    void (*when_asleep)(void *args);  // called the first time that it sleeps
    void (*when_stopped)(void *args);  // called before it is killed
    bool goes_on;  // it is not killed, but goes on to its end, unless it sleeps
    int stride, soak_stride;  // for long ones: strides are that many times
                              // longer; 0: once
    pid_t pid;
    int steps;             // instructions so far
    bool asleep, ended;    // it sleeps once more; it has ended by itself
} stepped;

// Lets a new one go so many instructions, and kills it there. Returns false
// where the system does not let us trace.
bool kill_at_step(stepped *s, int steps);

// Does that at one instruction after the other, in strides, with `check` after
// each kill, until the child ends before it is killed.
void kill_at_every_step(stepped s, void (*begin)(void),
                        void (*check)(const stepped *killed));

// ---- faults ---------------------------------------------------------------
// The unit tests are linked with --wrap: calls of these functions by the
// library go through unit.c, which fails them with an errno where one is set.

extern int fault_fork;        // errno of the next fork() or posix_spawn(); 0
extern int fault_malloc;      // how many malloc() work before one fails; -1
extern int fault_pidfd_open;  // errno of pidfd_open(), from the call on ..
extern int fault_pidfd_skip;  // .. that follows this many that work

// In new images, which know nothing of our variables: each ends at once, how
// often one did; the errno of the next fork() in one; which malloc() there
// fails, 1 is the next; and whether SIGCHLD was blocked when one forked last.
#define fault_image shared[1000]
#define fault_images shared[1001]
#define fault_image_fork shared[1002]
#define fault_image_malloc shared[1003]
#define image_blocked_sigchld shared[1004]

// While set, what the library grants for a second or more, it grants for ever.
extern bool endless_grace;

// While not 0, it grants only so many seconds in place of a second or more.
extern double short_grace;

// A storm of signals, one in each `microseconds`, or fewer where a fork takes
// longer; none of them restarts a system call. 0 ends it.
void signal_storm(int microseconds);

// How many calls of futex(2) the library has made in this process.
extern _Atomic int futex_calls;

// Sends stderr to nowhere, where a sentence is expected there.
void be_silent(void);

// How many descriptors of this process are not close-on-exec; and how many were
// not at the last posix_spawn().
int inheritable_descriptors(void);

// Memory of our own that this process has, in KiB. (statm's number is rounded
// for each CPU, by more than we look for.) proc(5), since Linux 4.14.
long anonymous_memory(void);
extern int inheritable_at_spawn;

#endif
