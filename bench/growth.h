// growth.h - what a mode takes at the largest n, against the smallest.
//
// A fact "growth: mp fork | fork" asks for it, and says what the mode is called
// in the sentences. These become the first verdicts:
//
//     With 4 GiB, fork takes 43.1 times what it takes with 10 MiB
//     spawn: 1.01 times, forkserver: 0.99 times
//
// The first mode is the subject of the first sentence, the second has the
// others. In a file with a fact "per_item" the factor is that of the cost of
// one item, and the sentences come last:
//
//     An item of 10 million takes mp map 1.1 times what one of 1000 takes
//
// Two sizes are not measured in the same rounds, so the factor is that
// of the two medians. Where the mode's control is off at one of the ends
// (compare.h), the sentence gives only the least that the quartiles allow.

#ifndef GROWTH_H
#define GROWTH_H

#include <stdbool.h>
#include <stdio.h>

#include "raw.h"

// Whether it is that of one item.
bool growth_per_item(const raw_data *data);

// Prints a table of all modes, if the file asks for growth, and writes the
// verdicts, from this number on. Returns how many it has written: 0 to 2.
int growth_report(const raw_data *data, int number, FILE *file);

#endif
