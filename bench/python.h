// python.h - a Python program that stands by and is asked for measurements.
//
//     python_open("bench/sum.py");
//     int64_t ns = python_ask("one", 1000);
//     python_close();
//
// It is a peer (peer.h), so the start of the interpreter is in no measurement.
// bench/serve.py is its side.

#ifndef PYTHON_H
#define PYTHON_H

#include <stdint.h>

// Errors worth handling: ENOENT, there is no python3 here.
int python_open(const char *script);

// What the program says it is, "CPython 3.11.2"; "" while none is open.
const char *python_version(void);

// Blocks until the answer is there. Returns nanoseconds, or -1.
int64_t python_ask(const char *word, int64_t n);

// Lets the program end and waits for it. Without one, does nothing.
void python_close(void);

#endif
