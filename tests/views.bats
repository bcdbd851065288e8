#!/usr/bin/env bats
# The views many, pages, side and debug. The others have files of their own.

setup() {
    unset MAKEFLAGS MAKELEVEL MFLAGS CC SAN ARGS RUNS MP_START_METHOD MP_SCHEDULE
    cd "$BATS_TEST_DIRNAME/.."
    LIMIT="timeout $(python3 tests/patience.py 60)"
}

# The counts in the table of `many`.
counts() {
    sed -nE 's/^ +([0-9]+) +[0-9.]+ %  .*/\1/p' <<< "$output"
}

@test "many counts the orders of lines: one where the program fixes it, several where not" {
    run $LIMIT make -s many-many_join_one RUNS=3
    [ "$status" -eq 0 ]
    [[ "$output" == *"many_join_one: one order of its lines in 3 runs"* ]]
    [ "$(counts)" = 3 ]
    run $LIMIT make -s many-many_no_join RUNS=40
    [[ "$output" == *" orders of its lines in 40 runs"* ]]
    [ "$(counts | wc -l)" -gt 1 ]
    [ "$(counts | awk '{ sum += $1 } END { print sum }')" -eq 40 ]
    [ "$(grep -c '^time' build/views/many-many_no_join.tsv)" -eq 40 ]
}

@test "many shows how a number varies, also with other arguments" {
    run $LIMIT make -s many-map_vs_map_async RUNS=3 ARGS=0.02
    [ "$status" -eq 0 ]
    [[ "$output" == *"    d  meanwhile the parent found <number> primes"*"<number> in d: "*" to "* ]]
    [[ "$output" == *"milliseconds: "*", half of them "*", median "* ]]
}

@test "many knows each number of a line that no template has" {
    run python3 -B -c "
import pathlib, sys
sys.path.append('tests')
from expected import Expected
expected = Expected(pathlib.Path('lessons/16_lock/lock.expected'), 'fork')
print(expected.template_of('without a lock: expected 20, counted 17, lost 3'))"
    [ "$output" = "('without a lock: expected <number>, counted <number>, lost <number>', [20.0, 17.0, 3.0])" ]
}

@test "many draws four pictures" {
    command -v gnuplot > /dev/null || skip "no gnuplot"
    rm -f build/views/many-hello-*
    $LIMIT make -s many-hello RUNS=2
    [ "$(grep -l '</svg>' build/views/many-hello-{light,dark}.svg | wc -l)" -eq 2 ]
    [ "$(grep -al 'IEND' build/views/many-hello-{light,dark}.png | wc -l)" -eq 2 ]
}

@test "a tool that is missing is named in one line" {
    make -s build/cc/lessons/01_hello/hello
    python=$(python3 -c 'import sys; print(sys.executable)')
    PATH=/nowhere B=build/cc RUNS=2 run "$python" -B views/many.py lessons/01_hello/hello
    [ "$status" -eq 0 ]
    [[ "${lines[-1]}" == "There is no gnuplot, so there are no pictures: install the package gnuplot-nox"* ]]
    PATH=/nowhere run "$python" -B views/debug.py lessons/01_hello/hello
    [ "$status" -eq 1 ]
    [ "$output" = "This needs gdb. Install the package gdb, or type make deps." ]
}

@test "many asks what is expected at a terminal, and not through a pipe" {
    run $LIMIT python3 -c 'import pty; pty.spawn(["make", "-s", "many-hello", "RUNS=2"])' <<< "just one"
    [[ "$output" == *"hello runs 2 times. In how many orders will its lines come?"* ]]
    [[ "$output" == *"You expected: just one"* ]]
    run $LIMIT make -s many-hello RUNS=2 < /dev/null
    [[ "$output" != *"In how many orders"* ]]
}

