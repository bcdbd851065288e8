// bench.h - the harness: it measures one question and writes raw samples.
//
// A question is one file, NAME.c; README.md says what it asks, how all is
// measured, and how to write one. Its program is called as `start quick FILE`.

#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "mp.h"

// One way to do the work.
typedef struct {
    const char *name;    // as in tables and pictures
    void (*call)(void);  // is called n times; a sample is the mean
    int64_t (*run)(int64_t n, int arg);  // or: returns nanoseconds itself
    int arg;             // for run
    const char *python;  // or: what bench/python.py is asked to do
    bool again;          // is measured once more, as its control (A/A)
    bool forked;         // each sample in a child; for threads, since a process
                         // that has had one forks more slowly for ever
    int64_t largest;     // larger n are left out; 0: none
} bench_mode;

typedef struct {
    const char *name;                    // names its files: "sum"
    const char *asks;                    // one sentence
    const bench_mode *modes;             // ends with a mode without a name
    const int64_t *sizes;                // each n, ascending; ends with 0
    const int64_t *quick;                // the same for QUICK=1, if it differs
    const char *unit;                    // of n: "MiB"; NULL: a plain number
    int pinned;                          // to so many CPUs; 0: to none
    bool apart;                          // each mode also runs on two CPUs,
                                         // as "NAME, 2 CPUs"
    bool by_size;                        // all rounds of one size, then of the
                                         // next one
    void (*prepare)(void);               // called before all; may be NULL
    int64_t largest;                     // larger n are left out; 0: none
} bench_question;

extern bench_question question;  // each question defines it; main is here

// A program with this argument alone ends at once, before anything else.
#define BENCH_NOTHING "--nothing"

// ---- for questions --------------------------------------------------------

// On how many CPUs the mode is to run now: 1 or 2 (question.apart). Python has
// it as the argument before n.
extern int bench_cpus;

// The n of this run, ascending; ends with 0.
const int64_t *bench_sizes(void);

// Nanoseconds since some moment in the past (CLOCK_MONOTONIC).
int64_t bench_now(void);

// Ends the program, and what it has started, with a sentence.
_Noreturn void bench_fail(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

// Ends the program with the library's sentence if a call of it returned -1.
void must(int result);

// The same for a system call. Returns its result.
int64_t need(int64_t result, const char *call);

// A line "# key: value" for the head of the file.
void bench_fact(const char *key, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// The mean over n calls, one after the other, in nanoseconds.
int64_t bench_mean(void (*call)(void), int64_t n);

// ---- the machine (machine.c) ----------------------------------------------

int machine_usable_cpus(void);

// From now on this process, and what it starts, runs on `count` of its usable
// CPUs alone, beginning with number `from_end` from the end, or with the first:
// machine_pin(1, 1) is the last one.
void machine_pin(int from_end, int count);

// The number behind `key` in a file whose lines begin with keys, such as
// /proc/meminfo, or with the key "" the first number; -1 where there is none.
int64_t machine_number(const char *path, const char *key);

// How much memory the machine, or the container, still has to give, in MiB.
int64_t machine_available(void);

// Writes what the machine is, and what this program was built with, as facts.
void machine_describe(void);

// Runs this program once more, in a process of its own. Returns its exit status
// when it and all that it started have ended. *others becomes how many CPUs
// other programs used meanwhile: 0.5 is half of one CPU all the time.
int machine_run_watched(char **argv, double *others);

// ---- peers (peer.c) -------------------------------------------------------

// Another program that stands by and is asked for measurements. It is started
// once, so that its own start is in no measurement. It times itself, and ends
// when we end. First it writes a line that says what it is. Then it reads lines
// "words n", and answers each with a number of nanoseconds.
typedef struct {
    const char *path;
    FILE *questions, *answers;
    char says[64];  // its first line
} peer;

// Returns false where there is no such program.
bool peer_open(peer *p, char *const argv[]);

int64_t peer_ask(peer *p, const char *words, int64_t n);

#endif
