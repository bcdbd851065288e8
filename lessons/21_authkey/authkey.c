// # Who is at the other end? A key that is never sent
//
// Two programs meet at an address: one listens there, the other
// connects. Python writes `Listener(address, authkey=..)` and
// `Client(address, authkey=..)`. Each side proves that it has the key,
// and neither sends it. Here the listener is a C process, and the
// client is a Python program. Our main process stands between the two:
// it proves nothing, passes each message on, and prints it. Watch who
// sends which bytes, and how a wrong key is turned away.

#include "lesson.h"

// `mp_listener_accept()` returns 0 after the client has proved the key.
// It returns -1 where a stranger comes. Then the listener could accept
// the next client. Ours ends, and says what was wrong.
static int listen_in_c(void *args)
{
    mp_listener *listener = args;
    mp_connection c;
    char text[20];
    while (mp_listener_accept(listener, &c, MP_FOREVER) == 0) {
        check(mp_connection_send_bytes(&c, "welcome", 7));
        int size = (int)mp_connection_recv_bytes_into(&c, text, 20);
        printf("listener: received %.*s\n", size, text);
        mp_connection_close(&c);
    }
    printf("listener: %s\n", mp_error());
    return 0;
}

// The Python program. It finds address and key in the environment,
// which other users cannot read. (They can read arguments, with `ps`.)
static const char *const client_in_python =
    "from os import environ, environb\n"
    "from multiprocessing.connection import Client\n"
    "try:\n"
    "    c = Client(environ['AT'], authkey=environb[b'KEY'])\n"
    "    text = c.recv_bytes()\n"
    "    print(f'client: received {text.decode()}', flush=True)\n"
    "    c.send_bytes(text)\n"
    "except Exception as error:\n"
    "    print(f'client: {error}')\n";

// A message stands in the column of its sender, after its size. Bytes
// that are no text are random, or the proof. Here they are dots.
static void show(int sender, const char *message, int size)
{
    printf("%*s%2d ", sender * 36, "", size);
    for (int i = 0; i < size && i < 30; i++) {
        bool is_text = message[i] > ' ' && message[i] < 127;
        putchar(is_text ? message[i] : '.');
    }
    puts("");
}

// Starts Python, and stands in the middle. For the client we are the
// listener, and for the listener the client. The two take turns, and
// the listener begins. The end of file comes when one has closed.
static void visit(const char *key, mp_listener *middle, char *path)
{
    char message[256];
    int from = 0, size;
    mp_connection ends[2];
    setenv("AT", middle->address, 1);
    setenv("KEY", key, 1);
    FILE *python = popen("python3 -c \"$CLIENT\"", "w");
    check(mp_listener_accept(middle, &ends[1], MP_FOREVER));
    check(mp_client(&ends[0], .path = path));
    while ((size = (int)mp_connection_recv_bytes_into(
                &ends[from], message, sizeof message)) != -1) {
        show(from, message, size);
        from = 1 - from;
        check(mp_connection_send_bytes(&ends[from], message, size));
    }
    mp_connection_close(&ends[0]);
    mp_connection_close(&ends[1]);
    pclose(python);  // waits until it has ended
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);  // three processes print lines
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_listener listener, middle;
    mp_process p;
    if (system("command -v python3 >/dev/null") != 0) {
        return puts("This needs python3 (make deps).") == EOF;
    }
    if (mp_listener_init(&listener, MP_AUTHKEY("secret")) == -1) {
        return puts(mp_error()) == EOF;  // without OpenSSL: says so
    }
    check(mp_listener_init(&middle));
    check(mp_process_init(&p, .target = listen_in_c, MP_ARGS(listener),
                          MP_PASS_FDS(listener.fd)));
    check(mp_process_start(&p));
    setenv("CLIENT", client_in_python, 1);
    printf("%-36s%s\n", "the listener's bytes", "the client's bytes");
    visit("secret", &middle, listener.address);
    visit("guessed", &middle, listener.address);
    check(mp_process_join(&p, MP_FOREVER));
    check(mp_process_close(&p));
    mp_listener_close(&middle);
    mp_listener_close(&listener);
}

// Each message has its size in front, as 4 bytes. A challenge is
// `#CHALLENGE#`, the name of a digest, `{sha256}`, and 40 random bytes.
// The answer is that name and 32 bytes, which only a holder of the key
// can compute. A Python program up to 3.11 names no digest: it sends 20
// random bytes, and its answer has 16.
//
// ## See it
//
// `make syscalls-authkey_child` lists the system calls of another
// program of this lesson. The first child has the key: its `mp_client`
// writes three messages, and then it sends `hello`. The second one has
// a wrong key. Its `mp_client` writes one message, and fails.
//
// ## What happens underneath
//
// `deliver_challenge()` in `common/message/authkey.c` makes a new
// challenge for each connection. `answer_challenge()` in
// `common/message/authkey.c` answers with an HMAC: a checksum of key
// and challenge together. So a process that has seen a challenge and
// its answer can use neither again. The listener asks first, and
// answers only a client that has proved its key.
//
// The middle can read "welcome": the handshake encrypts nothing. It
// could also change what follows. Between machines, use a tunnel that
// encrypts, for example `ssh -L`.
//
// The whole handshake may take at most `MP_HANDSHAKE_SECONDS`. So a
// client that says nothing does not stop our listener for ever. It
// stops Python's.
//
// ## Try this
//
// - Let the middle change a byte of "welcome". Who notices?
// - Let it change a byte of a challenge. Who notices that? (Then the
//   listener has ended, and main waits for it: Ctrl-C. That leaves two
//   directories, `/tmp/mp-*`.)
// - Write the listener in Python, and the client in C. Which lines of
//   the output change?