@test "many refuses what is no number of runs" {
    run make -s many-hello RUNS=x
    [ "$status" -ne 0 ]
    [[ "$output" == *"RUNS is how often a program runs, 2 or more, and not 'x'."* ]]
}

# Without any privilege, also where the tests run as root.
pages() {
    make -s build/cc/views/pages
    if [ "$(id -u)" -eq 0 ] && command -v setpriv > /dev/null; then
        run setpriv --bounding-set=-all --inh-caps=-all build/cc/views/pages "$1"
    else
        run build/cc/views/pages "$1"
    fi
}

@test "pages are copied one by one where somebody writes, and not at the fork" {
    pages lessons/04_arguments/arguments
    [ "$(sed -E '1d; s/  +/ /; s/.*, /, /' <<< "$output")" = ", which has written to all oooooooo
, after the start of the child ========
, after it wrote to page 6 ======o=
, which has written nothing ======o=
, after it wrote to page 2 ==o===o=
In page 2 the parent finds a 'p'." ]
}

@test "pages of shared memory are never copied" {
    pages lessons/15_shared_memory/shared_memory
    [ "$(sed '1d; $d; s/.* //' <<< "$output" | grep -cvE '^[S.]{8}$')" -eq 0 ]
    [ "$(grep -c SSSSSSSS <<< "$output")" -ge 3 ]
    [[ "$output" == *"In page 2 the parent finds a 'c'." ]]
}

@test "pages names the lessons that it is for" {
    [[ "$(make -s pages-4)" == *oooooooo* ]]
    [ "$(make -s pages-3)" = "Lessons 4 and 15 have this view: make pages-4, make pages-15." ]
}

@test "side shows both, in two columns where there is room" {
    COLUMNS=150 run make -s side-1
    [ "$status" -eq 0 ]
    [[ "$output" == *'mp_process p;   '*' |     p.join()'* ]]
    [[ "$output" == *"hi python  | hi python"*"Nothing varies. They agree."* ]]
    COLUMNS=20 run make -s side-1
    [[ "$output" != *" | "* ]]
    [[ "$output" == *"--- lessons/01_hello/hello.py"*"    p.start()"* ]]
    run make -s side-pool_squares_guard
    [[ "$output" == *"They differ where lessons/12_pool_squares/pool_squares_guard.expected says so"* ]]
}

@test "side says when the two do not agree" {
    make -s build/cc/lessons/01_hello/hello
    build="$PWD/build/cc"
    cp -r tests views lessons "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR"
    sed -i "s/print('hi'/print('hey'/" lessons/01_hello/hello.py
    B="$build" run python3 -B views/side.py lessons/01_hello/hello
    [ "$status" -eq 1 ]
    [[ "$output" == *"They do not agree: C None, Python pid "*" printed: 'hey python"* ]]
}

@test "debug stops in the child's target under each start method, and shows the program, too" {
    command -v gdb > /dev/null || skip "no gdb"
    for method in fork spawn forkserver; do
        MP_START_METHOD=$method run $LIMIT make -s debug-hello <<< $'bt\ninferior 1\nbt\nquit'
        [[ "$output" == *"hello, by $method"*"hit Breakpoint 1"*"hello (args="*"mp_process_bootstrap"* ]]
        [[ "$output" == *"[Switching to inferior 1 "*"mp_process_"*" in main ("* ]]
        [ -z "$(grep -lzs "^$PWD/build/cc/lessons/01_hello/hello" /proc/[0-9]*/cmdline)" ]
    done
}

@test "debug of a program that calls the target in the parent as well stops in the child" {
    command -v gdb > /dev/null || skip "no gdb"
    run $LIMIT make -s debug-pid_info_pair <<< $'print $_inferior\nquit'
    [[ "$output" == *'$1 = 2'* ]]
}

@test "a view leaves the tree as it was" {
    before=$(git status --short)
    make -s side-1 pages-4 audit-1 > /dev/null
    [ "$(git status --short)" = "$before" ]
}
