// # A listener that turns strangers away
//
// Main listens, and its visitors come one by one, each in a child:
// `visitors` in all. Each is on its way for `seconds`, and the next one
// starts when main has served the one before. A friend has the key
// "open sesame", and sends a greeting. A stranger has another key. Main
// tells what it was sent, turns strangers away, and serves the next
// visitor all the same. With three visitors:
//
//     hello from 0
//     turned away
//     hello from 2
//
// Main closes each connection after the greeting: a friend stays until
// it finds the end of file. Write your part: `serve`, which makes the
// listener, lets each visitor come by `visit`, accepts it, and joins it
// by `leave`. At the end it closes the listener. Where the library was
// built without OpenSSL, there are no keys; `make deps` installs
// OpenSSL.

#include "lesson.h"

struct visitor_args {
    char address[108];
    int number;
    double seconds;
};

static double seconds;  // from the command line

// The visitor with number 1 is the stranger.
static int visitor(void *args)
{
    const struct visitor_args *given = args;
    mp_connection c;
    char text[20];
    time_sleep(given->seconds);
    snprintf(text, sizeof text, "hello from %d", given->number);
    int got = given->number != 1
                  ? mp_client(&c, .path = given->address,
                              MP_AUTHKEY("open sesame"))
                  : mp_client(&c, .path = given->address,
                              MP_AUTHKEY("open barley"));
    if (got == 0) {
        check(mp_connection_send_bytes(&c, text, strlen(text)));
        mp_connection_recv_bytes_into(&c, text, sizeof text);
    }
    return 0;
}

static void visit(mp_process *p, const mp_listener *listener, int i)
{
    struct visitor_args args = { .number = i, .seconds = seconds };
    strcpy(args.address, listener->address);
    check(mp_process_init(p, .target = visitor, MP_ARGS(args)));
    check(mp_process_start(p));
}

static void leave(mp_process *p)
{
    check(mp_process_join(p, MP_FOREVER));
    check(mp_process_close(p));
}

static void serve(int visitors)
{
    // ---- your part
    mp_listener listener;
    mp_process p;
    check(mp_listener_init(&listener));
    for (int i = 0; i < visitors; i++) {
        visit(&p, &listener, i);
        leave(&p);
    }
    mp_listener_close(&listener);
    // ---- end of your part
}

int main(int argc, char **argv)
{
    double numbers[2] = { 3, 0.1 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[visitors] [seconds]", numbers, 2);
    seconds = numbers[1];
    serve((int)numbers[0]);
}
