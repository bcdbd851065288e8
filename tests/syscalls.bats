#!/usr/bin/env bats
# What a call costs on any machine: its system calls, counted by strace(1).

setup() {
    command -v strace > /dev/null || skip "needs strace"
    strace -o /dev/null true 2> /dev/null || skip "strace is not permitted here"
    PROGRAMS=${B:-build/cc}/tests/programs
    TRACES=$BATS_TEST_TMPDIR
}

# The system calls in a trace, without signals and exits.
calls() {
    grep -cE '^[a-z_0-9]+\(' "$1" || true
}

@test "start and join by fork are at most 12 system calls in the parent" {
    for number in 10 20; do
        MP_START_METHOD=fork strace -o "$TRACES/$number" $PROGRAMS/starts $number
    done
    each=$((($(calls "$TRACES/20") - $(calls "$TRACES/10")) / 10))
    echo "start and join: $each system calls"
    [ "$each" -le 12 ]
}

@test "a forked child makes 4 system calls beside those that reset its handlers" {
    MP_START_METHOD=fork strace -ff -o "$TRACES/child" $PROGRAMS/starts 1
    child=$(ls "$TRACES"/child.* | sort -t. -k2n | tail -1)
    others=$(grep -vc rt_sigaction <(grep -E '^[a-z_0-9]+\(' "$child"))
    cat "$child"
    # glibc's own fork registers a list of robust mutexes
    [ "$(grep -c rt_sigaction "$child")" -le 32 ]
    [ "$others" -le 5 ]
}
