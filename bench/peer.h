// peer.h - a program that stands by and is asked for measurements: what ours is
// held against, in a process of its own.
//
//     peer python = { .name = "the Python program" };
//     peer_open(&python, (char *[]){ "python3", "bench/sum.py", NULL });
//     int64_t ns = peer_ask(&python, "one", 1000);
//     peer_close(&python);
//
// It is started once and then waits on a pipe, so that its own start is in no
// measurement. It times itself. At first it writes one line, what it is; then
// it reads lines "one 1000" and answers each with a number of nanoseconds.

#ifndef PEER_H
#define PEER_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

typedef struct {
    const char *name;  // for sentences
    pid_t pid;         // 0: it is not open
    FILE *questions;
    FILE *answers;
    char says[64];     // its first line; "" while it is not open
} peer;

// Looks for the program as the shell does. Errors worth handling: ENOENT, there
// is no such program here.
int peer_open(peer *p, char *const argv[]);

// Blocks until the answer is there. Returns nanoseconds, or -1.
int64_t peer_ask(peer *p, const char *word, int64_t n);

// Lets the program end and waits for it. Where it is not open, does nothing.
void peer_close(peer *p);

#endif
