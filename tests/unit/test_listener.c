// Listener and Client: addresses, the handshake with a key, and every way in
// which the other end may spoil it.

#include "unit.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "message/authkey.h"
#include "message/listener.h"

#define KEY "secret password"
#define FORTY "0123456789012345678901234567890123456789"
#define TEXT(text) text, sizeof(text) - 1

static mp_listener listener;

static bool exists(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0;
}

// ---- a client in a thread -------------------------------------------------

typedef struct {
    mp_address_options at;
    mp_connection connection;
    int error;
    char why[256];
    double took;
    pthread_t thread;
} caller;

static void *call(void *args)
{
    caller *its = args;
    double begin = mp_clock_now();
    its->error = mp_client_with(&its->connection, &its->at) == 0 ? 0 : errno;
    snprintf(its->why, sizeof its->why, "%s", mp_error());
    its->took = mp_clock_now() - begin;
    return NULL;
}

static void begin(caller *its)
{
    its->connection.fd = -1;
    ck_assert_int_eq(pthread_create(&its->thread, NULL, call, its), 0);
}

static void end(caller *its, int error, const char *why)
{
    pthread_join(its->thread, NULL);
    ck_assert_msg(its->error == error, "%s", its->why);
    if (error != 0) {
        ck_assert_str_eq(its->why, why);
        ck_assert_int_eq(its->connection.fd, -1);
    }
}

// Sizes from 4 bytes to 1 MiB, each sent and sent back.
static void exchange(mp_connection *one, mp_connection *other)
{
    static char sent[1 << 20], got[1 << 20];
    for (size_t size = 4; size <= 1 << 16; size *= 16) {
        memset(sent, (int)size / 4 + 1, size);
        must(mp_connection_send_bytes(one, sent, size));
        ck_assert_int_eq(
            mp_connection_recv_bytes_into(other, got, sizeof got), size);
        must(mp_connection_send_bytes(other, got, size));
        ck_assert_int_eq(
            mp_connection_recv_bytes_into(one, got, sizeof got), size);
        ck_assert(memcmp(sent, got, size) == 0);
    }
}

// A client at this address is accepted, and both ends talk.
static void accept_one(mp_address_options at)
{
    caller its = { .at = at };
    mp_connection connection;
    begin(&its);
    must(mp_listener_accept(&listener, &connection, patience(10)));
    end(&its, 0, "");
    exchange(&connection, &its.connection);
    mp_connection_close(&connection);
    mp_connection_close(&its.connection);
}

// ---- addresses ------------------------------------------------------------

START_TEST(without_an_address_it_has_a_file_in_a_private_directory)
{
    char path[200], *slash;
    struct stat about;
    must(mp_listener_init(&listener));
    snprintf(path, sizeof path, "%s", listener.address);
    accept_one((mp_address_options){ .path = path });
    ck_assert_int_eq(lstat(path, &about), 0);
    ck_assert(S_ISSOCK(about.st_mode));
    slash = strrchr(path, '/');
    *slash = '\0';
    ck_assert_int_eq(lstat(path, &about), 0);
    ck_assert_int_eq(about.st_mode & 07777, 0700);
    mp_listener_close(&listener);
    ck_assert(!exists(path));
}
END_TEST

START_TEST(tmpdir_says_where_that_directory_is)
{
    char path[40], longer[200];
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    snprintf(path, sizeof path, "/tmp/mp-test-%d", (int)getpid());
    ck_assert_int_eq(mkdir(path, 0700), 0);
    setenv("TMPDIR", path, 1);
    must(mp_listener_init(&listener));
    ck_assert(strncmp(listener.address, path, strlen(path)) == 0);
    mp_listener_close(&listener);
    ck_assert_int_eq(rmdir(path), 0);  // it is empty
    ck_assert_int_eq(mp_listener_init(&listener), -1);
    ck_assert_int_eq(errno, ENOENT);
    ck_assert(strstr(mp_error(), path) != NULL);
    setenv("TMPDIR", longer, 1);
    ck_assert_int_eq(mp_listener_init(&listener), -1);
    ck_assert_int_eq(errno, EINVAL);
}
END_TEST

