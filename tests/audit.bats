#!/usr/bin/env bats
# `make audit` finds what a program leaves behind, and nothing where nothing is.
# That no lesson leaves anything is in tests/lessons.py, by the same code.

setup() {
    unset MAKEFLAGS MAKELEVEL MFLAGS CC SAN ARGS F PROG MP_START_METHOD
    cd "$BATS_TEST_DIRNAME/.."
    mine="$BATS_TEST_TMPDIR/audited.c" user=
    LIMIT="timeout $(python3 tests/patience.py 60)"
}

teardown() {
    [ -z "$user" ] || kill "$user"
    rm -f "/dev/shm/audit-$$-"*
}

# Audits a program with this in its main.
audit() {
    printf '%s\n' '#define _GNU_SOURCE' '#include <fcntl.h>' '#include <stdio.h>' \
        '#include <stdlib.h>' '#include <sys/mman.h>' '#include <sys/wait.h>' \
        '#include <unistd.h>' 'int main(void) {' "$1" 'puts("its own line"); }' > "$mine"
    cc -o "$BATS_TEST_TMPDIR/audited" "$mine"
    run $LIMIT python3 -B views/audit.py -- "$BATS_TEST_TMPDIR/audited"
    [[ "$output" == *"its own line"* ]]
}

# It found this and nothing else.
found() {
    [ "$status" -eq 1 ]
    [[ "$output" == *"$1: $2"* ]]
    [ "$(grep -cE '^(zombie|orphan|descriptor|shared memory): ' <<< "$output")" -eq 1 ]
}

@test "a child that nobody waits for is a zombie, whether it ended long ago or just now" {
    audit 'if (fork() == 0) _exit(0); usleep(100000);'
    found zombie 'process '
    audit 'if (fork() == 0) _exit(0);
           waitid(P_ALL, 0, &(siginfo_t){ 0 }, WEXITED | WNOWAIT);'
    found zombie 'process '
    [[ "$output" == *"make read-lifecycle_states"* ]]
}

@test "a process that outlives the program is an orphan, also in another session" {
    audit 'if (fork() == 0) { setsid(); sleep(600); }'
    found orphan 'process '
    pid=$(sed -n 's/^orphan: process \([0-9]*\).*/\1/p' <<< "$output")
    [ -n "$pid" ]
    [ ! -e "/proc/$pid" ]
}

@test "a process that outlives its parent is an orphan, also if the program runs longer" {
    audit 'if (fork() == 0) { if (fork() == 0) sleep(3); _exit(0); } wait(NULL); sleep(4);'
    found orphan 'process '
}

@test "a descriptor that was opened and not closed is found, also when a signal ends the program" {
    audit 'if (open("/dev/null", O_RDONLY) == -1) return 1;'
    found descriptor ''
    [[ "$output" == *"/dev/null, was never closed"* ]]
    audit 'if (open("/dev/null", O_RDONLY) == -1) return 1; puts("its own line"); fflush(stdout); abort();'
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

@test "F and PROG are audited as they are, and only what they leave gives another status" {
    printf '#include "lesson.h"\nint main(void) { return fork() == 0 ? sleep(600) : 3; }\n' > "$mine"
    run $LIMIT make -s audit F="$mine"
    [ "$status" -ne 0 ]
    [[ "$output" == *"orphan: process "* ]]
    run make -s audit PROG="sh -c 'echo one \"two words\"; exec sh -c \"exit 3\"'"
    [ "$status" -eq 0 ]
    [[ "$output" == *"one two words"* ]]
    run python3 -B views/audit.py -- ./nothing
    [ "$status" -eq 1 ]
    [ "$output" = "./nothing: No such file or directory" ]
}

@test "lessons leave nothing, and print what they print without it" {
    [ "$(make -s audit-1 2> "$BATS_TEST_TMPDIR/err")" = "hi python" ]
    [ "$(cat "$BATS_TEST_TMPDIR/err")" = "Nothing is left behind." ]
    for lesson in daemon_true worker_lost start_methods; do
        $LIMIT make -s "audit-$lesson"
    done
}
