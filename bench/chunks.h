// chunks.h - which chunksize is the best for a kind of task, how much longer
// Python's default takes, and how much longer chunksize 1.
//
// A fact "default: 10 ns | 32768" asks for it: n is the chunksize, the mode is
// the kind of task, and the number is the chunksize that Python would choose.
// These become the first verdicts:
//
//     Chunksize 1 takes 26 times as long as Python's default with 10 ns tasks
//     1 µs: 1.24 times; 100 µs: about the same; uneven: 0.82 times
//     The default against the best: 10 ns, 1 µs, 100 µs: about the same;
//     uneven: 1.35 times
//     The largest against the default: 10 ns, 1 µs: 1.98 times; 100 µs: 2.00
//     times; uneven: 1.45 times
//
// The first kind is the subject of the first sentence, the second has the
// others. Ratios are paired by round, so each round must have all n (bench.h,
// round_of_all). It is about the same where the median is off 1 by no more than
// COMPARE_TOLERANCE, or where the quartiles lie on both sides of 1. A default
// that was not measured is stood in for by the nearest n that was, and the
// sentences say so.
//
// The best chunksize is the one whose ratio to the default is the least, among
// those whose control is not off (compare.h), unless one of the others is
// clearly better. Where the control of the default or of chunksize 1 is off,
// there is no ratio. The quartiles may still allow to say that it is at least
// so much, when they are divided by what the controls are off; otherwise it is
// not measurable here.

#ifndef CHUNKS_H
#define CHUNKS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "raw.h"
#include "stats.h"

enum { CHUNKS_KINDS = 16 };

// What one n takes against another, of the same kind.
typedef struct {
    stats_quartiles ratio;  // paired by round
    double control;         // the one farther from 1, of both n; NaN: none
    double doubt;           // how far both are from 1, as a factor
    bool off;               // no number rests on it
} chunks_against;

typedef struct {
    char name[64];
    int64_t by_default;    // Python's
    int64_t nearest;       // the n that was measured, and stands for it
    int64_t smallest;      // 1, if that was measured
    int64_t best;
    int64_t largest;       // all items, if that was measured
    chunks_against small;  // `smallest` against `nearest`
    chunks_against usual;  // `nearest` against `best`
    chunks_against large;  // `largest` against `nearest`
} chunks_kind;

// Prints a table, if the file has a default, and writes the verdicts, from this
// number on. For the picture it writes, of kind number i, also from 1 on:
// "kind_i", "default_i", "nearest_i" and "best_i". Returns how many verdicts it
// has written: 0 to 4.
int chunks_report(const raw_data *data, int number, FILE *file);

// ---- its two halves -------------------------------------------------------

// All kinds that have a default; returns how many, CHUNKS_KINDS at most.
int chunks_find(const raw_data *data, chunks_kind kinds[CHUNKS_KINDS]);

// The sentences on so many kinds, without full stops; the second is "" where
// there is one kind alone.
enum { CHUNKS_SENTENCES = 4, CHUNKS_LENGTH = 512 };
void chunks_say(const chunks_kind *kinds, int count,
                char texts[CHUNKS_SENTENCES][CHUNKS_LENGTH]);

#endif