START_TEST(a_host_with_port_0_gets_a_free_port)
{
    char address[40];
    must(mp_listener_init(&listener, .host = "localhost"));
    ck_assert_int_ne(listener.port, 0);
    snprintf(address, sizeof address, "127.0.0.1:%d", listener.port);
    ck_assert_str_eq(listener.address, address);
    accept_one((mp_address_options){ .host = "localhost",
                                     .port = listener.port });
    accept_one((mp_address_options){ .host = "127.0.0.1",
                                     .port = listener.port });
    mp_listener_close(&listener);
    must(mp_listener_init(&listener, .host = ""));
    ck_assert(strncmp(listener.address, "0.0.0.0:", 8) == 0);
    accept_one((mp_address_options){ .host = "", .port = listener.port });
    mp_listener_close(&listener);
}
END_TEST

START_TEST(a_name_that_begins_with_an_at_sign_is_no_file)
{
    char name[40];
    snprintf(name, sizeof name, "@mp-test-%d", (int)getpid());
    must(mp_listener_init(&listener, .path = name));
    ck_assert_str_eq(listener.address, name);
    ck_assert(!exists(name));
    accept_one((mp_address_options){ .path = name });
    mp_listener_close(&listener);
}
END_TEST

START_TEST(an_address_in_use_is_refused)
{
    char path[200], sentence[300];
    mp_listener second = { .fd = 77 };
    must(mp_listener_init(&listener));
    snprintf(path, sizeof path, "%s", listener.address);
    snprintf(sentence, sizeof sentence,
             "cannot listen at %s: Address already in use", path);
    errno = 0;
    ck_assert_int_eq(mp_listener_init(&second, .path = path), -1);
    ck_assert_int_eq(errno, EADDRINUSE);
    ck_assert(strstr(mp_error(), path) != NULL);
    ck_assert_int_eq(second.fd, 77);
    accept_one((mp_address_options){ .path = path });  // its file is there
    mp_listener_close(&listener);

    must(mp_listener_init(&listener, .host = "localhost"));
    ck_assert_int_eq(mp_listener_init(&second, .host = "localhost",
                                      .port = listener.port), -1);
    ck_assert_int_eq(errno, EADDRINUSE);
    mp_listener_close(&listener);
}
END_TEST

START_TEST(a_port_may_be_used_again_at_once)
{
    int port, on = 0;
    socklen_t size = sizeof on;
    must(mp_listener_init(&listener, .host = "localhost"));
    port = listener.port;
    getsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &on, &size);
    ck_assert_int_eq(on, 1);
    accept_one((mp_address_options){ .host = "localhost", .port = port });
    mp_listener_close(&listener);
    must(mp_listener_init(&listener, .host = "localhost", .port = port));
    mp_listener_close(&listener);
}
END_TEST

START_TEST(a_large_message_over_tcp_does_not_wait_for_an_answer_to_its_size)
{
    mp_connection both[2];
    must(mp_listener_init(&listener, .host = "localhost"));
    must(mp_client(&both[0], .host = "localhost", .port = listener.port));
    must(mp_listener_accept(&listener, &both[1], 1));
    for (int i = 0; i < 2; i++) {
        int on = 0;
        socklen_t size = sizeof on;
        getsockopt(both[i].fd, IPPROTO_TCP, TCP_NODELAY, &on, &size);
        ck_assert_int_ne(on, 0);
        mp_connection_close(&both[i]);
    }
    mp_listener_close(&listener);
}
END_TEST

START_TEST(what_is_no_address_is_refused)
{
    const char *const wrong = "an address is a path of 1 to 107 bytes, or a "
                              "host and a port";
    mp_connection none;
    char longer[200];
    memset(longer, 'x', sizeof longer);
    ck_assert_refused(mp_client(&none, .port = 0), EINVAL, wrong);
    ck_assert_refused(mp_listener_init(&listener, .path = "a", .host = "b"),
                      EINVAL, wrong);
    ck_assert_refused(mp_listener_init(&listener, .port = 1), EINVAL, wrong);
    ck_assert_refused(mp_listener_init(&listener, .host = "", .port = -1),
                      EINVAL, wrong);
    ck_assert_refused(mp_client(&none, .host = "", .port = 65536), EINVAL,
                      wrong);
    ck_assert_refused(mp_listener_init(&listener, .path = ""), EINVAL, wrong);
    longer[108] = '\0';
    ck_assert_refused(mp_client(&none, .path = longer), EINVAL, wrong);
    longer[107] = '\0';
    ck_assert_int_eq(mp_client(&none, .path = longer), -1);
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_refused(mp_client(&none, .host = "no host", .port = 1),
                      EINVAL, "'no host' is no IPv4 address");
}
END_TEST

