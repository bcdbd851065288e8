// bench.h - the harness: it asks one question of the machine, and notes every
// answer. A question is one file with one const record:
//
//     static int64_t one(int64_t n) { ...; return nanoseconds; }
//     static const bench_mode modes[] = { { .name = "one", .run = one }, ... };
//     static const bench_question question = { .name = "sum", ... };
//     int main(int argc, char **argv)
//     { return bench_main(argc, argv, &question); }
//
// For each size n there are rounds, and each round measures every mode once.
// Modes that are compared thus run within the same seconds, and whatever else
// the machine does meanwhile meets them all. Each other round runs backwards,
// so that no mode always comes first. A warm-up round is not noted. The control
// of a mode should stand as far from the end of the list as the mode from its
// beginning; C and Python modes count as two lists, and each part does.
//
// The program is called as `sum quick FILE`, and writes FILE (raw.h). It reads
// BENCH_COMMIT and BENCH_FLAGS from the environment, for the notes in FILE.

#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stdint.h>

// How much time a run may take. TINY is for tests: it measures nothing that
// could be trusted.
typedef enum { BENCH_TINY, BENCH_QUICK, BENCH_NORMAL, BENCH_FULL } bench_effort;
enum { BENCH_EFFORTS = 4 };

// One way to do the work.
typedef struct {
    const char *name;           // as in tables and pictures
    int64_t (*run)(int64_t n);  // does it once; returns nanoseconds, or -1 with
                                // a sentence (error.h)
    const char *python;         // or: the word that asks the question's Python
                                // program to do it (python.h)
    const char *against;        // the mode it is compared with; NULL: none
    const char *wins;           // begins the verdict, which gives the n from
                                // which this mode is faster: "X wins"; NULL:
                                // the verdict gives the ratio instead
    const char *control_of;     // or: it is this mode, measured a second time
    const char *grows;          // its name in the sentence on what the largest
                                // n costs against the smallest (growth.h)
    const char *gains;          // or: n is their number, and this names them in
                                // the sentence on how many times as fast they
                                // are as the mode `against` (gain.h)
    int64_t largest;            // larger n are left out of it; 0: none
    int64_t by_default;         // the n that it has where nobody chooses one,
                                // for the summary (chunks.h); 0: none
    int part;                   // part 0 runs through all sizes, then part 1,
                                // and so on
} bench_mode;

typedef struct bench_question {
    const char *name;                     // names its files: "sum"
    const char *asks;                     // one sentence
    const bench_mode *modes;              // ends with a mode without a name
    const int64_t *sizes[BENCH_EFFORTS];  // each n, ascending; ends with 0
    const char *python;                   // path of the Python program, or NULL
    int64_t python_max[BENCH_EFFORTS];    // its modes leave out larger n
    int pinned;                           // to so many CPUs; 0: to none
    bool per_item;                        // growth is of the cost of one of n
    bool starts;                          // "wins" is by starting processes:
                                          // the break-even is fitted (fit.h)
    const char *unit;                     // of n, "MiB"; NULL: a plain number
    double share;        // of the time that an effort has for a size; 0: all
    bool same_n_before;  // the run before each measured one, which is not
                         // noted, has its n; otherwise the smallest
    bool none_before;    // or there is none: what it would spare the measured
                         // one is little against the work
    bool round_of_all;   // each round has all n, so that these can be compared
                         // within it
    bench_effort effort; // of this run; bench_main sets it
    // Called once, before anything is measured; NULL: there is nothing to do.
    // May set what follows, and change `modes`: the record is a copy. Returns
    // 0, or -1 with a sentence.
    int (*prepare)(struct bench_question *question);
    void (*finish)(void);  // called once, after all; NULL: nothing is to do
    int64_t largest;     // larger n are left out; 0: none
    const char *limit;   // and this is why
    const char *remark;  // for the foot of the picture, or NULL
} bench_question;

// The whole program: arguments, rounds, file. Returns the exit status, having
// said on stderr what went wrong.
int bench_main(int argc, char **argv, const bench_question *question);

// Nanoseconds since some moment in the past (CLOCK_MONOTONIC).
int64_t bench_now(void);

#endif
