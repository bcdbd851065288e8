// error.h - the sentence behind a failure. Python: the text of an exception.
//
// One rule holds for every call of this library. A call that cannot do its
// work returns -1 (or NULL), sets errno, and changes nothing; mp_error() then
// gives one sentence for a person, in Python's words where Python has them.
//
//     if (mp_process_start(&p) == -1) {
//         fprintf(stderr, "%s\n", mp_error());
//     }

#ifndef MP_BASE_ERROR_H
#define MP_BASE_ERROR_H

// The sentence of the last call that failed in this thread, without a newline;
// "" before any has. Like errno, it means something only right after a failure.
// Owned by the library: valid until this thread's next failure.
const char *mp_error(void);

// For the library itself: sets errno and the sentence (cut at 255 bytes),
// and returns -1, so that a refusal is one line: return mp_fail(EINVAL, "..");
int mp_fail(int error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