START_TEST(where_nobody_listens_a_client_is_refused)
{
    mp_connection none;
    must(mp_listener_init(&listener, .host = "localhost"));
    int port = listener.port;
    mp_listener_close(&listener);
    ck_assert_refused(mp_client(&none, .host = "localhost", .port = port),
                      ECONNREFUSED,
                      "cannot connect to localhost: Connection refused");
    ck_assert_int_eq(mp_client(&none, .path = "/nowhere/x"), -1);
    ck_assert_int_eq(errno, ENOENT);
}
END_TEST

// ---- accept and close -----------------------------------------------------

START_TEST(close_removes_the_file_and_may_be_repeated)
{
    char path[40];
    mp_connection none;
    snprintf(path, sizeof path, "/tmp/mp-test-%d", (int)getpid());
    must(mp_listener_init(&listener, .path = path));
    ck_assert(exists(path));
    mp_listener_close(&listener);
    ck_assert(!exists(path));
    mp_listener_close(&listener);
    ck_assert_refused(mp_listener_accept(&listener, &none, 0), EBADF,
                      "listener is closed");
    ck_assert_str_eq(listener.address, "");
}
END_TEST

static int close_copy(void *args)
{
    mp_listener *copy = args;
    mp_listener_close(copy);
    return copy->fd == -1 ? 7 : 1;
}

START_TEST(a_childs_close_leaves_the_file)
{
    mp_process p;
    must(mp_listener_init(&listener));
    must(mp_process_init(&p, .target = close_copy, MP_ARGS(listener),
                         MP_PASS_FDS(listener.fd)));
    must(mp_process_start(&p));
    must(mp_process_join(&p, MP_FOREVER));
    ck_assert_int_eq(mp_process_exitcode(&p), 7);
    must(mp_process_close(&p));
    accept_one((mp_address_options){ .path = listener.address });
    mp_listener_close(&listener);
}
END_TEST

enum { CHILDREN = 3, EACH = 40 };

static int accept_in_child(void *args)
{
    mp_connection connection;
    for (int i = 0; i < EACH; i++) {
        if (mp_listener_accept(args, &connection, MP_FOREVER) == -1 ||
            mp_connection_send_bytes(&connection, "echo", 4) == -1) {
            return 1;
        }
        mp_connection_close(&connection);
    }
    return 0;
}

// A client wakes all of them, and one is faster than the others.
START_TEST(children_may_accept_at_one_listener)
{
    mp_process children[CHILDREN];
    mp_connection connection;
    char text[10];
    must(mp_listener_init(&listener, .host = "localhost"));
    for (int i = 0; i < CHILDREN; i++) {
        must(mp_process_init(&children[i], .target = accept_in_child,
                             MP_ARGS(listener), MP_PASS_FDS(listener.fd)));
        must(mp_process_start(&children[i]));
    }
    for (int i = 0; i < CHILDREN * EACH; i++) {
        must(mp_client(&connection, .host = "localhost",
                       .port = listener.port));
        ck_assert_int_eq(mp_connection_recv_bytes_into(&connection, text, 10),
                         4);
        mp_connection_close(&connection);
    }
    for (int i = 0; i < CHILDREN; i++) {
        must(mp_process_join(&children[i], MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&children[i]), 0);
        must(mp_process_close(&children[i]));
    }
    mp_listener_close(&listener);
}
END_TEST

START_TEST(accept_times_out_and_wait_takes_a_listener)
{
    mp_connection none = { .fd = 77 };
    int ready;
    must(mp_listener_init(&listener));
    ck_assert_refused(mp_listener_accept(&listener, &none, 0.01), ETIMEDOUT,
                      "timed out");
    ck_assert_int_eq(none.fd, 77);
    ck_assert_int_eq(mp_wait(&listener.fd, 1, &ready, 0), 0);
    must(mp_client(&none, .path = listener.address));
    ck_assert_int_eq(mp_wait(&listener.fd, 1, &ready, 1), 1);
    mp_connection_close(&none);
    mp_listener_close(&listener);
}
END_TEST

