// fuzz.h - a fuzz target: a function that is given bytes, as an enemy may send
// them, and aborts where the library does not do with them what it must.
//
// clang's libFuzzer makes up the bytes (`make fuzz`, and the manual:
// https://llvm.org/docs/LibFuzzer.html). Elsewhere main.c gives the function
// the files of tests/fuzz/corpus/, as a test.

#ifndef FUZZ_H
#define FUZZ_H

#include "base/platform.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

// What must be true.
#define require(condition)                                             \
    do {                                                               \
        if (!(condition)) {                                            \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, \
                    #condition);                                       \
            abort();                                                   \
        }                                                              \
    } while (0)

#endif
