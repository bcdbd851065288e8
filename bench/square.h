// square.h - the task of all modes of apply and map, also of those that are no
// pool. It stands in a file of its own, so that no compiler puts its body in
// the place of a call.

#ifndef SQUARE_H
#define SQUARE_H

// Both point to an int64_t. Returns 0 (board.h: mp_task).
int square(const void *arg, void *result);

#endif