START_TEST(signals_do_not_disturb_either_side)
{
    bool keyed = mp_authkey_check("", 0) == 0;
    const char *key = keyed ? KEY : NULL;
    size_t size = keyed ? sizeof KEY - 1 : 0;
    must(mp_listener_init(&listener, .host = "localhost", .authkey = key,
                          .authkey_size = size));
    signal_storm(200);
    for (int i = 0; i < 50; i++) {
        accept_one((mp_address_options){ .host = "localhost",
                                         .port = listener.port,
                                         .authkey = key,
                                         .authkey_size = size });
    }
    signal_storm(0);
    mp_listener_close(&listener);
}
END_TEST

START_TEST(a_client_waits_through_signals_while_the_backlog_is_full)
{
    mp_connection waiting[2], accepted;
    must(mp_listener_init(&listener));
    caller third = { .at.path = listener.address };
    for (int i = 0; i < 2; i++) {  // a backlog of 1 holds two
        must(mp_client(&waiting[i], .path = listener.address));
    }
    signal_storm(0);  // a handler, and no storm
    begin(&third);
    for (int i = 0; i < 20; i++) {
        usleep(1000);
        pthread_kill(third.thread, SIGALRM);
    }
    for (int i = 0; i < 3; i++) {
        must(mp_listener_accept(&listener, &accepted, patience(10)));
        mp_connection_close(&accepted);
    }
    end(&third, 0, "");
    ck_assert_double_ge(third.took, 0.015);
    mp_connection_close(&third.connection);
    mp_connection_close(&waiting[0]);
    mp_connection_close(&waiting[1]);
    mp_listener_close(&listener);
}
END_TEST

START_TEST(a_client_gives_up_where_the_backlog_stays_full)
{
    mp_connection waiting[2], third = { .fd = 77 };
    must(mp_listener_init(&listener));
    for (int i = 0; i < 2; i++) {  // a backlog of 1 holds two
        must(mp_client(&waiting[i], .path = listener.address));
    }
    short_grace = 0.2;
    ck_assert_int_eq(mp_client(&third, .path = listener.address), -1);
    ck_assert_int_eq(errno, ETIMEDOUT);
    ck_assert_int_eq(third.fd, 77);
    mp_connection_close(&waiting[0]);
    mp_connection_close(&waiting[1]);
    mp_listener_close(&listener);
}
END_TEST

START_TEST(without_descriptors_it_fails_and_leaves_nothing)
{
    char path[40];
    int lowest = dup(STDIN_FILENO);
    close(lowest);
    snprintf(path, sizeof path, "/tmp/mp-test-%d", (int)getpid());
    ck_assert_int_eq(mkdir(path, 0700), 0);
    setenv("TMPDIR", path, 1);
    struct rlimit limit, none;
    getrlimit(RLIMIT_NOFILE, &limit);
    none = limit;
    none.rlim_cur = (rlim_t)lowest;
    setrlimit(RLIMIT_NOFILE, &none);
    ck_assert_int_eq(mp_listener_init(&listener), -1);
    ck_assert_int_eq(errno, EMFILE);
    setrlimit(RLIMIT_NOFILE, &limit);
    ck_assert_int_eq(rmdir(path), 0);  // it is empty
}
END_TEST

// ---- the handshake, with an end that does what it likes -------------------

static mp_connection ours, other;

static void connect_both(void)
{
    must(mp_pipe(true, &ours, &other));
}

static void close_both(void)
{
    mp_connection_close(&ours);
    mp_connection_close(&other);
}

static void say(const void *bytes, size_t size)
{
    must(mp_connection_send_bytes(&other, bytes, size));
}

static int prove(bool client, double timeout)
{
    return mp_authkey_prove(&ours, client, KEY, sizeof KEY - 1,
                            mp_clock_deadline(timeout));
}

// Bytes that `ours` sent as its next message, of which none shows the key.
static ssize_t hear(unsigned char *bytes)
{
    ssize_t size = mp_connection_recv_before(&other, bytes, 256,
                                             mp_clock_deadline(0));
    ck_assert(size == -1 ||
              memmem(bytes, (size_t)size, KEY, sizeof KEY - 1) == NULL);
    return size;
}

static size_t from_hex(const char *hex, unsigned char *bytes)
{
    size_t size = strlen(hex) / 2;
    for (size_t i = 0; i < size; i++) {
        unsigned byte;
        sscanf(hex + 2 * i, "%2x", &byte);
        bytes[i] = (unsigned char)byte;
    }
    return size;
}

