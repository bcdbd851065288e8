// context.h - which start method is used, and the top of main.
// Python: multiprocessing.context, and `if __name__ == '__main__':`.

#ifndef MP_CONTEXT_H
#define MP_CONTEXT_H

// Call it first in main: it registers the exit handler that joins the children,
// so that the program's own handlers, registered later, run before it. Under
// the start method fork, the only one so far, a child never comes here. Start
// methods that run the program anew for each child take it over at this call.
void mp_main(int argc, char **argv);

#endif
