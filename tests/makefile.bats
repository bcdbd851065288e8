#!/usr/bin/env bats
# The Makefile, as a newcomer meets it. All tests work in one copy of the tree,
# with what is built of library and lessons; some in a copy of their own.

unset MAKEFLAGS MAKELEVEL MFLAGS CC SAN ARGS N MP_START_METHOD

# Copies of the sources, and of the named files, to a folder.
copy_to() {
    mkdir -p "$1"
    tar -cf - $(ls -A | grep -vxE 'build|\.git') "${@:2}" | tar -xf - -C "$1"
}

setup_file() {
    copy_to "$BATS_FILE_TMPDIR/tree" $(ls -d build/{cc,clang,cc-address-undefined}/{flags,optional*,common,lessons,tests/unit/unit.*} 2> /dev/null)
    cd "$BATS_FILE_TMPDIR/tree"
    make -s lesson-1
}

setup() {
    cd "$BATS_FILE_TMPDIR/tree"
}

# A copy of its own for a test that changes it; without anything built.
own_copy() {
    copy_to "$BATS_TEST_TMPDIR/copy" build
    cd "$BATS_TEST_TMPDIR/copy"
}
own_copy_unbuilt() {
    copy_to "$BATS_TEST_TMPDIR/copy"
    cd "$BATS_TEST_TMPDIR/copy"
}

outside_build() {
    find . -path ./build -prune -o -print | sort
}

# A PATH that has only the named tools, beside what every system has.
only() {
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    for tool in sh make cc as ld ar mkdir mv rm cat sed grep find awk env id "$@"; do
        ln -sf "$(command -v $tool)" "$BATS_TEST_TMPDIR/bin/$tool"
    done
    PATH="$BATS_TEST_TMPDIR/bin"
}

# A tool that only writes down how it was called.
pretend() {
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    printf '#!/bin/sh\necho "%s $*" >> "%s"\n' "$1" "$BATS_TEST_TMPDIR/calls" \
        > "$BATS_TEST_TMPDIR/bin/$1"
    chmod +x "$BATS_TEST_TMPDIR/bin/$1"
}

@test "plain make says what to type next" {
    run make
    [ "$status" -eq 0 ]
    [[ "$output" == *"make lesson-1"*"make next"*"make help"* ]]
}

@test "make help lists every target and every lesson" {
    run make help
    [ "$status" -eq 0 ]
    for target in help lesson-N lessons read-N answer-N quiz-N python-N test soak fuzz bench plots \
                  deps clean 01_hello 05_subclass; do
        [[ "$output" == *"$target"* ]] || { echo "no $target"; false; }
    done
}

@test "with only cc and make, lesson 1 builds what it needs, and prints hi python" {
    own_copy_unbuilt
    only
    [ "$(make lesson-1 2> err)" = "hi python" ]
    [ "$(cat err)" = "Building the library (once) .." ]
    [ -x build/cc/lessons/01_hello/hello ]
    [ ! -e build/cc/lessons/02_pid_info ]
}

@test "with only cc and make, every lesson runs, and the tree stays clean" {
    outside_build > "$BATS_TEST_TMPDIR/before"
    (only; make lessons)
    outside_build | diff "$BATS_TEST_TMPDIR/before" -
}

@test "where Open MPI is absent, lesson 22 says in one line what to install" {
    only
    run make -s lesson-22
    [ "$status" -ne 0 ]
    [ "${lines[0]}" = "cluster needs Open MPI: install libopenmpi-dev and openmpi-bin, or type make deps." ]
}

@test "a lesson is called by its number, with or without zero, or its name" {
    for name in 1 01 hello; do
        [ "$(make lesson-$name)" = "hi python" ]
    done
}

@test "one program of a lesson is called by its name, also the first" {
    [ "$(make lesson-many ARGS=0.01 | wc -l)" -eq 4 ]
    [[ "$(make read-many)" != *"# The same without join"* ]]
    run make lesson-many_no_join ARGS=0.01
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 4 ]
    [[ "$(make read-many_no_join)" != *"# Three at once"* ]]
}