// The answer to #CHALLENGE#, `name` and the bytes 0, 1, 2 .. is `name` (or
// nothing) and these bytes.
static void expect_answer(const char *name, size_t count, const char *hex)
{
    unsigned char message[256] = "#CHALLENGE#", got[256], wanted[256];
    size_t length = strlen(name);
    memcpy(message + 11, name, length);
    for (size_t i = 0; i < count; i++) {
        message[11 + length + i] = (unsigned char)i;
    }
    memcpy(wanted, name, length);
    size_t size = length + from_hex(hex, wanted + length);
    connect_both();
    say(message, 11 + length + count);
    say(TEXT("#FAILURE#"));
    ck_assert_refused(prove(true, 1), EKEYREJECTED, "digest sent was rejected");
    ck_assert_int_eq(hear(got), size);
    ck_assert(memcmp(got, wanted, size) == 0);
    close_both();
}

START_TEST(challenges_are_answered_as_cpython_answers_them)
{
    expect_answer("", 20, "ab9e0fb85dc2fde9977e617c35111d6b");
    expect_answer("{md5}", 40, "6da4c2a293b0eb7afd5ba56b4552efdb");
    expect_answer("{sha256}", 40, "dff5756e964dc0ba9d1a61c0c3f731f0f09811a907ab"
                                  "c551d07b614a8eaad8aa");
    expect_answer("{sha384}", 40, "1e102d068e1f04f7b49dfd7381003d7766263bec5820"
                                  "561de353a516a83e6522152f63622cc3c6f30113ea7b"
                                  "bb769f8a");
    expect_answer("{sha3_256}", 40, "d0eb650e27ee0057ca62f8f003c3312d811388a6e0"
                                    "1d1d842e7860819ec017e5");
    expect_answer("{sha3_384}", 40, "aa3d48e95573d708ba68b4b38896f50e0e45e17c19"
                                    "62430f9745aef47fc4d0fa4b9e6a3f9c5bf1e69015"
                                    "280bfcb9e23a");
}
END_TEST

START_TEST(a_challenge_is_random_and_names_sha256)
{
    unsigned char sent[3][256];  // by a listener, another one, and a client
    for (int i = 0; i < 3; i++) {
        connect_both();
        if (i == 2) {
            say(TEXT("#CHALLENGE#{md5}" FORTY));
            say(TEXT("#WELCOME#"));
        }
        ck_assert_int_eq(prove(i == 2, 0), -1);
        if (i == 2) {
            ck_assert_int_eq(hear(sent[i]), 5 + 16);
        }
        ck_assert_int_eq(hear(sent[i]), 11 + 8 + 40);
        ck_assert(memcmp(sent[i], "#CHALLENGE#{sha256}", 19) == 0);
        close_both();
    }
    for (int i = 19; i < 59; i += 8) {
        ck_assert(memcmp(sent[0] + i, sent[1] + i, 8) != 0);
        ck_assert(memcmp(sent[1] + i, sent[2] + i, 8) != 0);
    }
}
END_TEST

// What a listener says where this is the answer to its challenge.
static void refuse_answer(const void *answer, size_t size)
{
    unsigned char got[256];
    connect_both();
    say(answer, size);
    ck_assert_refused(prove(false, 1), EKEYREJECTED,
                      "digest received was wrong");
    ck_assert_int_eq(hear(got), 59);
    ck_assert_int_eq(hear(got), 9);
    ck_assert(memcmp(got, "#FAILURE#", 9) == 0);
    close_both();
}

START_TEST(a_wrong_answer_is_refused)
{
    unsigned char answer[256] = "{sha256}";
    refuse_answer(TEXT(""));
    refuse_answer(answer, 16);           // as of an old client
    refuse_answer(answer, 20);
    refuse_answer(answer + 8, 32);       // no digest is named
    refuse_answer(answer, 8);
    refuse_answer(answer, 7);
    refuse_answer(answer, 8 + 31);
    refuse_answer(answer, 8 + 32);
    refuse_answer(answer, 8 + 33);
    refuse_answer(answer, 256);
    refuse_answer(TEXT("{sha1}" FORTY));
    refuse_answer(TEXT("#WELCOME#"));
}
END_TEST

