// Pipe and Connection: whole messages or none, an end of file that comes, and
// connections that other processes are given.

#include "unit.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum { MIB = 1 << 20 };

// The ends of a pipe, and what a child is given.
typedef struct {
    mp_connection reader, writer;
} ends;

static ends new_pipe(bool duplex)
{
    ends new;
    must(mp_pipe(duplex, &new.reader, &new.writer));
    return new;
}

static void close_both(ends *its)
{
    mp_connection_close(&its->reader);
    mp_connection_close(&its->writer);
}

static void send(mp_connection *to, const char *text)
{
    must(mp_connection_send_bytes(to, text, strlen(text)));
}

static void expect(mp_connection *from, const char *text)
{
    char got[100] = "";
    ck_assert_int_eq(mp_connection_recv_bytes_into(from, got, sizeof got - 1),
                     (int)strlen(text));
    ck_assert_str_eq(got, text);
}

static void write_raw(const ends *its, const char *bytes, size_t size)
{
    ck_assert_int_eq(write(its->writer.fd, bytes, size), (ssize_t)size);
}

static void expect_end_of_file(mp_connection *from)
{
    char got[1];
    void *message;
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(mp_connection_poll(from, patience(10)), 1);
        ck_assert_refused(mp_connection_recv_bytes_into(from, got, 1), ENODATA,
                          "end of file");
        ck_assert_refused(mp_connection_recv_bytes(from, &message), ENODATA,
                          "end of file");
    }
}

static void start_with(mp_process *p, int (*target)(void *), ends its)
{
    must(mp_process_init(p, .target = target, MP_ARGS(its),
                         MP_PASS_FDS(its.reader.fd, its.writer.fd)));
    must(mp_process_start(p));
}

static void expect_to_end(mp_process *p, int exitcode)
{
    ck_assert_msg(mp_process_join(p, patience(20)) == 0, "%s", mp_error());
    ck_assert_int_eq(mp_process_exitcode(p), exitcode);
    must(mp_process_close(p));
}

// ---- messages -------------------------------------------------------------

START_TEST(both_ends_of_a_duplex_pipe_send_and_receive)
{
    ends its = new_pipe(true);
    send(&its.reader, "there");
    send(&its.writer, "and back");
    expect(&its.reader, "and back");
    expect(&its.writer, "there");
    close_both(&its);
}
END_TEST

START_TEST(an_end_of_a_one_way_pipe_refuses_the_other_direction)
{
    ends its = new_pipe(false);
    char got[1];
    void *message;
    ck_assert_refused(mp_connection_send_bytes(&its.reader, "x", 1), EBADF,
                      "connection is read-only");
    ck_assert_refused(mp_connection_recv_bytes_into(&its.writer, got, 1), EBADF,
                      "connection is write-only");
    ck_assert_refused(mp_connection_recv_bytes(&its.writer, &message), EBADF,
                      "connection is write-only");
    ck_assert_refused(mp_connection_poll(&its.writer, 0), EBADF,
                      "connection is write-only");
    send(&its.writer, "the right way");
    expect(&its.reader, "the right way");
    close_both(&its);
}
END_TEST

static void expect_sizes(bool duplex)
{
    const int sizes[] = { 0, 1, 0, 0, 4092, 16384, 16385, 7, 0 };
    enum { COUNT = sizeof sizes / sizeof *sizes };
    static char sent[16385];
    ends its = new_pipe(duplex);
    for (int i = 0; i < COUNT; i++) {
        memset(sent, 'a' + i, sizeof sent);
        must(mp_connection_send_bytes(&its.writer, sizes[i] > 0 ? sent : NULL,
                                      (size_t)sizes[i]));
    }
    for (int i = 0; i < COUNT; i++) {
        void *message;
        ck_assert_int_eq(mp_connection_recv_bytes(&its.reader, &message),
                         sizes[i]);
        memset(sent, 'a' + i, sizeof sent);
        ck_assert_ptr_nonnull(message);
        ck_assert(memcmp(message, sent, (size_t)sizes[i]) == 0);
        free(message);
    }
    ck_assert_int_eq(mp_connection_poll(&its.reader, 0), 0);
    close_both(&its);
}

