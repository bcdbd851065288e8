// notes.h - what a file of samples says about the run beside the samples: the
// facts that bench_main adds, so that a table can be read by itself.
//
// All return 0, or -1 with a sentence (error.h).

#ifndef NOTES_H
#define NOTES_H

#include <stdbool.h>

#include "bench.h"
#include "others.h"
#include "raw.h"

// What is asked, how thoroughly, and of which program.
int notes_question(raw_data *data, const bench_question *question,
                   const char *effort);

// Where. Also pins, if the question wants it: the CPUs are counted before that.
int notes_machine(raw_data *data, const bench_question *question);

// Which sizes are left out, if any are; that is said on stderr as well.
int notes_left_out(raw_data *data, const bench_question *question,
                   bench_effort effort);

// How much others have used of our CPUs since then, where that is known.
int notes_others(raw_data *data, const others_mark *begin);

// Which modes are compared with which.
int notes_modes(raw_data *data, const bench_question *question,
                bool has_python);

#endif