// What a client says where the listener begins with this.
static void refuse_challenge(const char *challenge, size_t size,
                             const char *sentence)
{
    unsigned char got[256];
    connect_both();
    say(challenge, size);
    ck_assert_refused(prove(true, 1), EKEYREJECTED, sentence);
    ck_assert_int_eq(hear(got), -1);  // it has sent nothing
    close_both();
}

START_TEST(what_is_no_challenge_is_refused)
{
    const char *none = "protocol error, expected challenge";
    const char *bad = "challenge is too short, or of no known digest";
    refuse_challenge(TEXT(""), none);
    refuse_challenge(TEXT("#CHALLENGE"), none);
    refuse_challenge(TEXT("#WELCOME#"), none);
    refuse_challenge(TEXT("#challenge#{sha256}" FORTY), none);
    refuse_challenge(TEXT("#CHALLENGE#"), bad);
    refuse_challenge(TEXT("#CHALLENGE#{sha256}01234567890"), bad);
    refuse_challenge(TEXT("#CHALLENGE#" FORTY), bad);
    refuse_challenge(TEXT("#CHALLENGE#{sha1}" FORTY), bad);
    refuse_challenge(TEXT("#CHALLENGE#{sha256" FORTY), bad);
}
END_TEST

// ---- an end that stops, or says too much ----------------------------------

// To both roles this comes as the first message. None calls malloc for it.
static void refuse_bytes(const void *bytes, size_t size, bool and_end,
                         const char *sentence)
{
    for (int client = 0; client < 2; client++) {
        connect_both();
        ck_assert_int_eq(write(other.fd, bytes, size), size);
        if (and_end) {
            shutdown(other.fd, SHUT_WR);
        }
        fault_malloc = 0;  // the first call of malloc would fail
        int result = prove(client, and_end ? 10 : 0.02);
        int error = errno;
        fault_malloc = -1;
        ck_assert_int_eq(result, -1);
        ck_assert_int_eq(error, EKEYREJECTED);
        ck_assert_str_eq(mp_error(), sentence);
        close_both();
    }
}

START_TEST(an_end_that_stops_in_the_middle_is_refused)
{
    const char *middle = "got end of file during message";
    const char *late = "timed out";
    refuse_bytes("", 0, true, "end of file");
    refuse_bytes("\0\0", 2, true, middle);
    refuse_bytes("\0\0\0\x3b", 4, true, middle);
    refuse_bytes("\0\0\0\x3b#CHALLENGE#{sha", 19, true, middle);
    refuse_bytes("\377\377\377\377\0\0", 6, true, middle);
    refuse_bytes("", 0, false, late);
    refuse_bytes("\0\0", 2, false, late);
    refuse_bytes("\0\0\0\x3b#CHALLENGE#{sha", 19, false, late);
    refuse_bytes("\377\377\377\377\0\0", 6, false, late);
}
END_TEST

START_TEST(who_announces_4_gib_gets_no_memory)
{
    long before = anonymous_memory();
    refuse_bytes("\0\0\1\1", 4, false, "bad message length: it has "
                 "257 bytes, and there is room for 256");
    refuse_bytes("\177\377\377\377", 4, false, "bad message length: "
                 "it has 2147483647 bytes, and there is room for 256");
    refuse_bytes("\377\377\377\377\0\0\0\1\0\0\0\0", 12, false,
                 "bad message length: it has 4294967296 bytes, and "
                 "there is room for 256");
    refuse_bytes("\377\377\377\376", 4, false,
                 "bad message length");
    refuse_bytes("\377\377\377\377\377\0\0\0\0\0\0\0", 12, false,
                 "bad message length");
    ck_assert_int_lt(anonymous_memory() - before, 1024);
}
END_TEST

START_TEST(a_client_who_is_turned_away_after_its_answer_learns_it)
{
    unsigned char got[256], challenge[256] = "#CHALLENGE#";
    const char *rejected = "digest sent was rejected";
    const struct { const char *text; size_t size; } replies[] = {
        { TEXT("#FAILURE#") }, { TEXT("#WELCOME") },
        { TEXT("#WELCOME##") }, { TEXT("") }
    };
    for (int i = 0; i < 4; i++) {
        connect_both();
        say(challenge, 31);
        say(replies[i].text, replies[i].size);
        ck_assert_refused(prove(true, 1), EKEYREJECTED, rejected);
        ck_assert_int_eq(hear(got), 16);
        close_both();
    }
    connect_both();
    say(challenge, 31);
    shutdown(other.fd, SHUT_WR);
    ck_assert_refused(prove(true, 1), EKEYREJECTED, "end of file");
    close_both();
    connect_both();
    say(challenge, 31);
    mp_connection_close(&other);  // so that the answer cannot be sent
    ck_assert_int_eq(prove(true, 1), -1);
    ck_assert_int_eq(errno, EKEYREJECTED);
    mp_connection_close(&ours);
}
END_TEST