START_TEST(messages_keep_their_boundaries_the_empty_one_too)
{
    expect_sizes(false);
    expect_sizes(true);
}
END_TEST

START_TEST(poll_takes_nothing_and_keeps_its_time_out)
{
    ends its = new_pipe(false);
    ck_assert_int_eq(mp_connection_poll(&its.reader, 0), 0);
    ck_assert_int_eq(mp_connection_poll(&its.reader, -1), 0);
    double before = mp_clock_now();
    ck_assert_int_eq(mp_connection_poll(&its.reader, 0.1), 0);
    ck_assert_double_ge(mp_clock_now() - before, 0.1);
    send(&its.writer, "");
    send(&its.writer, "whole");
    for (int i = 0; i < 10; i++) {
        ck_assert_int_eq(mp_connection_poll(&its.reader, MP_FOREVER), 1);
    }
    expect(&its.reader, "");
    expect(&its.reader, "whole");
    ck_assert_int_eq(mp_connection_poll(&its.reader, 0), 0);
    close_both(&its);
}
END_TEST

// The sizes as CPython's send_bytes writes them.
START_TEST(the_bytes_on_the_wire_are_those_of_python)
{
    static char many[20000], wire[sizeof many + 4];
    ends its = new_pipe(false);
    send(&its.writer, "hello");
    send(&its.writer, "");
    ck_assert_int_eq(read(its.reader.fd, wire, sizeof wire), 13);
    ck_assert(memcmp(wire, "\0\0\0\5hello\0\0\0", 13) == 0);
    must(mp_connection_send_bytes(&its.writer, many, sizeof many));
    ck_assert_int_eq(read(its.reader.fd, wire, sizeof wire), sizeof wire);
    ck_assert(memcmp(wire, "\0\0\x4e\x20", 4) == 0);
    close_both(&its);
}
END_TEST

START_TEST(a_size_of_8_bytes_is_accepted_for_a_small_message)
{
    ends its = new_pipe(false);
    write_raw(&its, "\xff\xff\xff\xff\0\0\0\0\0\0\0\2hi", 14);
    write_raw(&its, "\xff\xff\xff\xff\0\0\0\0\0\0\0\0", 12);
    expect(&its.reader, "hi");
    expect(&its.reader, "");
    close_both(&its);
}
END_TEST

static void expect_to_be_no_message(const char *bytes, size_t size)
{
    ends its = new_pipe(false);
    char got[10];
    write_raw(&its, bytes, size);
    ck_assert_refused(mp_connection_recv_bytes_into(&its.reader, got, 10),
                      EBADMSG, "bad message length");
    close_both(&its);
}

START_TEST(a_negative_size_is_refused)
{
    expect_to_be_no_message("\xff\xff\xff\xfe", 4);
    expect_to_be_no_message("\x80\0\0\0", 4);
    expect_to_be_no_message("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
                            12);
    expect_to_be_no_message("\xff\xff\xff\xff\x80\0\0\0\0\0\0\0", 12);
}
END_TEST

START_TEST(a_message_for_which_there_is_no_room_is_still_there)
{
    ends its = new_pipe(false);
    char got[5];
    void *message;
    send(&its.writer, "hello");
    send(&its.writer, "next");
    for (int i = 0; i < 3; i++) {
        ck_assert_refused(mp_connection_recv_bytes_into(&its.reader, got, 4),
                          EMSGSIZE, "bad message length: it has 5 bytes, and "
                          "there is room for 4");
        ck_assert_int_eq(mp_connection_poll(&its.reader, 0), 1);
    }
    fault_malloc = 0;
    ck_assert_refused(mp_connection_recv_bytes(&its.reader, &message), ENOMEM,
                      "no memory for a message of 5 bytes");
    ck_assert_int_eq(mp_connection_recv_bytes(&its.reader, &message), 5);
    ck_assert(memcmp(message, "hello", 5) == 0);
    free(message);
    expect(&its.reader, "next");
    close_both(&its);
}
END_TEST

#ifndef UNIT_SANITIZED  // there malloc ends the program
START_TEST(a_size_that_no_memory_can_hold_is_refused)
{
    ends its = new_pipe(false);
    void *message;
    write_raw(&its, "\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff", 12);
    ck_assert_refused(mp_connection_recv_bytes(&its.reader, &message), ENOMEM,
                      "no memory for a message of 9223372036854775807 bytes");
    close_both(&its);
}
END_TEST
#endif

