#!/usr/bin/env bats
# `make timeline-N` and `make syscalls-N`: what strace sees of a program.

setup_file() {
    export patience="timeout $(python3 "$BATS_TEST_DIRNAME/patience.py" 60)"
    # Where a test looks at no picture, a stand-in for gnuplot saves seconds.
    printf '#!/bin/sh\n' > "$BATS_FILE_TMPDIR/gnuplot"
    chmod +x "$BATS_FILE_TMPDIR/gnuplot"
    export undrawn="$patience env PATH=$BATS_FILE_TMPDIR:$PATH"
}

setup() {
    command -v strace > /dev/null || skip "there is no strace"
    strace -f -o /dev/null true 2> /dev/null || skip "strace may not trace here"
    unset MAKEFLAGS MAKELEVEL MFLAGS CC SAN ARGS F PROG MP_START_METHOD
    cd "$BATS_TEST_DIRNAME/.."
    mine="$BATS_TEST_TMPDIR/mine.c"
}

# The processes in the JSON of a timeline: "NAME|BEGIN|END|HOW IT ENDED|PARENT".
# It fails where a part of an event is missing that Perfetto needs.
processes() {
    python3 - "build/views/timeline-$1.json" <<'END_OF_PYTHON'
import collections, json, sys
processes, parts = {}, collections.defaultdict(list)
for e in json.load(open(sys.argv[1]))['traceEvents']:
    assert isinstance(e['pid'], int) and isinstance(e['tid'], int) and e['name']
    if e['ph'] == 'M':
        processes[e['tid']] = e['args']['name'].split(', '), e['args']['parent']
    elif e['ph'] == 'X':
        assert e['dur'] >= 0
        parts[e['tid']].append((e['ts'], e['ts'] + e['dur'], e['name']))
for pid, ((name, how), parent) in processes.items():
    life = [part for part in parts[pid] if part[2] != 'zombie']
    assert all(a[1] <= b[0] + 1 for a, b in zip(life, life[1:])), 'parts overlap'
    print(name, int(life[0][0]), int(life[-1][1]), how, parent, sep='|')
END_OF_PYTHON
}

# Runs a view, and holds what it prints first to what the program prints alone.
viewed() {
    make -s lesson-$2 > "$BATS_TEST_TMPDIR/plain"
    run $undrawn make -s $1-$2
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == "$(< "$BATS_TEST_TMPDIR/plain")"* ]]
}

@test "lesson 3 has three children side by side, in C and in Python, as text and pictures" {
    rm -f build/views/timeline-many-*
    run $patience make -s timeline-many
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" =~ "child 1, "[0-9]+\ +#*zzzz+#*_*" ended" ]]
    [[ "$output" =~ "main, "[0-9]+\ +#*----+#*" ended" ]]
    [ "$(awk 'length > 80' <<< "$output")" = "" ]
    for language in C Python; do
        processes many | grep "^$language: " > "$BATS_TEST_TMPDIR/rows"
        cat "$BATS_TEST_TMPDIR/rows"
        [ "$(grep -c 'child [123]|.*|ended|main' "$BATS_TEST_TMPDIR/rows")" -eq 3 ]
        awk -F'|' '/child/ { if ($2 > last) last = $2; if (!first || $3 < first) first = $3 }
                   END { exit !(last < first) }' "$BATS_TEST_TMPDIR/rows"
    done
    command -v gnuplot > /dev/null || return 0
    [[ "$output" != *timeline.gp* ]]  # no warning
    for theme in light dark; do
        for text in 'makes system calls slower' 'child 3, ' 'Python: many.py'; do
            grep -q "$text" build/views/timeline-many-$theme.svg
        done
        grep -q PNG build/views/timeline-many-$theme.png
    done
}

@test "lesson 8's daemon is killed by signal 15 before main ends" {
    viewed timeline daemon_true
    for language in C Python; do
        run processes daemon_true
        echo "$output"
        child=$(grep "^$language: child 1|" <<< "$output" | cut -d'|' -f3)
        main=$(grep "^$language: main|" <<< "$output" | cut -d'|' -f3)
        [[ "$output" == *"$language: child 1|"*"|killed by SIGTERM|main"* ]]
        [ "$child" -le "$main" ]
    done
}

@test "under each start method the children have the right parent" {
    for method in fork spawn forkserver; do
        MP_START_METHOD=$method $undrawn make -s timeline PROG="build/cc/lessons/03_many/many 0.01" > /dev/null
        run processes many
        echo "$output"
        parent="main"
        if [ "$method" = forkserver ]; then parent="fork server"; fi
        [ "$(grep -c "^many: child [123]|.*|$parent$" <<< "$output")" -eq 3 ]
    done
    [[ "$output" == *"many: fork server|"*"|main"* ]]
}

@test "a program of one's own: output, a stop, ends, and 1,000 forks of which none is lost" {
    cat > "$mine" <<'END_OF_C'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    for (int i = 0; i < 70000; i++) { putchar(i % 256); }
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) { pause(); }
    usleep(50000);
    kill(child, SIGSTOP);
    usleep(200000);
    kill(child, SIGCONT);
    usleep(50000);
    kill(child, SIGKILL);
    usleep(100000);
    wait(NULL);
    if (fork() == 0) { exit(3); }
    wait(NULL);
    for (int i = 0; i < 1000; i++) {
        if (fork() == 0) { _exit(0); }
        if (i % 8 == 7) { while (wait(NULL) > 0) { } }
    }
}
END_OF_C
    make -s run F="$mine" > "$BATS_TEST_TMPDIR/plain"
    $undrawn make -s timeline F="$mine" > "$BATS_TEST_TMPDIR/traced"
    cmp -n 70000 "$BATS_TEST_TMPDIR/plain" "$BATS_TEST_TMPDIR/traced"
    run processes mine
    echo "$output" | head
    [[ "$output" == *"mine: child 1|"*"|killed by SIGKILL|main"* ]]
    [[ "$output" == *"mine: child 2|"*"|exited with 3|main"* ]]
    [ "$(grep -c '|ended|main$' <<< "$output")" -eq 1000 ]
    run tail -c +70001 "$BATS_TEST_TMPDIR/traced"
    echo "$output"
    [[ "$output" =~ "child 1, "[^z]+SS[^z]+__+" killed by SIGKILL" ]]
    [[ "$output" == *"(973 more, mostly threads, are not drawn)"* ]]
}

