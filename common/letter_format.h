// letter_format.h - how a letter is laid out, for the two that know: letter.c
// writes it, letter_open.c reads it.

#ifndef MP_LETTER_FORMAT_H
#define MP_LETTER_FORMAT_H

#include <stdint.h>

#include "function.h"
#include "letter.h"
#include "shm.h"

// The letter begins with this. A part is bytes that stand further on.
typedef struct {
    size_t at;    // bytes from the beginning; 0: there is no such part
    size_t size;  // bytes
} part;

enum { OBJECT, ARGS, NAME, IDENTITY, AUTHKEY, NUMBERS, CREATOR_NAME,
       CREATOR_IDENTITY, RUN_MODULE, TARGET_MODULE, PARTS };

typedef struct {
    uint64_t magic;
    part parts[PARTS];
    mp_function run, target;
    pid_t creator;
    bool daemon, creator_daemon, has_target;
    size_t alignment;    // of the object, where it stands in the parent
    size_t box;          // where in the post's memory
    mp_shm_arena arena;  // fd -1: there is none
    int fds[MP_LETTER_OWN + MP_PASS_FDS_MOST];
    int count;
    int own;             // so many of them are not pass_fds
} heading;

#define LETTER_MAGIC UINT64_C(0x6d702d6c65747465)  // "mp-lette"

#endif