static int echo(void *args)
{
    ends *its = args;
    void *message;
    ssize_t size = mp_connection_recv_bytes(&its->writer, &message);
    if (size == -1 ||
        mp_connection_send_bytes(&its->writer, message, (size_t)size) == -1) {
        return 1;
    }
    free(message);
    return 0;
}

START_TEST(sixteen_mib_pass_there_and_back)
{
    ends its = new_pipe(true);
    char *sent = malloc(16 * MIB);
    void *message;
    mp_process p;
    for (int i = 0; i < 16 * MIB; i++) {
        sent[i] = (char)(i % 251);
    }
    start_with(&p, echo, its);
    must(mp_connection_send_bytes(&its.reader, sent, 16 * MIB));
    ck_assert_int_eq(mp_connection_recv_bytes(&its.reader, &message), 16 * MIB);
    ck_assert(memcmp(message, sent, 16 * MIB) == 0);
    free(message);
    free(sent);
    expect_to_end(&p, 0);
    close_both(&its);
}
END_TEST

// So much address space, in which one MiB of memory stands again and again.
static char *one_mib_repeated(size_t size)
{
    int file = memfd_create("repeated", MFD_CLOEXEC);
    char *new = mmap(NULL, size + MIB, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert(file != -1 && ftruncate(file, MIB) == 0 && new != MAP_FAILED);
    for (size_t at = 0; at < size; at += MIB) {
        ck_assert(mmap(new + at, MIB, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_FIXED, file, 0) == new + at);
    }
    close(file);
    return new;
}

static int send_large(ends *its, const char *bytes, size_t size)
{
    mp_connection_close(&its->reader);
    return mp_connection_send_bytes(&its->writer, bytes, size) == 0 ? 0 : errno;
}

START_TEST(from_2_gib_on_a_size_has_8_bytes)
{
    const size_t sizes[] = { INT32_MAX, (size_t)INT32_MAX + 1 };
    const char *headers[] = { "\x7f\xff\xff\xff\0\0\0\0\0\0\0\0",
                              "\xff\xff\xff\xff\0\0\0\0\x80\0\0\0" };
    char *sent = one_mib_repeated(sizes[1]);
    char wire[12];
    for (int i = 0; i < 2; i++) {
        ends its = new_pipe(false);
        int status;
        pid_t pid = fork();
        if (pid == 0) {
            _exit(send_large(&its, sent, sizes[i]));
        }
        mp_connection_close(&its.writer);
        while (ioctl(its.reader.fd, FIONREAD, &status) == 0 && status < 12) {
            usleep(1000);
        }
        ck_assert_int_eq(read(its.reader.fd, wire, 12), 12);
        ck_assert(memcmp(wire, headers[i], 12) == 0);
        close_both(&its);
        waitpid(pid, &status, 0);
        ck_assert_int_eq(WEXITSTATUS(status), EPIPE);
    }
    munmap(sent, sizes[1] + MIB);
}
END_TEST

START_TEST(more_than_4_gib_pass)
{
    const size_t size = ((size_t)4 << 30) + 5;
    if (how_many(0, 1) == 0) {
        return;
    }
    char *sent = one_mib_repeated(size), *got = one_mib_repeated(size);
    ends its = new_pipe(false);
    int status;
    for (int i = 0; i < MIB; i++) {
        sent[i] = (char)(i % 251);
    }
    pid_t pid = fork();
    if (pid == 0) {
        _exit(send_large(&its, sent, size));
    }
    mp_connection_close(&its.writer);
    ck_assert_int_eq(mp_connection_recv_bytes_into(&its.reader, got, size),
                     (ssize_t)size);
    ck_assert(memcmp(got, sent, MIB) == 0);
    waitpid(pid, &status, 0);
    ck_assert_int_eq(status, 0);
    expect_end_of_file(&its.reader);
    close_both(&its);
    munmap(sent, size + MIB);
    munmap(got, size + MIB);
}
END_TEST

// ---- the end of file ------------------------------------------------------

START_TEST(what_was_sent_comes_before_the_end_of_file_which_stays)
{
    for (int duplex = 0; duplex < 2; duplex++) {
        ends its = new_pipe(duplex);
        send(&its.writer, "last");
        mp_connection_close(&its.writer);
        expect(&its.reader, "last");
        expect_end_of_file(&its.reader);
        close_both(&its);
    }
}
END_TEST

// The kernel says ECONNRESET there.
START_TEST(an_end_that_is_closed_with_messages_unread_is_an_end_of_file)
{
    ends its = new_pipe(true);
    send(&its.reader, "nobody reads this");
    mp_connection_close(&its.writer);
    expect_end_of_file(&its.reader);
    close_both(&its);
}
END_TEST

static void expect_end_during_message(const char *bytes, size_t size)
{
    ends its = new_pipe(false);
    char got[10] = "untouched";
    void *message;
    write_raw(&its, bytes, size);
    mp_connection_close(&its.writer);
    ck_assert_int_eq(mp_connection_poll(&its.reader, 0), 1);
    ck_assert_refused(mp_connection_recv_bytes(&its.reader, &message), EBADMSG,
                      "got end of file during message");
    ck_assert_refused(mp_connection_recv_bytes_into(&its.reader, got, 10),
                      ENODATA, "end of file");
    ck_assert_str_eq(got, "untouched");
    close_both(&its);
}

START_TEST(an_end_of_file_within_a_message_is_an_error)
{
    expect_end_during_message("\0", 1);
    expect_end_during_message("\0\0\0", 3);
    expect_end_during_message("\0\0\0\5", 4);
    expect_end_during_message("\0\0\0\5hell", 8);
    expect_end_during_message("\xff\xff\xff\xff", 4);
    expect_end_during_message("\xff\xff\xff\xff\0\0\0\0\0\0\0", 11);
    expect_end_during_message("\xff\xff\xff\xff\0\0\0\0\0\0\0\1", 12);
}
END_TEST

static int send_a_mib(void *args)
{
    ends *its = args;
    static char bytes[MIB];
    mp_connection_close(&its->reader);
    return mp_connection_send_bytes(&its->writer, bytes, MIB);
}

START_TEST(who_is_killed_while_it_sends_leaves_no_half_message)
{
    ends its = new_pipe(false);
    int there = 0;
    void *message;
    mp_process p;
    start_with(&p, send_a_mib, its);
    mp_connection_close(&its.writer);
    while (there <= 4) {  // the first of it has come
        usleep(1000);
        ioctl(its.reader.fd, FIONREAD, &there);
    }
    must(mp_process_kill(&p));
    expect_to_end(&p, -SIGKILL);
    ck_assert_refused(mp_connection_recv_bytes(&its.reader, &message), EBADMSG,
                      "got end of file during message");
    ck_assert_ptr_null(message);
    expect_end_of_file(&its.reader);
    close_both(&its);
}
END_TEST

// ---- sending to nobody ----------------------------------------------------

static int send_to_nobody(void *args)
{
    ends *its = args;
    mp_connection_close(&its->reader);
    for (int i = 0; i < 2; i++) {
        errno = 0;
        if (mp_connection_send_bytes(&its->writer, "x", 1) != -1 ||
            errno != EPIPE ||
            strcmp(mp_error(), "cannot send a message: Broken pipe") != 0) {
            return 1;
        }
    }
    return 0;
}

static void send_to_nobody_from_a_child(bool duplex)
{
    ends its = new_pipe(duplex);
    mp_process p;
    mp_connection_close(&its.reader);
    must(mp_process_init(&p, .target = send_to_nobody, MP_ARGS(its),
                         MP_PASS_FDS(its.writer.fd)));
    must(mp_process_start(&p));
    expect_to_end(&p, 0);
    mp_connection_close(&its.writer);
}

START_TEST(sending_to_nobody_fails_and_ends_no_process)
{
    send_to_nobody_from_a_child(false);
    for (int duplex = 0; duplex < 2; duplex++) {
        ends its = new_pipe(duplex);
        ck_assert_int_eq(send_to_nobody(&its), 0);
        mp_connection_close(&its.writer);
    }
    send_to_nobody_from_a_child(true);  // its parent has a handler now
}
END_TEST

static void on_sigpipe(int sig)
{
    shared[0] += sig;
}

START_TEST(a_handler_of_the_programs_own_for_sigpipe_stays)
{
    ends its = new_pipe(false);
    signal(SIGPIPE, on_sigpipe);
    ck_assert_int_eq(send_to_nobody(&its), 0);
    ck_assert_int_eq(shared[0], 2 * SIGPIPE);
    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(send_to_nobody(&its), 0);
    ck_assert(signal(SIGPIPE, SIG_DFL) == SIG_IGN);
    mp_connection_close(&its.writer);
}
END_TEST

// ---- signals --------------------------------------------------------------

static int send_in_a_storm(void *args)
{
    signal_storm(200);
    int failed = send_a_mib(args) == 0 ? send_a_mib(args) : 1;
    signal_storm(0);
    return failed == 0 ? 0 : 1;
}

START_TEST(signals_end_neither_send_nor_recv)
{
    ends its = new_pipe(false);
    mp_process p;
    void *message;
    start_with(&p, send_in_a_storm, its);
    mp_connection_close(&its.writer);
    usleep(20000);  // it waits for us, as the pipe is full
    signal_storm(200);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(mp_connection_recv_bytes(&its.reader, &message), MIB);
        free(message);
    }
    signal_storm(0);
    expect_to_end(&p, 0);
    expect_end_of_file(&its.reader);
    close_both(&its);
}
END_TEST