@test "a program that is missing, and one that never ends" {
    run $undrawn make -s timeline PROG=./there_is_none
    [ "$status" -ne 0 ]
    [[ "$output" == *"there_is_none"* ]]
    mkfifo "$BATS_TEST_TMPDIR/runs"
    run $undrawn python3 -B - "$BATS_TEST_TMPDIR/runs" <<'END_OF_PYTHON'
import os, signal, subprocess, sys
view = subprocess.Popen([sys.executable, '-B', 'views/timeline.py', '--', 'sh', '-c',
                         f'echo > "{sys.argv[1]}"; exec sleep 1000'], start_new_session=True)
open(sys.argv[1]).read(1)
os.killpg(view.pid, signal.SIGINT)  # as Ctrl-C does
sys.exit(view.wait())
END_OF_PYTHON
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" =~ "main, ".*" killed by SIGINT" ]]
}

@test "where strace is missing or forbidden, one line says so" {
    python=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')
    mkdir "$BATS_TEST_TMPDIR/bin"
    ln -s "$(command -v addr2line)" "$BATS_TEST_TMPDIR/bin"
    for view in timeline syscalls; do
        run env PATH="$BATS_TEST_TMPDIR/bin" "$python" -B views/$view.py lessons/03_many/many
        [ "$status" -eq 1 ]
        [ "$output" = "This needs strace. Install the package strace, or type make deps." ]
    done
    printf '#!/bin/sh\necho "strace: ptrace: Operation not permitted" >&2; exit 1\n' \
        > "$BATS_TEST_TMPDIR/bin/strace"
    chmod +x "$BATS_TEST_TMPDIR/bin/strace"
    run env PATH="$BATS_TEST_TMPDIR/bin" "$python" -B views/timeline.py lessons/03_many/many
    [ "$status" -eq 1 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" == *"Operation not permitted"* ]]
}

@test "each system call of lesson 1 stands beside the line that made it" {
    strace -k -o /dev/null true 2> /dev/null || skip "this strace has no -k"
    for method in fork spawn forkserver; do
        MP_START_METHOD=$method viewed syscalls hello
        grep -qE '^  (clone|sendmsg)\(.* [0-9]+: check\(mp_process_start' <<< "$output" ||
            grep -qE '^  clone3\(.* unknown$' <<< "$output"
        grep -qE '^  waitid\(P_PIDFD.* [0-9]+: check\(mp_process_join' <<< "$output"
        grep -qE '^  write\(1, "hi python.* [a-z0-9].*mp_(exit|main)' <<< "$output"
        line=$(sed -nE 's/^  pidfd_open.* ([0-9]+): check\(mp_process_start.*/\1/p' <<< "$output")
        sed -n "${line}p" lessons/01_hello/hello.c | grep -q mp_process_start
    done
}

@test "processes that make the same system calls are shown once" {
    strace -k -o /dev/null true 2> /dev/null || skip "this strace has no -k"
    run $patience make -s syscalls-start_methods
    grep -qE '^start_methods: child 1, [0-9]+ \(ended\)$' <<< "$output"
    grep -qE '^start_methods: child 2, [0-9]+ \(ended\), and 2 more with these calls$' <<< "$output"
}

@test "lesson 22, which mpirun launches: a timeline, and for system calls one line" {
    command -v mpirun > /dev/null || skip "there is no mpirun"
    $undrawn make -s timeline-22 > /dev/null
    run processes cluster
    echo "$output"
    [ "$(grep -c '^C: child [1-4]|.*|ended|main$' <<< "$output")" -eq 4 ]
    run make -s syscalls-22
    echo "$output"
    [ "$(head -1 <<< "$output")" = "mpirun starts cluster. This view is too slow for that." ]
}