// ---- keys -----------------------------------------------------------------

static void accept_with_key(const void *key, size_t size)
{
    mp_address_options at = { .authkey = key, .authkey_size = size };
    must(mp_listener_init_with(&listener, &at));
    at.path = listener.address;
    accept_one(at);
    mp_listener_close(&listener);
    at.path = NULL;
    at.host = "localhost";
    must(mp_listener_init_with(&listener, &at));
    at.port = listener.port;
    accept_one(at);
    mp_listener_close(&listener);
}

START_TEST(both_ends_prove_their_key)
{
    static char longest[MP_AUTHKEY_MOST];
    size_t size;
    const unsigned char *key = mp_process_authkey(mp_current_process(), &size);
    accept_with_key(KEY, sizeof KEY - 1);
    accept_with_key(key, size);
    accept_with_key(longest, sizeof longest);
    accept_with_key("", 0);
    accept_with_key("\0\n\xff", 3);
}
END_TEST

START_TEST(a_wrong_key_is_turned_away_and_the_listener_lives)
{
    mp_connection none = { .fd = 77 };
    must(mp_listener_init(&listener, MP_AUTHKEY(KEY)));
    mp_address_options at = { .path = listener.address };
    const char *const wrong[] = { "", "secret passwore", "secret", KEY "!" };
    for (int i = 0; i < 4; i++) {
        caller its = { .at = at };
        its.at.authkey = wrong[i];
        its.at.authkey_size = strlen(wrong[i]);
        begin(&its);
        ck_assert_refused(mp_listener_accept(&listener, &none, patience(10)),
                          EKEYREJECTED, "digest received was wrong");
        ck_assert_int_eq(none.fd, 77);
        end(&its, EKEYREJECTED, "digest sent was rejected");
        at.authkey = KEY;
        at.authkey_size = sizeof KEY - 1;
        accept_one(at);
    }
    mp_listener_close(&listener);
}
END_TEST

static int call_parent(void *args)
{
    size_t size;
    const unsigned char *key = mp_process_authkey(mp_current_process(), &size);
    mp_connection connection;
    if (mp_client(&connection, .path = args, .authkey = key,
                  .authkey_size = size) == -1) {
        return errno == EKEYREJECTED ? 2 : 1;
    }
    mp_connection_close(&connection);
    return 0;
}

START_TEST(a_child_has_the_key_of_its_parent)
{
    char path[sizeof listener.address];
    size_t size;
    const unsigned char *key = mp_process_authkey(mp_current_process(), &size);
    must(mp_listener_init(&listener, .authkey = key, .authkey_size = size));
    memcpy(path, listener.address, sizeof path);
    for (int stranger = 0; stranger < 2; stranger++) {
        mp_process p;
        mp_connection connection;
        must(mp_process_init(&p, .target = call_parent, MP_ARGS(path)));
        if (stranger) {
            must(mp_process_set_authkey(&p, "another", 7));
        }
        must(mp_process_start(&p));
        ck_assert_int_eq(mp_listener_accept(&listener, &connection, MP_FOREVER),
                         stranger ? -1 : 0);
        must(mp_process_join(&p, MP_FOREVER));
        ck_assert_int_eq(mp_process_exitcode(&p), stranger ? 2 : 0);
        must(mp_process_close(&p));
        if (!stranger) {
            mp_connection_close(&connection);
        }
    }
    mp_listener_close(&listener);
}
END_TEST

START_TEST(what_is_no_key_is_refused)
{
    mp_connection none;
    static char longer[MP_AUTHKEY_MOST + 1];
    const char *sentence = "an authkey has at most 256 bytes";
    ck_assert_refused(mp_listener_init(&listener, .authkey = longer,
                                       .authkey_size = sizeof longer),
                      EINVAL, sentence);
    ck_assert_refused(mp_client(&none, .path = "/nowhere", .authkey_size = 1),
                      EINVAL, sentence);
}
END_TEST

