#!/usr/bin/env bats
# mp_cluster_map on several ranks. tests/programs/cluster_map.c checks most of
# it by itself, and then ends all ranks.

bats_require_minimum_version 1.5.0

setup() {
    unset MP_START_METHOD
    cd "$BATS_TEST_DIRNAME/.."
    PROGRAM=build/cc/tests/programs/cluster_map
    SECONDS_LEFT=$(python3 tests/patience.py 60)
    # What Open MPI puts into files is ours alone, and must be gone at the end.
    export TMPDIR="$BATS_TEST_TMPDIR/files"
    mkdir -p "$TMPDIR"
    OPTIONS="--allow-run-as-root --oversubscribe --bind-to none --mca btl_vader_backing_directory $TMPDIR"
}

needs_open_mpi() {
    grep -q MP_OPENMPI build/cc/optional || skip "built without Open MPI"
    command -v mpirun > /dev/null || skip "no mpirun"
}

# mpirun with this many ranks, in a session of its own.
ranks() {
    setsid --wait sh -c 'echo $$ > "$0"; exec "$@"' "$BATS_TEST_TMPDIR/session" \
        timeout "$SECONDS_LEFT" mpirun $OPTIONS -np "$@"
}

nothing_is_left() {
    [ -z "$(ls -A "$TMPDIR")" ]
    session=$(cat "$BATS_TEST_TMPDIR/session")
    until [ -z "$(cat /proc/[0-9]*/stat 2> /dev/null | awk -v s="$session" '$6 == s && $3 != "Z"')" ]; do
        [ $((SECONDS_LEFT--)) -gt 0 ]
        sleep 0.1
    done
}

# What the program prints, for any number of ranks.
expected() {
    python3 - <<'END'
squares = ' '.join(str(i * i) for i in range(1, 1001))
print('many:', squares)
print('in chunks of 3:', squares)
print('one: 1\nnone:\nwithout an argument: 7 7 7 7 7')
print('1 to 1: No child processes, status -9')
print('3 to 3: Bad message, status 42')
print('4 to 4: No child processes, status 7')
print('5 to 5: No child processes, status -9')
print('some: 25 -1 36 -1 -1 -1 49 64')
END
}

@test "the same program text on 1, 2 and 4 ranks gives the same bytes" {
    needs_open_mpi
    expected > "$BATS_TEST_TMPDIR/expected"
    for n in 1 2 4; do
        ranks $n $PROGRAM > "$BATS_TEST_TMPDIR/printed"
        cmp "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/printed"
        nothing_is_left
    done
}

@test "so does lesson 22, and each of its ten items has one rank" {
    needs_open_mpi
    for n in 1 2 4; do
        ranks $n build/cc/lessons/22_cluster/cluster 0.01 > "$BATS_TEST_TMPDIR/printed"
        [ "$(head -1 "$BATS_TEST_TMPDIR/printed")" = "[1, 4, 9, 16, 25, 36, 49, 64, 81, 100]" ]
        [ "$(awk 'NR > 1 { items += $1 } END { print NR - 1, items }' "$BATS_TEST_TMPDIR/printed")" = "$n 10" ]
    done
}

@test "a killed worker fails its item alone, on any rank, by each start method" {
    needs_open_mpi
    for method in fork spawn forkserver; do
        export MP_START_METHOD=$method
        [ "$(ranks 3 $PROGRAM kill 40 | grep -c ': No child processes, status -9$')" -eq 4 ]
    done
    nothing_is_left
}

@test "if a rank has no memory, the map fails on all, and nothing was begun" {
    needs_open_mpi
    ranks 2 $PROGRAM memory
    nothing_is_left
}

@test "if a rank is killed, Open MPI ends the others, and nothing is left" {
    needs_open_mpi
    run ! ranks 3 $PROGRAM die
    [[ "$output" == *"exited on signal 9"* ]]
    nothing_is_left
}

@test "on two hosts it prints the same as on one" {
    needs_open_mpi
    for tool in unshare nsenter ip hostname; do
        command -v $tool > /dev/null || skip "no $tool"
    done
    sh tests/two_hosts.sh true || skip "this system allows no network namespaces"
    expected > "$BATS_TEST_TMPDIR/expected"
    timeout "$SECONDS_LEFT" sh tests/two_hosts.sh sh -c \
        "mpirun $OPTIONS --mca plm_rsh_agent \$AGENT --host 10.0.0.1,10.0.0.2 $PROGRAM" |
        cmp "$BATS_TEST_TMPDIR/expected" -
    run -0 timeout "$SECONDS_LEFT" sh tests/two_hosts.sh sh -c \
        "mpirun $OPTIONS --mca plm_rsh_agent \$AGENT --host 10.0.0.1,10.0.0.2 build/cc/lessons/22_cluster/cluster 0.05"
    [ "${lines[0]}" = "[1, 4, 9, 16, 25, 36, 49, 64, 81, 100]" ]
    [[ "${lines[1]}" == *" items by rank 0 on one" ]]
    [[ "${lines[2]}" == *" items by rank 1 on two" ]]
}

@test "compiled without Open MPI, it says in one line what to install" {
    cc -std=gnu11 -O0 -Icommon -Ilessons lessons/22_cluster/cluster.c common/*/*.c \
        -pthread -ldl -lm -o "$BATS_TEST_TMPDIR/cluster"
    run "$BATS_TEST_TMPDIR/cluster"
    [ "$status" -eq 1 ]
    [[ "$output" == "lessons/22_cluster/cluster.c:"*": cluster: mp_cluster_new needs Open MPI: install libopenmpi-dev and openmpi-bin (make deps), and build again" ]]
}