START_TEST(a_deadline_ends_a_recv)
{
    ends its = new_pipe(false);
    char got[10];
    double before = mp_clock_now();
    signal_storm(2000);
    ck_assert_int_eq(mp_connection_recv_before(&its.reader, got, 10,
                                               mp_clock_deadline(0.1)), -1);
    signal_storm(0);
    ck_assert_int_eq(errno, ETIMEDOUT);
    ck_assert_double_ge(mp_clock_now() - before, 0.1);
    send(&its.writer, "late");
    ck_assert_int_eq(mp_connection_recv_before(&its.reader, got, 10,
                                               mp_clock_deadline(patience(5))),
                     4);
    close_both(&its);
}
END_TEST

// ---- descriptors ----------------------------------------------------------

START_TEST(a_closed_end_may_be_closed_again_and_refuses_all_else)
{
    ends its = new_pipe(true);
    char got[1];
    void *message;
    mp_connection_close(&its.reader);
    mp_connection_close(&its.reader);
    ck_assert_int_eq(its.reader.fd, -1);
    ck_assert_refused(mp_connection_send_bytes(&its.reader, "x", 1), EBADF,
                      "handle is closed");
    ck_assert_refused(mp_connection_recv_bytes_into(&its.reader, got, 1), EBADF,
                      "handle is closed");
    ck_assert_refused(mp_connection_recv_bytes(&its.reader, &message), EBADF,
                      "handle is closed");
    ck_assert_refused(mp_connection_poll(&its.reader, 0), EBADF,
                      "handle is closed");
    mp_connection_close(&its.writer);
}
END_TEST

