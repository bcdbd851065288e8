#!/usr/bin/env bats
# Locks and their like in whole programs, and what helps to find mistakes.

bats_require_minimum_version 1.5.0

setup() {
    unset MP_START_METHOD MP_DEADLOCK MP_SCHEDULE
    PROGRAMS=build/cc/tests/programs
    LIMIT="timeout $(python3 tests/patience.py 60)"
}

@test "no count is lost under load, by each start method, nor with another order" {
    for method in fork spawn forkserver; do
        MP_START_METHOD=$method run -0 $LIMIT $PROGRAMS/hammer 1000
        [ "$output" = "all counts are right" ]
    done
    MP_SCHEDULE=3 run -0 $LIMIT $PROGRAMS/hammer 50
    [ "$output" = "all counts are right" ]
}

@test "nor on aarch64" {
    [ -n "$SOAK" ] || skip "make soak does this"
    for tool in aarch64-linux-gnu-gcc qemu-aarch64; do
        command -v $tool > /dev/null || skip "it takes gcc-aarch64-linux-gnu and qemu-user"
    done
    aarch64-linux-gnu-gcc -O2 -static -std=gnu11 -Icommon -o "$BATS_TEST_TMPDIR/hammer" \
        tests/programs/hammer.c common/*/*.c -pthread -lm
    for i in 1 2 3; do
        run -0 $LIMIT qemu-aarch64 "$BATS_TEST_TMPDIR/hammer" 500
        [ "$output" = "all counts are right" ]
    done
}

@test "MP_DEADLOCK tells a circle of waiting processes, once, by name and place" {
    place=tests/programs/deadlock.c:$(grep -n 'given->second, 3' tests/programs/deadlock.c | cut -d: -f1)
    for method in fork spawn forkserver; do
        MP_START_METHOD=$method MP_DEADLOCK=0.2 run -0 $LIMIT $PROGRAMS/deadlock
        [ "${#lines[@]}" -eq 7 ]
        [[ "${lines[0]}" == Process-[12]" (process "*") waits" ]]
        [[ "${lines[3]}" == Process-[12]" (process "*") waits" ]]
        [ "${lines[0]%% *}" != "${lines[3]%% *}" ]
        [ "${lines[1]}" = "    at $place" ]
        [ "${lines[6]}" = "This is a circle: none goes on, unless one gives up." ]
    done
    run -0 $LIMIT $PROGRAMS/deadlock
    [ "$output" = "" ]
}

@test "it tells of a circle that closes later" {
    MP_DEADLOCK=0.2 run -0 $LIMIT $PROGRAMS/deadlock late
    [ "$(grep -c '^This is a circle' <<< "$output")" -eq 1 ]
}

@test "it tells of a holder that does not wait" {
    MP_DEADLOCK=0.2 run -0 $LIMIT $PROGRAMS/deadlock one
    [ "${#lines[@]}" -eq 4 ]
    holder=$(grep -o 'process [0-9]* holds' <<< "${lines[2]}" | grep -o '[0-9]*')
    [ "${lines[3]}" = "Process $holder waits for no lock." ]
}

@test "a number that is none is refused" {
    for variable in MP_DEADLOCK MP_SCHEDULE; do
        for value in x -1 0 ''; do
            run -2 env $variable=$value $PROGRAMS/hammer 1
            [ "$output" = "$variable must be a number above 0, not '$value'" ]
        done
    done
}

@test "MP_SCHEDULE shows the mistake of lesson 16, with the same number again" {
    broken=build/cc/lessons/16_lock/lock_account_broken
    most=0
    for number in $(seq 30); do
        shown=0
        for i in $(seq 5); do
            MP_SCHEDULE=$number run -0 $LIMIT $broken
            [ "$output" = "the balance is 40" ] || shown=$((shown + 1))
        done
        most=$((shown > most ? shown : most))
    done
    [ "$most" -ge 3 ] || { echo "at most $most of 5 with one number"; false; }
}

@test "the deadlock that lesson 16 quotes is told at that line" {
    run env MP_DEADLOCK=0.2 $LIMIT build/cc/lessons/16_lock/lock_broken 1
    place=$(grep -o 'at lessons/16_lock/lock_broken.c:[0-9]*' <<< "$output" | sort -u)
    [ -n "$place" ]
    [ "$(grep -cF "$place" lessons/16_lock/lock_broken.c)" -eq 2 ]
}
