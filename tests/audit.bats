#!/usr/bin/env bats
# `make audit` finds what a program leaves behind, and nothing where nothing is.

setup() {
    unset MAKEFLAGS MAKELEVEL MFLAGS CC SAN ARGS F PROG MP_START_METHOD
    cd "$BATS_TEST_DIRNAME/.."
    mine="$BATS_TEST_TMPDIR/audited.c" user=  # a name of its own in build/
}

teardown() {
    [ -z "$user" ] || kill "$user"
    rm -f "/dev/shm/audit-$$-"*
}

# Audits a program with this in its main.
audit() {
    cat > "$mine" <<END
#include "lesson.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
int main(void)
{
    $1
    puts("the program's own line");
}
END
    run timeout "$(python3 tests/patience.py 60)" make -s audit F="$mine"
    [[ "$output" == *"the program's own line"* ]]
}

# It found this and nothing else.
found() {
    [ "$status" -ne 0 ]
    [[ "$output" == *"$1: $2"* ]]
    [ "$(grep -cE '^(zombie|orphan|descriptor|shared memory): ' <<< "$output")" -eq 1 ]
}

@test "a child that nobody waits for is a zombie, whether it ended long ago or just now" {
    audit 'if (fork() == 0) _exit(0); usleep(300000);'
    found zombie 'process '
    audit 'if (fork() == 0) _exit(0);
           waitid(P_ALL, 0, &(siginfo_t){ 0 }, WEXITED | WNOWAIT);'
    found zombie 'process '
    [[ "$output" == *"make read-lifecycle_states"* ]]
}

@test "a zombie below a child of the program is found" {
    audit 'if (fork() == 0) { if (fork() == 0) _exit(0); sleep(1); _exit(0); } wait(NULL);'
    found zombie 'process '
}

@test "a child that is waited for late is mentioned, and is no fault" {
    audit 'if (fork() == 0) _exit(0); sleep(1); wait(NULL);'
    [ "$status" -eq 0 ]
    [[ "$output" == *"was a zombie for"* ]]
}

@test "a process that outlives the program is an orphan, also in another session" {
    audit 'if (fork() == 0) { setsid(); sleep(600); }'
    found orphan 'process '
    pid=$(sed -n 's/^orphan: process \([0-9]*\).*/\1/p' <<< "$output")
    [ -n "$pid" ]
    [ ! -e "/proc/$pid" ]
}

@test "a process that outlives its parent is an orphan, also if the program runs longer" {
    audit 'if (fork() == 0) { if (fork() == 0) sleep(1); _exit(0); } wait(NULL); sleep(2);'
    found orphan 'process '
}

@test "a descriptor that was opened and not closed is found, also when a signal ends the program" {
    audit 'if (open("/dev/null", O_RDONLY) == -1) return 1;'
    found descriptor ''
    [[ "$output" == *"/dev/null, was never closed"* ]]
    audit 'if (open("/dev/null", O_RDONLY) == -1) return 1; puts("the program'"'"'s own line"); fflush(stdout); abort();'
    found descriptor ''
}

@test "a name in /dev/shm that was not removed is found" {
    name="audit-$$-$RANDOM"
    audit "close(shm_open(\"/$name\", O_RDWR | O_CREAT, 0600));"
    found 'shared memory' "/dev/shm/$name "
}

@test "another program's name in /dev/shm is none of this program's" {
    name="audit-$$-$RANDOM"
    python3 - "/dev/shm/$name" <<'END' 3>&- &
import mmap, os, sys, time
with open(sys.argv[1], 'wb+') as file:
    file.truncate(4096)
    with mmap.mmap(file.fileno(), 4096):
        time.sleep(600)
END
    user=$!
    audit "while (access(\"/dev/shm/$name\", F_OK) == -1) usleep(1000);"
    [ "$status" -eq 0 ]
}

@test "PROG is audited as it is, and only what it leaves gives another status" {
    run make -s audit PROG="sh -c 'echo one \"two words\"; exit 3'"
    [ "$status" -eq 0 ]
    [[ "$output" == *"one two words"* ]]
    run make -s audit PROG="sh -c 'sleep 600 > /dev/null 3>&- & exit'"
    found orphan 'process '
    run python3 -B views/audit.py -- sh -c 'sleep 600 > /dev/null 3>&- & exit'
    [ "$status" -eq 1 ]
    run make -s audit PROG=./nothing
    [[ "$output" == *"./nothing: No such file"* ]]
}

@test "lessons leave nothing, and print what they print without it" {
    for method in fork spawn forkserver; do
        [ "$(MP_START_METHOD=$method make -s audit-1 2> "$BATS_TEST_TMPDIR/err")" = "hi python" ]
        [ "$(cat "$BATS_TEST_TMPDIR/err")" = "Nothing is left behind." ]
        for lesson in many_no_join daemon_true worker_lost lock_killed start_methods; do
            MP_START_METHOD=$method make -s "audit-$lesson"
        done
    done
}