@test "several programs of a lesson are told apart, on stderr" {
    make lesson-4 ARGS=0.01 > out 2> err
    [ "$(head -2 err)" = "--- 04_arguments/arguments
--- 04_arguments/arguments_copy" ]
    ! grep -q -e --- out
}

@test "several may run at once in one tree of which some is not built" {
    rm -rf build/cc/lessons/04_arguments
    find build/cc/common -name '*s.o' -delete
    for i in 1 2 3 4; do
        make lesson-4 ARGS=0.01 > "out.$i" 2> "err.$i" &
    done
    for job in $(jobs -p); do
        wait "$job"
    done
    for i in 1 2 3 4; do
        [ "$(grep -c 'work_. is ending' out.$i)" -eq 2 ]
        [ "$(grep -c '^---' "err.$i")" -eq "$(ls lessons/04_arguments/*.c | wc -l)" ]
    done
}

@test "what a lesson prints goes to standard output, what make says does not" {
    make lesson-1 > out 2> err
    [ "$(cat out)" = "hi python" ]
    [ ! -s err ]
}

@test "ARGS go to the programs that take arguments" {
    run make lesson-2 ARGS=0.01
    [ "$status" -eq 0 ]
    [[ "$output" == *"hello bob"* ]]
    [[ "$output" == *"ending"* ]]
}

@test "MP_START_METHOD runs a lesson under another start method" {
    for method in fork spawn forkserver; do
        MP_START_METHOD=$method make -s lesson-1 > out 2> err
        [ "$(cat out)" = "hi python" ]
        [ ! -s err ]
    done
}

@test "a start method that does not exist fails make, with one line" {
    make lesson-1
    export MP_START_METHOD=spoon
    run build/cc/lessons/01_hello/hello
    [ "$status" -eq 1 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" == "lessons/01_hello/hello.c:"*": mp_process_start(&p): cannot find context for 'spoon', which MP_START_METHOD names: there are fork, spawn and forkserver" ]]
    run make -s lesson-1
    [ "$status" -ne 0 ]
    [[ "${lines[0]}" == *"cannot find context for 'spoon', which MP_START_METHOD names: there are fork, spawn and forkserver" ]]
}

@test "a bad argument fails make, with one line and the usage" {
    run make lesson-3 ARGS=soon
    [ "$status" -ne 0 ]
    [[ "$output" == *"'soon' is not a number from 0 to 10^9"* ]]
    [[ "$output" == *"usage: many [seconds]"* ]]
    run make lesson-1 ARGS=1
    [ "$status" -ne 0 ]
    [[ "$output" == *"unexpected argument '1'"* ]]
}

@test "an unknown lesson is named, with those that there are" {
    for target in lesson-77 read-77 python-77; do
        run make $target
        [ "$status" -ne 0 ]
        [[ "$output" == *"There is no lesson '77'."* ]]
        [[ "$output" == *"01_hello"* ]]
    done
}

@test "a failing lesson fails make, also where others follow" {
    own_copy
    mkdir lessons/00_fail
    echo 'int main(void) { return 5; }' > lessons/00_fail/fail.c
    run make lesson-00
    [ "$status" -ne 0 ]
    run make lessons
    [ "$status" -ne 0 ]
    [[ "$output" == *"--- 00_fail/fail"* && "$output" != *"--- 01_hello/hello"* ]]
}

@test "a failed check names the call, the place and the reason" {
    own_copy
    mkdir lessons/98_fail
    cat > lessons/98_fail/fail.c <<'END'
#include "lesson.h"
int main(void)
{
    mp_process p;
    check(mp_process_init(&p));
    check(mp_process_join(&p, MP_FOREVER));
}
END
    run make lesson-98
    [ "$status" -ne 0 ]
    [ "${lines[0]}" = "lessons/98_fail/fail.c:6: mp_process_join(&p, MP_FOREVER): can only join a started process" ]
}

@test "a source that does not compile fails make and leaves no file" {
    own_copy
    mkdir lessons/98_fail
    echo 'int main(void) { return }' > lessons/98_fail/fail.c
    run make lesson-98
    [ "$status" -ne 0 ]
    [ -z "$(find build -name 'fail*')" ]
}

@test "read-N shows the whole source as plain text" {
    run make read-3
    [ "$status" -eq 0 ]
    [[ "$output" == *"// # Three at once"* ]]
    [[ "$output" == *"// # The same without join"* ]]
}

@test "python-N runs the original" {
    [ "$(make python-1)" = "hi python" ]
}

@test "without python3, python-N says what to install" {
    only
    run make python-1
    [ "$status" -ne 0 ]
    [ "${lines[0]}" = "This needs python3. Install the package python3, or type make deps." ]
}

@test "without the test tools, make test says what to type" {
    only
    run make test
    [ "$status" -ne 0 ]
    [[ "${lines[0]}" == "The tests need "*"make deps"* ]]
}

@test "a failing fact is shown, with how to run it alone, and all else runs" {
    own_copy
    rm tests/*.bats tests/unit/test_*.c tests/fuzz/fuzz_*.c
    printf '#!/bin/sh\necho 1..1; echo ok 1\n' > tests/true.bats
    chmod +x tests/true.bats
    echo 'print("1..1\nok 1 - a lesson")' | tee tests/*.py exercises/quiz.py > /dev/null
    cat > tests/unit/test_bad.c <<'END'
#include "unit.h"
START_TEST(one_is_two)
{
    ck_assert_int_eq(1, 2);
}
END_TEST
START_TEST(one_is_one)
{
    ck_assert_int_eq(1, 1);
}
END_TEST
int main(int argc, char **argv)
{
    unit_begin(argc, argv);
    fact(FORK | SPAWN, one_is_two);
    fact(FORK, one_is_one);
    return unit_main("bad");
}
END
    make build/cc/tests/unit/test_bad
    # Its linker flags are its own: the library is not compiled anew.
    [ -z "$(find build/cc/common -newer tests/unit/test_bad.c)" ]
    run sh tests/all.sh cc
    [ "$status" -ne 0 ]
    [[ "$output" == *"# one_is_two spawn: tests/unit/test_bad.c:4: "*"1 == 2"* ]]
    [[ "$output" == *"to run it alone: build/cc/tests/unit/test_bad one_is_two spawn"* ]]
    [[ "$output" == *"tests/lessons.py .. ok"* ]]
    [ "${lines[-1]}" = "FAILED: build/cc/tests/unit/test_bad" ]
    run build/cc/tests/unit/test_bad one_is_two spawn
    [ "$status" -ne 0 ]
    [ "$(grep -cE '^(not )?ok' <<< "$output")" -eq 1 ]
    build/cc/tests/unit/test_bad one_is_one
}

@test "an exercise is begun, tried, hinted at and passed; an answer is never overwritten" {
    rm -rf mine
    run make -s try-3a
    [ "$status" -eq 0 ]
    [[ "$output" == *"mine/3a.c is yours now"* ]]
    diff exercises/03a_*.c mine/3a.c
    run make -s try-3a
    [ "$status" -ne 0 ]
    [[ "$output" == *"Not yet. "*"make hint-3a"* ]]
    [ "$(make hint-3a | grep -c '^Hint')" -eq 1 ]
    [ "$(make hint-3a | grep -c '^Hint')" -eq 2 ]
    make solution-3a | sed '/^$/,$d' > answer
    sed -i -e '/---- your part/r answer' -e '/---- your part/,/---- end/{/----/!d}' mine/3a.c
    [ "$(make try-3a | head -1)" = "3a is passed." ]
    [ "$(make next | head -1)" = "1 of $(ls exercises/[0-9]*.md | wc -l) exercises are passed." ]
    echo 3b >> mine/progress
    [[ "$(make next)" == *"Next: read lesson 1 "* ]]
    printf '%s\n' 1a 2a >> mine/progress
    [[ "$(make next)" == *"Next: type make try-3c: "* ]]
    sed -i 's/MP_ARGS(args.i.)/MP_ARGS(\&args[i])/' mine/3a.c
    run make -s try-3a
    [ "$status" -ne 0 ]
    [[ "$output" == *"mine/3a.c does not compile yet. MP_ARGS copies bytes: "*"not a pointer."* ]]
    run make -s try-99z
    [ "$status" -ne 0 ]
    [[ "$output" == *"There is no exercise '99z'. There are: 1a "* ]]
    run env LANG=zh make -s try-4a
    diff <(grep -v '^ *// [^-]' exercises/04a_*.c) <(grep -v '^ *// [^-]' mine/4a.c)
    ! /usr/bin/python3 -c 'import polib' 2> /dev/null || LC_ALL=C grep -q '[^ -~]' mine/4a.c
}

@test "deps does nothing where all is there" {
    pretend apt-get
    PATH="$BATS_TEST_TMPDIR/bin:$PATH"
    run make deps
    [ "$status" -eq 0 ]
    [ "$output" = "All that tests and pictures need is there." ]
    [ ! -e "$BATS_TEST_TMPDIR/calls" ]
}

@test "deps installs by apt-get what is missing, with sudo when not root" {
    pretend apt-get
    pretend sudo
    only chmod
    run make deps
    [ "$status" -eq 0 ]
    grep -q 'apt-get install .*check.*bats.*gnuplot-nox.*musl-tools' "$BATS_TEST_TMPDIR/calls"
    rm "$BATS_TEST_TMPDIR/bin/id"
    printf '#!/bin/sh\necho 1000\n' > "$BATS_TEST_TMPDIR/bin/id"
    chmod +x "$BATS_TEST_TMPDIR/bin/id"
    pretend npm
    run make deps BOOK=1
    [ "$status" -eq 0 ]
    grep -q 'sudo env DEBIAN_FRONTEND=noninteractive apt-get install.*python3-sphinx' "$BATS_TEST_TMPDIR/calls"
    grep -q 'sudo npm install --global .*playwright-core@.*axe-core@' "$BATS_TEST_TMPDIR/calls"
}

@test "deps names the packages where there is no apt-get" {
    only
    run make deps
    [ "$status" -ne 0 ]
    [[ "$output" == *"Please install"*"gnuplot-nox"* ]]
}

@test "a compiler and a sanitizer have a build folder of their own" {
    command -v clang > /dev/null || skip "no clang"
    [ "$(make CC=clang lesson-1)" = "hi python" ]
    [ "$(make SAN=address,undefined lesson-1)" = "hi python" ]
    [ -x build/clang/lessons/01_hello/hello ]
    [ -x build/cc-address-undefined/lessons/01_hello/hello ]
}

@test "other flags build anew" {
    own_copy
    make lesson-1
    before="$(stat -c %Y.%i build/cc/lessons/01_hello/hello)"
    make lesson-1
    [ "$(stat -c %Y.%i build/cc/lessons/01_hello/hello)" = "$before" ]
    make CFLAGS=-O0 lesson-1
    [ "$(stat -c %Y.%i build/cc/lessons/01_hello/hello)" != "$before" ]
}

@test "the tree stays clean, and make clean removes all that was built" {
    own_copy
    outside_build > "$BATS_TEST_TMPDIR/before"
    make lesson-1 python-1 read-1
    outside_build | diff "$BATS_TEST_TMPDIR/before" -
    make clean
    [ ! -e build ]
    find . | sort | diff "$BATS_TEST_TMPDIR/before" -
}