START_TEST(both_ends_are_close_on_exec_and_above_stderr)
{
    int before = inheritable_descriptors();
    int kept = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    close(STDIN_FILENO);
    for (int duplex = 0; duplex < 2; duplex++) {
        ends its = new_pipe(duplex);
        ck_assert_int_ge(its.reader.fd, 3);
        ck_assert_int_ge(its.writer.fd, 3);
        ck_assert_int_eq(inheritable_descriptors(), before - 1);
        close_both(&its);
    }
    dup2(kept, STDIN_FILENO);
    close(kept);
}
END_TEST

static void expect_no_pipe(bool duplex, ends *its)
{
    char sentence[100];
    snprintf(sentence, sizeof sentence, "cannot make a pipe: %s",
             strerror(EMFILE));
    ck_assert_refused(mp_pipe(duplex, &its->reader, &its->writer), EMFILE,
                      sentence);
}

START_TEST(without_a_free_descriptor_there_is_no_pipe)
{
    struct rlimit before, limit;
    ends its = { { .fd = 77 }, { .fd = 78 } };
    getrlimit(RLIMIT_NOFILE, &before);
    for (int duplex = 0; duplex < 2; duplex++) {
        for (int spare = 0; spare < 2; spare++) {
            int next = dup(STDIN_FILENO), descriptors = open_descriptors();
            close(next);
            limit = before;
            limit.rlim_cur = (rlim_t)(next + spare);
            setrlimit(RLIMIT_NOFILE, &limit);
            expect_no_pipe(duplex, &its);
            setrlimit(RLIMIT_NOFILE, &before);
            ck_assert_int_eq(open_descriptors(), descriptors - 1);
        }
    }
    ck_assert_int_eq(its.reader.fd, 77);
    ck_assert_int_eq(its.writer.fd, 78);
}
END_TEST