START_TEST(without_openssl_a_key_is_refused_and_says_what_to_install)
{
    mp_connection none;
    const char *sentence = "an authkey needs OpenSSL: install libssl-dev (make "
                           "deps), and build again";
    ck_assert_refused(mp_listener_init(&listener, MP_AUTHKEY("")), ENOSYS,
                      sentence);
    ck_assert_refused(mp_client(&none, .path = "/nowhere", MP_AUTHKEY(KEY)),
                      ENOSYS, sentence);
}
END_TEST

// ---- a bound on time ------------------------------------------------------

// Says one byte after the other, and never all of an answer.
static void *drip(void *args)
{
    const int *fd = args;
    for (int i = 0; i < 40; i++) {
        if (send(*fd, i == 3 ? "\x30" : "\0", 1, MSG_NOSIGNAL) == -1) {
            break;
        }
        usleep(50000);
    }
    return NULL;
}

static void expect_bound(double seconds)
{
    ck_assert_double_ge(seconds, short_grace - 0.1);
    ck_assert(seconds < short_grace + patience(2));
}

START_TEST(a_handshake_takes_no_longer_than_the_bound)
{
    caller unheard = { 0 };
    mp_connection none, client;
    pthread_t dripping;
    short_grace = 0.6;  // in place of MP_HANDSHAKE_SECONDS
    must(mp_listener_init(&listener, MP_AUTHKEY(KEY)));
    must(mp_client(&client, .path = listener.address));
    unheard.at = (mp_address_options){ .path = listener.address,
                                       MP_AUTHKEY(KEY) };
    pthread_create(&dripping, NULL, drip, &client.fd);
    begin(&unheard);  // waits for its turn, in vain
    double before = mp_clock_now();
    ck_assert_refused(mp_listener_accept(&listener, &none, 0.5), EKEYREJECTED,
                      "timed out");
    expect_bound(mp_clock_now() - before);
    end(&unheard, EKEYREJECTED, "timed out");
    expect_bound(unheard.took);
    pthread_join(dripping, NULL);
    mp_connection_close(&client);
    mp_listener_close(&listener);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(FORK, without_an_address_it_has_a_file_in_a_private_directory);
    fact(FORK, tmpdir_says_where_that_directory_is);
    fact(FORK, a_host_with_port_0_gets_a_free_port);
    fact(FORK, a_name_that_begins_with_an_at_sign_is_no_file);
    fact(FORK, an_address_in_use_is_refused);
    fact(FORK, a_port_may_be_used_again_at_once);
    fact(FORK,
         a_large_message_over_tcp_does_not_wait_for_an_answer_to_its_size);
    fact(FORK, what_is_no_address_is_refused);
    fact(FORK, where_nobody_listens_a_client_is_refused);
    fact(FORK, close_removes_the_file_and_may_be_repeated);
    fact(ALL, a_childs_close_leaves_the_file);
    fact(ALL, children_may_accept_at_one_listener);
    fact(FORK, accept_times_out_and_wait_takes_a_listener);
    fact(FORK, signals_do_not_disturb_either_side);
    fact(FORK, a_client_waits_through_signals_while_the_backlog_is_full);
    fact(FORK, a_client_gives_up_where_the_backlog_stays_full);
    fact(FORK, without_descriptors_it_fails_and_leaves_nothing);
    fact(FORK, what_is_no_key_is_refused);
    if (mp_authkey_check("", 0) == 0) {
        fact(FORK, challenges_are_answered_as_cpython_answers_them);
        fact(FORK, a_challenge_is_random_and_names_sha256);
        fact(FORK, a_wrong_answer_is_refused);
        fact(FORK, what_is_no_challenge_is_refused);
        fact(FORK, an_end_that_stops_in_the_middle_is_refused);
        fact(FORK, who_announces_4_gib_gets_no_memory);
        fact(FORK, a_client_who_is_turned_away_after_its_answer_learns_it);
        fact(FORK, both_ends_prove_their_key);
        fact(FORK, a_wrong_key_is_turned_away_and_the_listener_lives);
        fact(ALL, a_child_has_the_key_of_its_parent);
        fact(FORK, a_handshake_takes_no_longer_than_the_bound);
    } else {
        fact(FORK, without_openssl_a_key_is_refused_and_says_what_to_install);
    }
    return unit_main("listener");
}