// Where they are free, the kernel gives 0 and 1, and others are wanted.
START_TEST(without_a_free_descriptor_above_stderr_there_is_no_pipe)
{
    struct rlimit before, limit;
    ends its;
    int kept[2], descriptors = open_descriptors();
    getrlimit(RLIMIT_NOFILE, &before);
    for (int i = 0; i < 2; i++) {
        kept[i] = fcntl(i, F_DUPFD_CLOEXEC, 3);
        close(i);
    }
    limit = before;
    limit.rlim_cur = (rlim_t)kept[1] + 1;
    setrlimit(RLIMIT_NOFILE, &limit);
    expect_no_pipe(false, &its);
    setrlimit(RLIMIT_NOFILE, &before);
    for (int i = 0; i < 2; i++) {
        dup2(kept[i], i);
        close(kept[i]);
    }
    ck_assert_int_eq(open_descriptors(), descriptors);
}
END_TEST

// ---- connections in other processes ---------------------------------------

static int say_hello(void *args)
{
    ends *its = args;
    mp_connection_close(&its->reader);
    return mp_connection_send_bytes(&its->writer, "hello", 5);
}

static int have_a_child_say_hello(void *args)
{
    ends *its = args;
    mp_process p;
    if (mp_process_init(&p, .target = say_hello, .args = its,
                        .args_size = sizeof *its,
                        MP_PASS_FDS(its->reader.fd, its->writer.fd)) == -1 ||
        mp_process_start(&p) == -1) {
        return 1;
    }
    close_both(its);
    return mp_process_join(&p, MP_FOREVER) == 0 ? mp_process_exitcode(&p) : 1;
}

// The parent closes its copies while the child may not have begun.
static void expect_hello(int (*target)(void *), bool duplex)
{
    mp_process p;
    ends its = new_pipe(duplex);
    start_with(&p, target, its);
    mp_connection_close(&its.writer);
    ck_assert_int_eq(mp_connection_poll(&its.reader, patience(10)), 1);
    expect(&its.reader, "hello");
    expect_to_end(&p, 0);
    expect_end_of_file(&its.reader);
    close_both(&its);
}

START_TEST(a_child_has_a_connection_that_it_was_given_and_so_has_its_child)
{
    for (int duplex = 0; duplex < 2; duplex++) {
        expect_hello(say_hello, duplex);
        expect_hello(have_a_child_say_hello, duplex);
    }
}
END_TEST

// pipe(7): up to 4096 bytes, and the message's size has four.
enum { SENDERS = 4, WHOLE = 4092 };

static int send_many_of_one_letter(void *args)
{
    ends *its = args;
    char bytes[WHOLE];
    mp_connection_close(&its->reader);
    memset(bytes, 'a' + getpid() % 26, sizeof bytes);
    for (size_t i = 0; i < 500; i++) {
        size_t size = WHOLE - i % 50;
        if (mp_connection_send_bytes(&its->writer, bytes, size) == -1) {
            return 1;
        }
    }
    return 0;
}

START_TEST(messages_of_4092_bytes_from_several_processes_stay_whole)
{
    mp_process all[SENDERS];
    ends its = new_pipe(false);
    char bytes[WHOLE];
    for (int i = 0; i < SENDERS; i++) {
        start_with(&all[i], send_many_of_one_letter, its);
    }
    mp_connection_close(&its.writer);
    for (int i = 0; i < SENDERS * 500; i++) {
        ssize_t size = mp_connection_recv_bytes_into(&its.reader, bytes, WHOLE);
        ck_assert_msg(size >= WHOLE - 49, "%s", mp_error());
        // All are equal, as each is like the one before it.
        ck_assert_msg(memcmp(bytes, bytes + 1, (size_t)size - 1) == 0,
                      "two are mixed");
    }
    for (int i = 0; i < SENDERS; i++) {
        expect_to_end(&all[i], 0);
    }
    expect_end_of_file(&its.reader);
    close_both(&its);
}
END_TEST

// Ends when the other end is closed.
static int wait_for_end_of_file(void *args)
{
    ends *its = args;
    char got[1];
    mp_connection_close(&its->writer);
    return mp_connection_recv_bytes_into(&its->reader, got, 1) == -1 ? 7 : 0;
}

START_TEST(wait_takes_connections_and_sentinels)
{
    ends held = new_pipe(true);
    int ready[3];
    mp_process p;
    start_with(&p, wait_for_end_of_file, held);
    ends one = new_pipe(false), two = new_pipe(true);
    const int all[] = { one.reader.fd, mp_process_sentinel(&p), two.reader.fd };
    ck_assert_int_eq(mp_wait(all, 3, ready, -1), 0);
    double before = mp_clock_now();
    ck_assert_int_eq(mp_wait(all, 3, ready, 0.1), 0);
    ck_assert_double_ge(mp_clock_now() - before, 0.1);
    send(&two.writer, "two");
    ck_assert_int_eq(mp_wait(all, 3, ready, MP_FOREVER), 1);
    ck_assert_int_eq(ready[0], all[2]);
    mp_connection_close(&one.writer);
    ck_assert_int_eq(mp_wait(all, 3, ready, MP_FOREVER), 2);
    ck_assert_int_eq(ready[0], all[0]);
    ck_assert_int_eq(ready[1], all[2]);
    expect(&two.reader, "two");
    close_both(&held);
    ck_assert_int_eq(mp_wait(&all[1], 2, ready, patience(10)), 1);
    ck_assert_int_eq(ready[0], all[1]);
    ck_assert_int_eq(mp_wait(all, 3, ready, 0), 2);
    expect_end_of_file(&one.reader);
    expect_to_end(&p, 7);
    close_both(&one);
    close_both(&two);
}
END_TEST

int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(FORK, both_ends_of_a_duplex_pipe_send_and_receive);
    fact(FORK, an_end_of_a_one_way_pipe_refuses_the_other_direction);
    fact(FORK, messages_keep_their_boundaries_the_empty_one_too);
    fact(FORK, poll_takes_nothing_and_keeps_its_time_out);
    fact(FORK, the_bytes_on_the_wire_are_those_of_python);
    fact(FORK, a_size_of_8_bytes_is_accepted_for_a_small_message);
    fact(FORK, a_negative_size_is_refused);
    fact(FORK, a_message_for_which_there_is_no_room_is_still_there);
#ifndef UNIT_SANITIZED
    fact(FORK, a_size_that_no_memory_can_hold_is_refused);
#endif
    fact(ALL, sixteen_mib_pass_there_and_back);
    fact(FORK, from_2_gib_on_a_size_has_8_bytes);
    fact(FORK, what_was_sent_comes_before_the_end_of_file_which_stays);
    fact(FORK, an_end_that_is_closed_with_messages_unread_is_an_end_of_file);
    fact(FORK, an_end_of_file_within_a_message_is_an_error);
    fact(ALL, who_is_killed_while_it_sends_leaves_no_half_message);
    fact(ALL, sending_to_nobody_fails_and_ends_no_process);
    fact(FORK, a_handler_of_the_programs_own_for_sigpipe_stays);
    fact(ALL, signals_end_neither_send_nor_recv);
    fact(FORK, a_deadline_ends_a_recv);
    fact(FORK, a_closed_end_may_be_closed_again_and_refuses_all_else);
    fact(FORK, both_ends_are_close_on_exec_and_above_stderr);
    fact(FORK, without_a_free_descriptor_there_is_no_pipe);
    fact(FORK, without_a_free_descriptor_above_stderr_there_is_no_pipe);
    fact(ALL, a_child_has_a_connection_that_it_was_given_and_so_has_its_child);
    fact(FORK, messages_of_4092_bytes_from_several_processes_stay_whole);
    fact(ALL, wait_takes_connections_and_sentinels);
    unit_deadline(300);
    fact(FORK, more_than_4_gib_pass);
    return unit_main("connection");
}
