#!/usr/bin/env bats
#
# The harness, its statistics, its verdicts and its pictures. Nothing here asks
# how long anything took. B is the build folder.

bats_require_minimum_version 1.5.0

setup() {
    B=${B:-build/cc}
    raw=$BATS_TEST_TMPDIR/raw.tsv
    made=$BATS_TEST_TMPDIR/raw.summary.tsv
}

# raw_file [FACT...] < "round mode n ns" with commas: a file as raw.h has it.
raw_file() {
    lines=$(tr ',' '\t')
    {
        echo '# question: test'
        for fact in "$@"; do echo "# $fact"; done
        echo "# samples: $(echo "$lines" | wc -l)"
        printf 'round\tmode\tn\tnanoseconds\n'
        echo "$lines"
    } > "$raw"
}

summary() {
    run --separate-stderr timeout 10 "$B/bench/summary" "$raw" "$made"
}

# refused SENTENCE: status 1, this alone on stderr, and no file.
refused() {
    summary
    [ "$status" -eq 1 ]
    [ "$stderr" = "summary: $1" ]
    [ ! -e "$made" ]
}

# fact KEY: from the summary.
fact() { sed -n "s/^# $1: //p" "$made"; }

# ratio_rows RATIO...: modes a and b, whose ratios at n = 10^3, 10^4, .. are
# the given ones.
ratio_rows() {
    n=1000
    for ratio in "$@"; do
        for round in 1 2 3; do
            echo "$round,a,$n,1000"
            echo "$round,b,$n,$ratio"
        done
        n=$((n * 10))
    done
}

# ---- statistics -------------------------------------------------------------

@test "quartiles are interpolated linearly" {
    printf '%s\n' 1,a,7,40 2,a,7,10 3,a,7,30 4,a,7,20 | raw_file
    summary
    [ "$status" -eq 0 ]
    [ "$(tail -n 1 "$made")" = $'a\t7\t4\t17.5\t25.0\t32.5' ]
}

@test "one sample is its own median and quartiles" {
    echo 1,a,7,40 | raw_file
    summary
    [ "$(tail -n 1 "$made")" = $'a\t7\t1\t40.0\t40.0\t40.0' ]
}

@test "ratios are paired by round" {
    printf '%s\n' 1,a,7,100 1,b,7,200 2,b,7,4000 2,a,7,2000 3,a,7,50 \
        3,b,7,100 4,a,7,1 | raw_file 'compare: b | a | '
    summary
    [[ "$output" == *"2.00 (2.00 to 2.00)"* ]]
    [ "$(fact verdict_1)" = 'b takes 2.00 times as long as a' ]
}

# ---- verdicts ---------------------------------------------------------------

@test "the break-even lies where the ratio crosses 1, on log scales" {
    # 2 and 0.5 are equally far from 1: half way from 10^4 to 10^5.
    ratio_rows 4000 2000 500 | raw_file 'compare: b | a | Many win'
    summary
    [ "$(fact verdict_1)" = 'Many win from n = 32 thousand' ]
    [ "$(fact break_even_1)" = 31623 ]
}

@test "after a dip the last crossing counts" {
    ratio_rows 2000 500 2000 500 | raw_file 'compare: b | a | Many win'
    summary
    [ "$(fact break_even_1)" = 316228 ]
}

@test "no crossing is said to be none" {
    ratio_rows 4000 2000 1000 |
        raw_file 'compare: b | a | Many win' 'usable_cpus: 1' 'load_before: 0.00'
    summary
    [ "$(fact verdict_1)" = 'Many win at no n up to 100 thousand (usable CPUs: 1, load before: 0.00)' ]
    [ -z "$(fact break_even_1)" ]
}

@test "faster everywhere is said to be so" {
    ratio_rows 900 800 | raw_file 'compare: b | a | Many win'
    summary
    [ "$(fact verdict_1)" = 'Many win at every n from 1000 on' ]
    [ -z "$(fact break_even_1)" ]
}

@test "no verdict rests on a size where the control is off" {
    {
        ratio_rows 4000 1020 500
        printf '%s\n' 1,c,10000,1021 2,c,10000,1021 3,c,10000,1021
        printf '%s\n' 1,c,1000,1019 2,c,1000,1019 3,c,1000,1019
    } | raw_file 'compare: b | a | Many win' 'control: c | a'
    summary
    [[ "$output" == *"not measurable here"* ]]
    [[ "$output" == *"disturbed at 1 of 3 sizes"* ]]
    [ "$(fact verdict_1)" = 'Many win from an n between 1000 and 100 thousand' ]
}

@test "where the control is off, a clear side still counts, but no number" {
    {
        ratio_rows 4000 2000 500
        printf '%s\n' 1,c,10000,1021 2,c,10000,1021 3,c,10000,1021
    } | raw_file 'compare: b | a | Many win' 'control: c | a'
    summary
    [[ "$output" == *"not measurable here, but slower"* ]]
    [ "$(fact verdict_1)" = 'Many win from an n between 10 thousand and 100 thousand' ]
}

@test "a single ratio is not stated where the control is off" {
    printf '%s\n' 1,a,7,1000 1,b,7,2000 1,c,7,1100 |
        raw_file 'compare: b | a | ' 'control: c | a'
    summary
    [ "$(fact verdict_1)" = 'b against a: not measurable here (A/A 1.100)' ]
}

@test "a size has its unit, beginning with 1024 MiB another one" {
    {
        for round in 1 2 3; do
            printf '%s\n' $round,a,64,1000 $round,b,64,4000 \
                $round,a,512,1000 $round,b,512,250 \
                $round,a,4096,1000 $round,b,4096,250
        done
    } | raw_file 'unit: MiB' 'compare: b | a | Many win'
    summary
    [ "$(fact verdict_1)" = 'Many win from n = 180 MiB' ]
    [[ "$output" == *"         MiB  runs"* ]]
    grep -q 'n up to 4 GiB' <(fact how)
    # A size that was chosen is not rounded.
    sed -i 's/^\(.\tb\t512\t\)250/\11000/; s/^\(.\tb\t4096\t\)250/\12000/' "$raw"
    sed -i 's/^\(.\ta\t64\t\)1000/\19000/' "$raw"
    summary
    [[ "$(fact verdict_1)" == 'Many win at some n, but not at the largest, 4 GiB '* ]]
    sed -i '/\t4096\t/d; s/^# samples: .*/# samples: 12/' "$raw"
    summary
    [[ "$(fact verdict_1)" == 'Many win at some n, but not at the largest, 512 MiB '* ]]
}

@test "a run beside other programs is said to be disturbed" {
    for others in 0.05 0.83; do
        ratio_rows 4000 2000 | raw_file 'compare: b | a | ' "others: $others"
        summary
        if [ "$others" = 0.83 ]; then
            [[ "$output" == *'The run was disturbed: other programs used 0.83 of these CPUs meanwhile.'* ]]
            [ "$(fact disturbed)" = 'disturbed: other programs used 0.83 CPUs' ]
        else
            [[ "$output" != *disturbed* ]]
            [ -z "$(fact disturbed)" ]
        fi
    done
    {
        ratio_rows 4000 2000
        printf '%s\n' 1,c,10000,1021 2,c,10000,1021 3,c,10000,1021
    } | raw_file 'compare: b | a | ' 'control: c | a' 'others: 0.83'
    summary
    [ "$(fact disturbed)" = 'disturbed: other programs used 0.83 CPUs, and A/A is off in 1 of 2 rows' ]
    # A picture says it at its foot.
    command -v gnuplot >/dev/null || skip 'there is no gnuplot'
    mv "$made" "$BATS_TEST_TMPDIR/start.summary.tsv"
    timeout 60 sh plots/draw.sh "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/p" start
    grep -q 'other programs used 0.83 CPUs, and A/A is off' \
        "$BATS_TEST_TMPDIR/p/start-light.svg"
}

@test "what others use of the CPUs is counted, and what is ours is not" {
    [ -r /proc/stat ] || skip 'there is no /proc/stat'
    command -v taskset >/dev/null || skip 'there is no taskset'
    # On one CPU, half a second of work in a process that is nobody's child any
    # more: in our group it is ours, and the rest of the CPU may be others'; in
    # another group it is theirs, and maybe more is.
    cat > "$BATS_TEST_TMPDIR/others.c" <<'END'
#include "platform.h"
#include <time.h>
#include "bench.h"
#include "others.h"
int64_t bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
int main(int argc, char **argv)
{
    int done[2], over[2];
    char byte;
    (void)argv;
    if (pipe(done) == -1 || pipe(over) == -1) return 1;
    others_mark begin = others_begin();
    if (fork() == 0) {
        if (argc > 1) setpgid(0, 0);
        if (fork() > 0) _exit(0);
        close(over[1]);
        while (clock() < CLOCKS_PER_SEC / 2) { }
        _exit(write(done[1], "", 1) != 1 || read(over[0], &byte, 1) != 0);
    }
    wait(NULL);
    if (read(done[0], &byte, 1) != 1) return 1;
    double others = others_since(&begin);
    printf("%f %f\n", others, 0.5 / ((double)bench_now() / 1e9 - begin.at));
    return 0;
}
END
    cc -std=c11 -Ibench -Icommon "$BATS_TEST_TMPDIR/others.c" bench/others.c \
        -o "$BATS_TEST_TMPDIR/others"
    cpu=$(taskset -cp $$ | sed 's/.*[ ,-]//')
    taskset -c "$cpu" "$BATS_TEST_TMPDIR/others" > "$BATS_TEST_TMPDIR/ours"
    awk '{ exit !($1 >= 0 && $1 < 1 - $2 + 0.15) }' "$BATS_TEST_TMPDIR/ours"
    taskset -c "$cpu" "$BATS_TEST_TMPDIR/others" apart > "$BATS_TEST_TMPDIR/theirs"
    awk '{ exit !($1 > $2 - 0.15 && $1 < 1.15) }' "$BATS_TEST_TMPDIR/theirs"
}

# ---- a fitted break-even ------------------------------------------------------

# curve "N RATIO" ...: modes a, which takes 1 ns for each of n, and b.
curve() {
    for point in "$@"; do
        for round in 1 2 3; do
            echo "$point" | awk -v r=$round '{ print r ",a," $1 "," $1
                printf "%d,b,%d,%.0f\n", r, $1, $1 * $2 }'
        done
    done
}

# start_up N...: the ratio is 0.5 + 10^6 / n, so that the start costs 1 ms.
start_up() {
    for n in "$@"; do
        echo "$n $(awk -v n="$n" 'BEGIN { printf "%.9f", 0.5 + 1e6 / n }')"
    done
}

@test "a fitted break-even is where the line through all ratios meets 1" {
    mapfile -t points < <(start_up 320000 560000 1000000 1800000 3200000 5600000 10000000)
    curve "${points[@]}" | raw_file 'starts: yes' 'compare: b | a | Many win'
    summary
    [ "$(fact break_even_1)" = 2000000 ]
    [ "$(fact verdict_1)" = 'Many win from n = 2 million' ]
    [ "$(fact fit_1)" = 'start 1.00 ms, then 0.50 of the time' ]
    [[ "$output" == *'Fitted over 7 sizes: the start costs 1.00 ms, and then it takes 0.50 of the time.'* ]]
    # A size that is off moves where the medians cross, and hardly the line.
    points[3]='1800000 1.4'
    curve "${points[@]}" | raw_file 'starts: yes' 'compare: b | a | Many win'
    summary
    [ "$(fact break_even_1)" = 2000000 ]
    sed -i '/^# starts/d' "$raw"
    summary
    [ "$(fact break_even_1)" -gt 2500000 ]
    [ -z "$(fact fit_1)" ]
}

@test "what is more than a factor of 8 away is not fitted" {
    mapfile -t points < <(start_up 560000 1000000 1800000 3200000 5600000)
    curve '1000 9000' '200000 20' "${points[@]}" '32000000 0.7' '100000000 0.9' |
        raw_file 'starts: yes' 'compare: b | a | Many win'
    summary
    [ "$(fact break_even_1)" = 2000000 ]
    [[ "$output" == *'Fitted over 5 sizes'* ]]
}

@test "three sizes are not enough for a fit, nor is one side of 1" {
    mapfile -t points < <(start_up 1000000 1800000 3200000)
    curve "${points[@]}" | raw_file 'starts: yes' 'compare: b | a | Many win'
    summary
    [ -z "$(fact fit_1)" ]
    [ -n "$(fact break_even_1)" ]
    mapfile -t points < <(start_up 3200000 5600000 10000000 18000000)
    curve '1000 9000' "${points[@]}" |
        raw_file 'starts: yes' 'compare: b | a | Many win'
    summary
    [ -z "$(fact fit_1)" ]
}

@test "sizes where the control is off are not fitted" {
    mapfile -t points < <(start_up 400000 560000 1000000 3200000 5600000)
    {
        curve "${points[@]}" '1800000 5'
        printf '%s\n' 1,c,1800000,2000000 2,c,1800000,2000000
    } | raw_file 'starts: yes' 'compare: b | a | Many win' 'control: c | a'
    summary
    [ "$(fact break_even_1)" = 2000000 ]
    [[ "$output" == *'Fitted over 5 sizes'* ]]
}

@test "where the samples contradict a fit, only a range is stated" {
    # A step. The line would meet 1 at 2.2 million, but 10 million are slower.
    curve '1800000 1.1' '3200000 1.1' '5600000 1.1' '10000000 1.1' \
        '18000000 0.5' '32000000 0.5' '56000000 0.5' |
        raw_file 'starts: yes' 'compare: b | a | Many win'
    summary
    [ -z "$(fact fit_1)" ]
    [ "$(fact verdict_1)" = 'Many win from an n between 2.2 million and 11 million' ]
    # The line meets 1 at 6 million, but 3.2 million are faster already.
    curve '1000000 3.5' '1800000 2.1667' '3200000 0.9' '5600000 1.0357' \
        '10000000 0.8' '18000000 0.6667' '32000000 0.59375' |
        raw_file 'starts: yes' 'compare: b | a | Many win'
    summary
    [ "$(fact verdict_1)" = 'Many win from an n between 3.2 million and 6.1 million' ]
}

@test "without a fit, too, only a range is stated where samples contradict" {
    # One CPU was taken in the middle: three sizes are too few for a line.
    curve '1000000 1.3' '3200000 0.84' '5600000 0.76' '100000000 1.01' \
        '1000000000 0.56' | raw_file 'starts: yes' 'compare: b | a | Many win'
    summary
    [ -z "$(fact fit_1)" ]
    [ "$(fact verdict_1)" = 'Many win from an n between 3.2 million and 100 million' ]
}

@test "a fit rests on the fastest tenth of the rounds" {
    # 11 rounds, of which two are fast: the second one is that tenth. In most of
    # the others b is held up, at some sizes long enough to lose.
    for n in 320000 560000 1000000 1800000 3200000 5600000 10000000; do
        for round in 1 2 3 4 5 6 7 8 9 10 11; do
            echo "$round,a,$n,$n"
            awk -v r=$round -v n=$n 'BEGIN { t = 0.5 * n + 1e6
                slow = r < 3 ? 1 : n == 1800000 ? 1.4 : 1 + r / 100
                printf "%d,b,%d,%.0f\n", r, n, t * slow - (r == 1) * 1000 }'
        done
    done | raw_file 'starts: yes' 'compare: b | a | Many win'
    summary
    [ "$(fact break_even_1)" = 2000000 ]
}

# ---- growth -----------------------------------------------------------------

# growth_rows: mode a takes 20 times as long with 2048 as with 10, b 1.5 times.
growth_rows() {
    for round in 1 2 3 4 5; do
        printf '%s\n' $round,a,10,$((1000 + round)) $round,b,10,2000 \
            $round,a,64,3000 $round,b,64,2000 \
            $round,a,2048,$((20060 + 1000 * (round - 3))) $round,b,2048,3000
    done
}

@test "growth is the largest size against the smallest" {
    growth_rows | raw_file 'unit: MiB' 'growth: a | alpha' 'growth: b | beta' \
        'compare: b | a | '
    summary
    [ "$(fact verdict_1)" = 'With 2 GiB, alpha takes 20.0 times what it takes with 10 MiB' ]
    [ "$(fact verdict_2)" = 'beta: 1.50 times' ]
    # The comparisons come after it.
    [ "$(fact verdict_3)" = 'b takes 0.15 times as long as a' ]
    [[ "$output" == *"=> With 2 GiB, alpha takes 20.0 times"* ]]
}

@test "where the control is off, growth is the least that the quartiles allow" {
    for n in 10 2048; do
        {
            growth_rows
            for round in 1 2 3 4 5; do echo "$round,c,$n,50000"; done
        } | raw_file 'growth: a | alpha' 'control: c | a'
        summary
        # 19060 / 1004, which are quartiles, and not 20060 / 1003.
        [ "$(fact verdict_1)" = 'With 2000, alpha takes at least 19.0 times what it takes with 10' ]
        [ -z "$(fact verdict_2)" ]
    done
}

@test "where the control is off, what may be no growth gets no number" {
    printf '%s\n' 1,a,10,900 2,a,10,1100 1,a,20,950 2,a,20,1150 1,c,20,1500 \
        2,c,20,1500 | raw_file 'growth: a | alpha' 'growth: c | gamma' 'control: c | a'
    summary
    [[ "$(fact verdict_1)" == 'alpha with 20 against 10: not measurable here (A/A '* ]]
}

@test "growth with one size alone is not stated" {
    printf '%s\n' 1,a,7,100 | raw_file 'growth: a | alpha'
    summary
    [ "$status" -eq 0 ]
    [ -z "$(fact verdict_1)" ]
}

@test "growth of one item is against n, and comes after the comparisons" {
    # 20 times as long for 20 times as many, 10 to 200.
    for round in 1 2 3; do
        printf '%s\n' $round,a,10,1000 $round,b,10,2000 $round,a,200,30000 \
            $round,b,200,40000
    done | raw_file 'per_item: yes' 'growth: a | alpha' 'growth: b | beta' \
        'compare: b | a | '
    summary
    [ "$(fact verdict_1)" = 'b takes 1.33 times as long as a' ]
    [ "$(fact verdict_2)" = 'An item of 200 takes alpha 1.50 times what one of 10 takes' ]
    [ "$(fact verdict_3)" = 'beta: 1.00 times' ]
    [ -z "$(fact verdict_4)" ]
}

# ---- speed-up ---------------------------------------------------------------

# gain_rows SPEEDUP...: 1, 2, 3, 4 and 8 processes are so many times as fast as
# one alone, which takes another time in each round.
gain_rows() {
    for round in 1 2 3; do
        set -- "$@"
        i=0
        for p in 1 2 3 4 8; do
            i=$((i + 1))
            [ "$i" -le $# ] || break
            awk -v s="${!i}" -v r=$round -v p=$p 'BEGIN {
                printf "%d,alone,%d,%.0f\n", r, p, r * 1e9
                printf "%d,many,%d,%.0f\n", r, p, r * 1e9 / s }'
        done
    done
}

# control_rows RATIO...: the same again, so many times as long.
control_rows() {
    i=0
    awk -F, -v ratios="$*" 'BEGIN { split(ratios, ratio, " ") }
        { print } $2 == "many" { i[$1]++
            printf "%d,again,%d,%.0f\n", $1, $3, $4 * ratio[i[$1]] }'
}

gain='gain: alone | many | processes'

# amdahl SHARE CPUS: its speed-ups, where there are so many CPUs.
amdahl() {
    awk -v f="$1" -v cpus="$2" 'BEGIN { n = split("1 2 3 4 8", p, " ")
        for (i = 1; i <= n; i++) { q = p[i] < cpus ? p[i] : cpus
            printf "%.9f ", 1 / (f + (1 - f) / q) } }'
}

@test "Amdahl's share is found again, up to the usable CPUs" {
    for share in 0.000000 0.012340 0.100000 0.900000; do
        gain_rows $(amdahl $share 4) | raw_file 'usable_cpus: 4' "$gain"
        summary
        [ "$(fact amdahl)" = $share ]
        [ "$(fact cpus)" = 4 ]
    done
    gain_rows $(amdahl 0.1 4) | raw_file 'usable_cpus: 4' "$gain"
    summary
    [ "$(fact verdict_1)" = 'Four processes make it 3.08 times as fast; more add nothing' ]
    [ "$(fact verdict_2)" = "Up to 4 CPUs, Amdahl's law comes closest with a serial share of 10.0 %" ]
    grep -q $'^gain of many\t4\t3\t3.0769\t3.0769\t3.0769$' "$made"
}

@test "where no share fits, it is the one with the least squares" {
    gain_rows 1 1.9 2.1 2 9 | raw_file 'usable_cpus: 4' "$gain"
    summary
    least=$(awk 'function off(f, p, s) { return (s - 1 / (f + (1 - f) / p)) ^ 2 }
        BEGIN { least = 99
            for (f = 0; f <= 1; f += 0.0001) {
                sum = off(f, 2, 1.9) + off(f, 3, 2.1) + off(f, 4, 2)
                if (sum < least) { least = sum; best = f } }
            printf "%.1f", 100 * best }')
    [[ "$(fact verdict_2)" == *"serial share of $least %" ]]
    # More than everything is never serial, and less than nothing neither.
    gain_rows 1 0.5 0.5 0.5 | raw_file 'usable_cpus: 4' "$gain"
    summary
    [ "$(fact amdahl)" = 1.000000 ]
    gain_rows 1 2.03 3.05 4.07 | raw_file 'usable_cpus: 4' "$gain"
    summary
    [ "$(fact amdahl)" = 0.000000 ]
}

@test "the number of processes is the smallest that no larger one beats by 5 %" {
    check() {
        summary
        [ "$(fact verdict_1)" = "$1" ]
    }
    gain_rows 1 1.9 1.5 1.98 1.99 | raw_file 'usable_cpus: 2' "$gain"
    check 'Two processes make it 1.90 times as fast; more add nothing'
    gain_rows 1 1.9 1.5 2.01 1.99 | raw_file 'usable_cpus: 2' "$gain"
    check 'Four processes make it 2.01 times as fast; more add nothing'
    gain_rows 1 1.9 1.5 2.01 3 | raw_file 'usable_cpus: 3' "$gain"
    check 'Eight processes make it 3.00 times as fast; more were not measured'
    gain_rows 1 1.9 1.5 2.01 3 | sed 's/,8,/,16,/' |
        raw_file 'usable_cpus: 3' "$gain"
    check '16 processes make it 3.00 times as fast; more were not measured'
}

@test "no speed-up is said to be none" {
    for speedups in '1 1 1 1 1' '1 1.02 0.9 0.5 1.01'; do
        gain_rows $speedups |
            raw_file 'usable_cpus: 2' 'load_before: 0.00' "$gain"
        summary
        [ "$(fact verdict_1)" = 'Up to 8 processes, no number of them makes it faster (usable CPUs: 2, load before: 0.00)' ]
    done
    gain_rows 1 1 1 1 1 | raw_file 'usable_cpus: 2' "$gain"
    summary
    [ "$(fact amdahl)" = 1.000000 ]
    gain_rows 1 | raw_file 'usable_cpus: 2' "$gain"
    summary
    [ "$(fact verdict_1)" = 'More than one of the processes were not measured' ]
}

@test "what is faster than its CPUs allow is not measurable" {
    gain_rows 1 2.5 2.5 2.5 | raw_file 'usable_cpus: 2' 'unit: processes' 'gain: alone | many | processes'
    summary
    [ "$status" -eq 0 ]
    # 2.5 is 1.25 times what 2 CPUs can do, and 2.5 / 1.25 is certain.
    [ "$(fact verdict_1)" = 'Two processes make it at least 2.00 times as fast; more are not measurable here' ]
    [[ "$output" == *'  1.250  2.50 (2.50 to 2.50), not measurable here'* ]]
    gain_rows 1 2 | raw_file 'usable_cpus: 2' 'unit: processes' 'gain: alone | many | processes'
    summary
    [[ "$(fact verdict_1)" == 'Two processes make it 2.00 times as fast;'* ]]
}

@test "one alone is no speed-up, even where it seems to be faster" {
    gain_rows 1.2 1 1 1 1 | raw_file 'usable_cpus: 2' "$gain"
    summary
    [[ "$(fact verdict_1)" == 'Up to 8 processes, no number of them makes it faster'* ]]
}

@test "with one usable CPU, or an unknown number, no law is fitted" {
    gain_rows 1 1 0.9 1 1 | raw_file 'usable_cpus: 1' "$gain"
    summary
    [ "$(fact verdict_2)" = "With one usable CPU there is nothing to fit Amdahl's law to" ]
    [ -z "$(fact amdahl)" ]
    gain_rows 1 1 0.9 1 1 | raw_file "$gain"
    summary
    [[ "$(fact verdict_2)" == "Amdahl's law is not fitted: "* ]]
    [ -z "$(fact amdahl)" ]
}

@test "where the control is off, the speed-up is the least that is certain" {
    controlled() {
        control_rows "$@" | raw_file 'usable_cpus: 2' "$gain" 'control: again | many'
    }
    # 1.9 / 1.05, also where it is off to the other side.
    for off in 1.05 0.952381; do
        gain_rows 1 1.9 1.5 1.8 1.7 | controlled 1 $off 1 1 1
        summary
        [ "$(fact verdict_1)" = 'Two processes make it at least 1.81 times as fast; more add nothing' ]
        [[ "$(fact verdict_2)" == "Amdahl's law is not fitted: "* ]]
        [[ "$output" == *'not measurable here'* ]]
    done
    # 1.7, 1.8 and 1.9: the quartile is 1.75, and the median 1.8.
    for round in 1 2 3; do
        printf '%s\n' $round,alone,2,1000000 \
            $round,many,2,$((1000000000 / (1600 + round * 100)))
    done | controlled 1.05
    summary
    [ "$(fact verdict_1)" = 'Two processes make it at least 1.67 times as fast; more were not measured' ]
    gain_rows 1 1.9 1.5 1.8 1.7 | controlled 1 1 1 1.2 1.02
    summary
    [ "$(fact verdict_1)" = 'Two processes make it 1.90 times as fast; more add nothing measurable' ]
    [ "$(fact amdahl)" = 0.052632 ]
    gain_rows 1 1.9 1.8 1.8 1.8 | controlled 1 1 1.2 1.2 1.2
    summary
    [ "$(fact verdict_1)" = 'Two processes make it 1.90 times as fast; more are not measurable here' ]
    # Two may be as good as four, or not.
    gain_rows 1 1.5 1 1.7 1.7 | controlled 1 1.1 1 1 1
    summary
    [ "$(fact verdict_1)" = 'Four processes make it 1.70 times as fast; fewer are not measurable here' ]
    gain_rows 1 1.5 1 1.8 1.8 | controlled 1 1.1 1 1 1
    summary
    [ "$(fact verdict_1)" = 'Four processes make it 1.80 times as fast; more add nothing' ]
    # One alone is not meant by fewer.
    gain_rows 1 1.1 1 1.1 1.1 | controlled 1.2 1 1 1 1
    summary
    [ "$(fact verdict_1)" = 'Two processes make it 1.10 times as fast; more add nothing' ]
    # One alone is a point, too, but says nothing on the share.
    gain_rows 1 1.9 1.5 1.8 1.7 | controlled 1.03 1 1 1 1
    summary
    [ -z "$(fact amdahl)" ]
}

@test "where the control is off and nothing is certain, that is all that is said" {
    gain_rows 1 1.1 1.1 1.1 1.1 | control_rows 1 1.2 1.2 1.2 1.25 |
        raw_file 'usable_cpus: 2' "$gain" 'control: again | many'
    summary
    [ "$(fact verdict_1)" = 'The speed-up by processes is not measurable here (A/A 1.250)' ]
    gain_rows 1 1.1 1 1.1 1.1 | control_rows 1 1.2 1 1.2 1.2 |
        raw_file 'usable_cpus: 2' 'load_before: 9.00' "$gain" 'control: again | many'
    summary
    [ "$(fact verdict_1)" = 'Up to 8 processes, no number of them makes it measurably faster (usable CPUs: 2, load before: 9.00)' ]
}

@test "each kind has its sentence, and that on Amdahl's law follows the first" {
    { gain_rows 1 1.9; gain_rows 1 1.5 | sed 's/many/threads/; /alone/d'; } |
        raw_file 'usable_cpus: 2' "$gain" 'gain: alone | threads | threads'
    summary
    [[ "$(fact verdict_2)" == *Amdahl* ]]
    [ "$(fact verdict_3)" = 'Two threads make it 1.50 times as fast; more were not measured' ]
    [ -z "$(fact verdict_4)" ]
    printf '%s\n' 1,alone,2,5 2,many,2,5 | raw_file "$gain"
    rm "$made"
    refused "$raw: no round measured both 'alone' and 'many'"
}

# ---- chunksizes -------------------------------------------------------------

# chunk_rows MODE N NS...: three rounds of a mode with these n, one of which is
# slow as a whole: ratios within a round do not see it.
chunk_rows() {
    mode=$1
    shift
    while [ $# -gt 0 ]; do
        printf '%s\n' "1,$mode,$1,$2" "2,$mode,$1,$(($2 * 10))" "3,$mode,$1,$2"
        shift 2
    done
}

@test "chunksizes: what 1 costs by the default, and the default by the best" {
    {
        chunk_rows short 1 25000 8 2500 64 1000 512 2000
        chunk_rows long 1 1010 2 1000 16 1000 64 2000
        chunk_rows odd 1 1600 8 1000 64 2000 512 3000
    } | raw_file 'default: short | 64' 'default: long | 2' 'default: odd | 64'
    summary
    [ "$status" -eq 0 ]
    [ "$(fact verdict_1)" = "Chunksize 1 takes 25.0 times as long as Python's default with short tasks" ]
    [ "$(fact verdict_2)" = 'long: about the same; odd: 0.80 times' ]
    [ "$(fact verdict_3)" = 'The default against the best: short, long: it is the best; odd: 2.00 times' ]
    [ "$(fact verdict_4)" = 'The largest against the default: short, long: 2.00 times; odd: 1.50 times' ]
    [ "$(fact kind_3) $(fact default_3) $(fact nearest_3) $(fact best_3)" = 'odd 64 64 8' ]
    [[ "$output" == *"25.0 (25.0 to 25.0) of the default"$'\n'* ]]
    [[ "$output" == *"2.00 (2.00 to 2.00) of the best, the default"$'\n'* ]]
    [[ "$output" == *"=> long: about the same; odd: 0.80 times."* ]]
}

@test "chunksizes: ratios are of one round, their quartiles are shown" {
    # Of the medians alone, 400 / 40, it would be 10.
    printf '%s\n' 1,a,1,200 1,a,8,40 2,a,1,400 2,a,8,20 3,a,1,800 3,a,8,60 |
        raw_file 'default: a | 8'
    summary
    [ "$(fact verdict_1)" = "Chunksize 1 takes 13.3 times as long as Python's default with a tasks" ]
    [[ "$output" == *"13.3 (9.17 to 16.7) of the default"* ]]
}

@test "chunksizes: the best is the one within the rounds" {
    # 4 is faster than 8 in each round; by the medians it would be slower.
    printf '%s\n' 1,a,4,90 1,a,8,100 2,a,4,900 2,a,8,1000 3,a,4,900 3,a,8,1000 \
        4,a,8,50 5,a,8,50 6,a,8,50 | raw_file 'default: a | 8'
    summary
    [ "$(fact best_1)" = 4 ]
    [ "$(fact verdict_2)" = 'The default against the best: a: 1.11 times' ]
}

@test "chunksizes: where quartiles lie on both sides of 1 there is no number" {
    printf '%s\n' 1,a,1,50 1,a,8,100 2,a,1,120 2,a,8,100 3,a,1,150 3,a,8,100 \
        1,b,1,99 1,b,8,100 | raw_file 'default: a | 8' 'default: b | 8'
    summary
    [ "$(fact verdict_1)" = "Chunksize 1 takes about as long as Python's default with a tasks" ]
    [ "$(fact verdict_3)" = 'The default against the best: a: it is the best; b: about the same' ]
}

@test "chunksizes: no number rests on a control that is off, at either n" {
    for n in 1 64; do
        {
            chunk_rows a 1 1500 64 1000
            chunk_rows again $n 1600
            chunk_rows b 1 990 64 1000
        } | raw_file 'default: a | 64' 'default: b | 64' 'control: again | a'
        summary
        ratio=$(awk -v n=$n 'BEGIN { print n == 1 ? "1.067" : "1.600" }')
        if [ $n = 1 ]; then
            # 1.5 less what the control is off.
            [ "$(fact verdict_1)" = "Chunksize 1 takes at least 1.41 times as long as Python's default with a tasks" ]
        else
            [ "$(fact verdict_1)" = "Chunksize 1 against Python's default with a tasks: not measurable here (A/A $ratio)" ]
        fi
        [ "$(fact verdict_2)" = 'b: about the same' ]
        [[ "$output" == *"  $ratio  not measurable here"* ]]
    done
    [ "$(fact verdict_3)" = 'The default against the best: a: not measurable here; b: about the same' ]
}

@test "chunksizes: what is shorter beyond what the controls are off, is said so" {
    {
        chunk_rows a 1 500 64 1000
        chunk_rows again 1 550
    } | raw_file 'default: a | 64' 'control: again | a'
    summary
    [ "$(fact verdict_1)" = "Chunksize 1 takes at most 0.55 times as long as Python's default with a tasks" ]
}

@test "chunksizes: the best is one that was not disturbed" {
    {
        chunk_rows a 1 1500 8 900 64 1000 512 1200
        chunk_rows again 1 1500 8 1800 64 1000 512 1200
    } | raw_file 'default: a | 512' 'control: again | a'
    summary
    [ "$(fact best_1)" = 64 ]
    [ "$(fact verdict_2)" = 'The default against the best: a: 1.20 times' ]
}

@test "chunksizes: the best is one that was disturbed, if it is clearly better" {
    # By 2.5, while its control is off by 1.1; wherever it stands.
    for n in 1 8 512; do
        {
            chunk_rows a $n 400 4 1100 64 1000
            chunk_rows again $n 440 4 1100 64 1000
        } | raw_file 'default: a | 64' 'control: again | a'
        summary
        [ "$(fact best_1)" = $n ]
        grep -q '^# verdict_.: The default against the best: a: at least 2.27 times$' "$made"
    done
}

@test "chunksizes: where all are disturbed, no default is the best" {
    {
        chunk_rows a 1 1000 64 1000
        chunk_rows again 1 1100 64 1100
    } | raw_file 'default: a | 64' 'control: again | a'
    summary
    [ "$(fact verdict_2)" = 'The default against the best: a: not measurable here' ]
}

@test "chunksizes: a default that was not measured is not passed over" {
    # 40 is nearer to 64 than to 16, as factors: 1.6 and 2.5.
    {
        chunk_rows a 1 3000 16 1000 64 1500
        chunk_rows b 1 2000 16 1000 64 1500
    } | raw_file 'default: a | 40' 'default: b | 30'
    summary
    [ "$(fact verdict_1)" = "Chunksize 1 takes 2.00 times as long as 64, near Python's default of 40, with a tasks" ]
    [ "$(fact verdict_2)" = 'b with 16 in place of the default of 30: 2.00 times' ]
    [[ "$(fact verdict_4)" == *'a with 64 in place of the default of 40: it is the default; b '*': 1.50 times' ]]
    [[ "$(fact verdict_3)" == *'a with 64 in place of the default of 40: 1.50 times; b with 16 '*': it is the best' ]]
    [ "$(fact default_1) $(fact nearest_1)" = '40 64' ]
    [[ "$output" == *", default: 40"* ]]
}

@test "chunksizes: a default of 1, one kind alone, and none" {
    { chunk_rows a 1 1000 8 2000; chunk_rows b 1 1000 8 2000; } |
        raw_file 'default: a | 8' 'default: b | 1'
    summary
    [ "$(fact verdict_2)" = 'b: it is the default' ]
    chunk_rows a 1 1000 8 2000 | raw_file 'default: a | 1'
    summary
    [ "$(fact verdict_1)" = "Chunksize 1 stands for Python's default with a tasks" ]
    [ "$(fact verdict_2)" = 'The default against the best: a: it is the best' ]
    [ "$(fact verdict_3)" = 'The largest against the default: a: 2.00 times' ]
    [ -z "$(fact verdict_4)" ]
    for default in 'b | 8' 'a | none' 'a | 0'; do
        chunk_rows a 1 1000 8 2000 | raw_file "default: $default"
        summary
        [ "$status" -eq 0 ]
        [ -z "$(fact verdict_1)" ]
    done
}

@test "chunksizes that share no round get no number" {
    printf '%s\n' 1,a,1,50 2,a,8,100 | raw_file 'default: a | 8'
    summary
    [ "$(fact verdict_1)" = "Chunksize 1 against Python's default with a tasks: not measurable here" ]
}

# ---- files that cannot be read ----------------------------------------------

@test "a missing file is one sentence" {
    refused "cannot read $raw: No such file or directory"
}

@test "an empty file is one sentence" {
    : > "$raw"
    refused "$raw is empty"
}

@test "a directory is one sentence" {
    mkdir "$raw"
    summary
    [ "$status" -eq 1 ]
    [[ "$stderr" == "summary: "*"$raw"* ]]
}

@test "a file cut within a line names the line" {
    ratio_rows 2000 | raw_file
    head -c -3 "$raw" > "$raw.cut" && mv "$raw.cut" "$raw"
    refused "$raw, line 9: the line is cut short"
}

@test "a file cut between lines is noticed" {
    ratio_rows 2000 | raw_file
    sed -i '$d' "$raw"
    refused "$raw is cut short: it has 5 of 6 samples"
}

@test "a file cut within its facts is noticed" {
    ratio_rows 2000 | raw_file
    sed -i '2,$d' "$raw"
    refused "$raw does not say how many samples it has"
}

@test "garbage names the line" {
    for line in 'x' $'1\ta\t7' $'1\ta\t7\t-5' $'1\ta\t7\t0' $'1\ta\t7\t5\t5' \
        $'1\t\t7\t5' $'a\ta\t7\t5' $'1\ta\t7x\t5' $'1\ta\t7\t99999999999999999999'
    do
        echo 1,a,7,5 | raw_file
        sed -i '$d' "$raw"
        echo "$line" >> "$raw"
        refused "$raw, line 4: expected round, mode, n and nanoseconds"
    done
}

@test "bytes that are no text are refused" {
    head -c 5000 "$B/bench/summary" > "$raw"
    summary
    [ "$status" -eq 1 ]
    [ "$(echo "$stderr" | wc -l)" -eq 1 ]
    [ ! -e "$made" ]
}

@test "modes that share no round are refused" {
    printf '%s\n' 1,a,7,5 2,b,7,5 | raw_file 'compare: b | a | '
    refused "$raw: no round measured both 'b' and 'a'"
}

# ---- pictures ---------------------------------------------------------------

# The samples in tests/data are real ones; titles.py computes each title anew.
@test "pictures are drawn from samples alone, and their titles are right" {
    command -v gnuplot >/dev/null || skip 'there is no gnuplot'
    for raw in tests/data/*.tsv; do
        name=$(basename "$raw" .tsv)
        made=$BATS_TEST_TMPDIR/$name.summary.tsv
        summary
        [ "$status" -eq 0 ]
        title=$(python3 tests/titles.py "$raw")
        echo "$name: $title"
        [[ "$title" == *[0-9]* ]]
        [ "$(fact verdict_1)" = "$title" ]
        run timeout 60 sh plots/draw.sh "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/$name" "$name"
        [ "$status" -eq 0 ]
        [[ "$output" == *"$title"* ]]
        # Nothing in the text commands a terminal, and nothing is amiss.
        [[ "$output" != *$'\033'* && "$output" != *warning* ]]
        for theme in light dark; do
            svg=$BATS_TEST_TMPDIR/$name/$name-$theme.svg
            # The title is the one text in bold.
            bold=$(sed -n 's/.*font-weight="bold" *>\([^<]*\)<.*/\1/p' "$svg")
            [ "$bold" = "$title" ]
            [ "$(head -c 4 "${svg%.svg}.png" | tail -c 3)" = PNG ]
        done
        [ "$(ls "$BATS_TEST_TMPDIR/$name" | wc -l)" -eq 4 ]
    done
}

@test "every question has samples in tests/data" {
    for script in plots/*.gp; do
        name=$(basename "$script" .gp)
        [ ! -e "bench/$name.c" ] || [ -s "tests/data/$name.tsv" ]
    done
}

@test "the pictures of one machine are there, of every question, with its sentence" {
    for script in plots/*.gp; do
        name=$(basename "$script" .gp)
        [ -e "bench/$name.c" ] || continue
        made=bench/pictures/$name.summary.tsv
        title=$(fact verdict_1)
        [ -n "$title" ]
        for theme in light dark; do
            svg=bench/pictures/$name-$theme.svg
            bold=$(sed -n 's/.*font-weight="bold" *>\([^<]*\)<.*/\1/p' "$svg" | sed "s/&apos;/'/g; s/&#39;/'/g")
            [ "$bold" = "$title" ]
            grep -q "$(fact machine)" "$svg"
            grep -q "pictures/$name-$theme.svg" bench/README.md
        done
    done
}

# drawn NAME: its pictures and its text, from build-free tables, in p.
drawn() {
    command -v gnuplot >/dev/null || skip 'there is no gnuplot'
    mv "$made" "$BATS_TEST_TMPDIR/$1.summary.tsv"
    run timeout 60 sh plots/draw.sh "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/p" "$1"
    [ "$status" -eq 0 ]
    [[ "$output" != *warning* ]]
    [ "$(ls "$BATS_TEST_TMPDIR/p" | wc -l)" -eq 4 ]
}

# memory_rows [SUFFIX]: of all modes, with fork growing from 10 to 1024.
memory_rows() {
    for round in 1 2 3; do
        for mode in 'mp fork' 'fork+_exit+waitpid' 'mp spawn' 'mp forkserver' \
            'posix_spawn+waitpid'; do
            case $mode in *fork | fork*) most=40000000 ;; *) most=400000 ;; esac
            printf '%s\n' "$round,$mode$1,10,200000" "$round,$mode$1,1024,$most"
        done
    done
}

@test "the picture of memory has a panel for huge pages where there are any" {
    { memory_rows; memory_rows ' huge pages'; } | sed 's/ huge/@ huge/' |
        raw_file 'unit: MiB' 'growth: mp fork | fork' 'growth: mp spawn | spawn'
    sed -i 's/@/,/' "$raw"
    summary
    drawn memory
    svg=$BATS_TEST_TMPDIR/p/memory-light.svg
    grep -q 'With 1 GiB, fork takes 200 times what it takes with 10 MiB' "$svg"
    grep -q 'spawn: 2.00 times' "$svg"
    grep -q 'small pages' "$svg"
    grep -q 'huge pages' "$svg"
    [[ "$output" == *"fork, huge pages"* ]]
}

@test "the picture of memory says what is left out" {
    memory_rows | raw_file 'unit: MiB' 'growth: mp fork | fork' \
        'remark: no transparent huge pages here' 'left_out: left out from n = 2 GiB on'
    summary
    drawn memory
    grep -q 'no transparent huge pages here; left out from n = 2 GiB on' \
        "$BATS_TEST_TMPDIR/p/memory-dark.svg"
    run ! grep -q '>huge pages<' "$BATS_TEST_TMPDIR/p/memory-dark.svg"
    [[ "$output" != *"fork, huge pages"* ]]
}

@test "the picture of methods is drawn with Python and without" {
    for python in 'Python spawn' ''; do
        for mode in 'mp fork' 'fork+_exit+waitpid' 'mp spawn' 'mp forkserver' \
            'posix_spawn+waitpid' 'pthread create+join' ${python:+"$python"}; do
            echo "1,$mode,20,${#mode}0000"
        done | raw_file 'compare: mp spawn | posix_spawn+waitpid | '
        summary
        drawn methods
        svg=$BATS_TEST_TMPDIR/p/methods-light.svg
        grep -q 'mp spawn takes 0.42 times as long as posix' "$svg"
        grep -q 'the most it may take' "$svg"
        [[ "$output" == *"mp forkserver | "* ]]
        [[ "$output" == *"130 µs"* ]]
        if [ -n "$python" ]; then
            grep -q '>Python<' "$svg"
        else
            run ! grep -q '>Python<' "$svg"
        fi
    done
}

@test "the picture of apply is drawn with Python and without, and has its bars" {
    for python in 'Python apply' ''; do
        for mode in 'futex ping-pong' 'mp apply' 'mp apply, 64 workers' \
            'futex ping-pong, two CPUs' 'mp apply, two CPUs' ${python:+"$python"}
        do
            echo "1,${mode//,/;},20,${#mode}00"
        done | raw_file 'compare: mp apply | futex ping-pong | '
        sed -i 's/;/,/g' "$raw"
        summary
        drawn apply
        svg=$BATS_TEST_TMPDIR/p/apply-light.svg
        grep -q 'mp apply takes 0.53 times as long as futex ping' "$svg"
        grep -q 'the most it may take' "$svg"
        [[ "$output" == *"mp apply, 64 workers | "* ]]
        [[ "$output" == *"2.5 µs"* ]]
        if [ -n "$python" ]; then
            grep -q '>Python<' "$svg"
        else
            run ! grep -q '>Python<' "$svg"
        fi
    done
}

# map_rows MODE...: 2 ns for an item of each, at 10^5 and 10^6.
map_rows() {
    for mode in "$@"; do
        mode=${mode//,/;}
        printf '%s\n' "1,$mode,100000,200000" "1,$mode,1000000,2000000"
    done
}

@test "the picture of map is drawn with its peers and without" {
    map_rows 'mp map, warm' 'mp map, ordinary' 'mp map, untouched' loop \
        'raw futex' 'raw pipe' 'OpenMP, warm' 'OpenMP, untouched' 'Python map' |
        raw_file 'per_item: yes' 'compare: mp map, warm | OpenMP, warm | '
    sed -i 's/;/,/g' "$raw"
    summary
    drawn map
    svg=$BATS_TEST_TMPDIR/p/map-light.svg
    grep -q 'mp map, warm takes 1.00 times as long as OpenMP, warm' "$svg"
    for word in OpenMP,.warm OpenMP,.untouched Python the.most.it.may.take \
        by.hand,.futex,.warm by.hand,.pipe; do
        grep -q ">$word<" "$svg"
    done
    [[ "$output" == *"OpenMP, warm"* ]]
    rm -r "$BATS_TEST_TMPDIR/p"
    map_rows 'mp map, warm' 'mp map, ordinary' 'mp map, untouched' loop |
        raw_file 'per_item: yes' 'remark: this compiler has no OpenMP' \
            'compare: loop | mp map, warm | '
    sed -i 's/;/,/g' "$raw"
    summary
    drawn map
    grep -q 'this compiler has no OpenMP' "$svg"
    for word in OpenMP,.warm Python the.most.it.may.take; do
        run ! grep -q ">$word<" "$svg"
    done
}

# speedup_rows: ideal up to 4, with a control.
speedup_rows() {
    gain_rows 1 2 3 4 4 | sed 's/many/processes/'
}

@test "the picture of speedup is drawn with the law, without it, and for many CPUs" {
    svg=$BATS_TEST_TMPDIR/p/speedup-light.svg
    gain='gain: alone | processes | processes'
    speedup_rows | raw_file 'usable_cpus: 4' 'unit: processes' "$gain"
    summary
    drawn speedup
    grep -q 'Four processes make it 4.00 times as fast; more add nothing' "$svg"
    grep -q '>Amdahl, 0.0 % serial<' "$svg"
    grep -q '>4 usable CPUs<' "$svg"
    [[ "$output" == *'usable CPUs: 4'* ]]
    [[ "$output" == *' -   Amdahl'* ]]
    rm -r "$BATS_TEST_TMPDIR/p"
    speedup_rows | raw_file 'usable_cpus: 1' 'unit: processes' "$gain"
    summary
    drawn speedup
    run ! grep -q '>Amdahl, ' "$svg"
    grep -q '>1 usable CPU<' "$svg"
    rm -r "$BATS_TEST_TMPDIR/p"
    # An axis with 128 numbers would be black: only powers of two are named.
    speedup_rows | sed 's/,8,/,128,/' |
        raw_file 'usable_cpus: 64' 'unit: processes' "$gain"
    summary
    drawn speedup
    grep -q '>128<' "$svg"
    run ! grep -q '>127<\|>96<' "$svg"
}

@test "the picture of chunksize marks the defaults, also one that stands in" {
    for default in 64 50; do
        {
            chunk_rows '10 ns' 1 25000 8 2500 64 1000 512 2000
            chunk_rows '1 µs' 1 1200 8 1000 64 1000
            chunk_rows uneven 1 1600 8 1000 64 2000
            [ $default = 64 ] || chunk_rows Python 1 9000 16 900 256 1000
        } | raw_file "default: 10 ns | $default" 'default: 1 µs | 8' 'default: uneven | 64' \
            'default: Python | 16'
        summary
        drawn chunksize
        # A mark on each curve, and one in the key.
        marks=$([ $default = 64 ] && echo 4 || echo 5)
        [ "$(grep -o D <(sed -n '/time of a map/,/takes at once/p' <<< "$output") | wc -l)" -eq $marks ]
        svg=$BATS_TEST_TMPDIR/p/chunksize-light.svg
        grep -q '1 µs: 1.20 times; uneven: 0.80 times' "$svg"
        grep -q 'The default against the best: ' "$svg"
        for kind in '10 ns' '1 µs' uneven; do grep -q ">$kind tasks<" "$svg"; done
        if [ $default = 64 ]; then
            grep -q "Chunksize 1 takes 25.0 times as long as Python's default" "$svg"
            grep -q ">Python's default<" "$svg"
            run ! grep -q '>Python<' "$svg"
        else
            grep -q "as long as 64, near Python's default of 50, with" "$svg"
            grep -q ">near Python's default<" "$svg"
            grep -q '>Python<' "$svg"
        fi
    done
}

@test "a picture that cannot be drawn is an error, and leaves no half of one" {
    command -v gnuplot >/dev/null || skip 'there is no gnuplot'
    raw=tests/data/sum.tsv
    made=$BATS_TEST_TMPDIR/sum.summary.tsv
    summary
    cp -r plots "$BATS_TEST_TMPDIR/"
    echo "if (fmt eq 'svg' && theme eq 'dark') exit error 'no'" \
        >> "$BATS_TEST_TMPDIR/plots/sum.gp"
    cd "$BATS_TEST_TMPDIR"
    run timeout 60 sh plots/draw.sh . p sum
    [ "$status" -eq 1 ]
    [ ! -e p/sum-dark.svg ]
    [ -s p/sum-light.svg ]
}

@test "without gnuplot one line says what to install" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    ln -s "$(command -v sh)" "$BATS_TEST_TMPDIR/bin/sh"
    PATH=$BATS_TEST_TMPDIR/bin run sh plots/draw.sh data pictures sum
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" == *gnuplot-nox* ]]
}

# The file of samples has its facts, its columns, and as many samples as it says.
is_well_formed() {
    for key in question asks machine kernel compiler usable_cpus pinning commit \
        date effort flags samples; do
        [ "$(grep -c "^# $key: ." "$raw")" -eq 1 ]
    done
    [ ! -r /proc/stat ] || grep -qE '^# others: [0-9]+\.[0-9]{2}$' "$raw"
    [ "$(grep -vc '^#' "$raw")" -eq $(($(sed -n 's/^# samples: //p' "$raw") + 1)) ]
    run ! grep -vqP '^(#|round\tmode\tn\tnanoseconds$|\d+\t[^\t]+\t\d+\t\d+$)' "$raw"
}

# bench_make ARGUMENT...: make, with tables and pictures in here.
bench_make() {
    run --separate-stderr timeout 300 env -u MAKEFLAGS -u MAKELEVEL make CC=cc SAN= \
        DATA="$BATS_TEST_TMPDIR/data" PICTURES="$BATS_TEST_TMPDIR/p" "$@"
}

# without_gnuplot: a PATH that has all but that.
without_gnuplot() {
    mkdir "$BATS_TEST_TMPDIR/bin"
    for tool in /usr/local/bin/* /usr/bin/* /bin/*; do
        [[ "$tool" == *gnuplot* ]] || ln -sf "$tool" "$BATS_TEST_TMPDIR/bin/"
    done
    PATH=$BATS_TEST_TMPDIR/bin
}

@test "make without gnuplot has the table, and one line that says what to install" {
    without_gnuplot
    bench_make bench-start EFFORT=tiny
    [ "$status" -eq 0 ]
    [[ "${lines[0]}" == 'start: What does starting '* ]]
    [[ "$output" == *'  => mp start+join '* ]]
    [ "$(grep -c gnuplot-nox <<< "$output")" -eq 1 ]
    [ ! -e "$BATS_TEST_TMPDIR/p" ]
}

@test "make plots of samples cut short says so, and draws nothing" {
    mkdir "$BATS_TEST_TMPDIR/data"
    head -n -1 tests/data/sum.tsv > "$BATS_TEST_TMPDIR/data/sum.tsv"
    bench_make plots
    [ "$status" -ne 0 ]
    [[ "${stderr_lines[0]}" == "summary: $BATS_TEST_TMPDIR/data/sum.tsv is cut short: it has "*' samples' ]]
    [ ! -e "$BATS_TEST_TMPDIR/p" ]
}

@test "make plots without samples says what to type" {
    bench_make plots
    [ "$status" -ne 0 ]
    [[ "${stderr_lines[0]}" == *'make bench QUICK=1'* ]]
}

@test "a quick run leaves a table and four pictures for each question" {
    command -v gnuplot >/dev/null || skip 'there is no gnuplot'
    bench_make bench QUICK=1
    echo "$stderr"
    [ "$status" -eq 0 ]
    [[ "$output" != *warning* && "$stderr" != *warning* ]]
    printed=$output
    for script in plots/*.gp; do
        name=$(basename "$script" .gp)
        [ -e "bench/$name.c" ] || continue
        raw=$BATS_TEST_TMPDIR/data/$name.tsv
        made=$BATS_TEST_TMPDIR/data/$name.summary.tsv
        is_well_formed
        [ "$(fact question)" = "$name" ]
        grep -q '^# effort: quick$' "$raw"
        [[ "$printed" == *"=> $(fact verdict_1)."* ]]
        for theme in light dark; do
            [ -s "$BATS_TEST_TMPDIR/p/$name-$theme.png" ]
            grep -qx '</svg>' "$BATS_TEST_TMPDIR/p/$name-$theme.svg"
        done
    done
}

# ---- the questions ----------------------------------------------------------

# Each is asked with tiny sizes: what it writes can be read and summed up.
well_formed() {
    run --separate-stderr timeout 60 "$B/bench/$1" tiny "$raw"
    [ "$status" -eq 0 ]
    [ -z "$(ls "$raw".* 2>/dev/null)" ]
    is_well_formed
    summary
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [ -n "$(fact verdict_1)" ]
}

@test "sum leaves a well-formed table" {
    well_formed sum
    [ "$(grep -c $'^[123]\tthree processes\t1000\t' "$raw")" -eq 3 ]
    [ "$(grep -c $'^[123]\tthree threads\t1000\t' "$raw")" -eq 3 ]
}

@test "start leaves a well-formed table" {
    well_formed start
    [ "$(grep -c $'^[123]\tmp start+join\t2\t' "$raw")" -eq 3 ]
    grep -q '^# pinning: CPU [0-9]' "$raw"
}

@test "methods leaves a well-formed table, with each method in C and Python" {
    well_formed methods
    for mode in 'fork+_exit+waitpid' 'vfork+_exit+waitpid' \
        'posix_spawn+waitpid' 'pthread create+join' 'mp fork' 'mp spawn' \
        'mp forkserver' 'Python fork' 'Python spawn' 'Python forkserver' \
        'fork+_exit+waitpid again' 'posix_spawn+waitpid again'; do
        [ "$(grep -cF $'\t'"$mode"$'\t2\t' "$raw")" -eq 3 ]
    done
    grep -q '^# pinning: CPU [0-9]' "$raw"
}

# has_huge: whether this machine has huge pages for who asks for them.
has_huge() {
    grep -qE '\[(always|madvise)\]' /sys/kernel/mm/transparent_hugepage/enabled
}

@test "memory leaves a well-formed table, with huge pages where there are any" {
    well_formed memory
    for n in 4 64; do
        for mode in 'fork+_exit+waitpid' 'posix_spawn+waitpid' 'mp fork' \
            'mp spawn' 'mp forkserver' 'mp fork again'; do
            [ "$(grep -cF $'\t'"$mode"$'\t'$n$'\t' "$raw")" -eq 3 ]
            has_huge || continue
            mode=$(echo "$mode" | sed 's/ again//; s/$/, huge pages/')
            [ "$(grep -cF $'\t'"$mode"$'\t'$n$'\t' "$raw")" -eq 3 ]
        done
    done
    has_huge || grep -q '^# remark: no transparent huge pages here$' "$raw"
    [ -z "$(fact left_out)" ]
    grep -qE '64 MiB.* 4 MiB' <(fact verdict_1)
}

@test "memory leaves out what is more than half of what it may have, and says so" {
    # 64 MiB are more than half of 100, 4 are not.
    run --separate-stderr timeout 60 sh -c \
        'ulimit -v 102400 && exec "$@"' - "$B/bench/memory" tiny "$raw"
    [ "$status" -eq 0 ]
    sentence='left out from n = 64 MiB on: more than half of the available memory'
    [ "${stderr_lines[1]}" = "memory: $sentence" ]
    grep -qF $'\tmp spawn\t4\t' "$raw"
    run ! grep -qP '\t64\t' "$raw"
    summary
    [ "$(fact left_out)" = "$sentence" ]
}

@test "memory that is not there at all is one sentence" {
    run timeout 60 sh -c 'ulimit -v 16384 && exec "$@"' - \
        "$B/bench/memory" tiny "$raw"
    [ "$status" -eq 1 ]
    [ "${lines[1]}" = 'memory: too little memory is available to measure' ]
    [ "${#lines[@]}" -eq 2 ]
}

@test "the memory is there while it is measured, and of the kind it says" {
    [ -r /proc/self/smaps_rollup ] || skip 'there is no smaps_rollup'
    cat > "$BATS_TEST_TMPDIR/kinds.c" <<'END'
#include <stdio.h>
#include <string.h>
#include "resident.h"
static long kib(const char *key)
{
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    char line[256];
    long number = -1;
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, key, strlen(key)) == 0)
            sscanf(line + strlen(key), "%ld", &number);
    if (file != NULL) fclose(file);
    return number;
}
static void show(const char *when)
{
    long rss = kib("Rss:") / 1024, huge = kib("AnonHugePages:") / 1024;
    printf("%s %ld %ld\n", when, rss / 8 * 8, huge / 8 * 8);
}
int main(void)
{
    bool has = resident_has_huge();
    printf("%d\n", has);
    show("before");
    if (resident_hold(16, false) == -1) return 1;
    show("small");
    if (resident_hold(64, false) == -1) return 1;
    show("grown");
    if (has && resident_hold(32, true) == -1) return 1;
    if (has) show("huge");
    resident_release();
    show("after");
    return 0;
}
END
    cc -std=c11 -Ibench -Icommon "$BATS_TEST_TMPDIR/kinds.c" bench/resident.c \
        common/base/error.c -pthread -o "$BATS_TEST_TMPDIR/kinds"
    run "$BATS_TEST_TMPDIR/kinds"
    [ "$status" -eq 0 ]
    if has_huge; then
        [ "$output" = $'1\nbefore 0 0\nsmall 16 0\ngrown 64 0\nhuge 32 32\nafter 0 0' ]
    else
        [ "$output" = $'0\nbefore 0 0\nsmall 16 0\ngrown 64 0\nafter 0 0' ]
    fi
}

# two_cpus: whether this process may use two.
two_cpus() {
    [ "$(nproc)" -gt 1 ]
}

@test "apply leaves a well-formed table, on one CPU and on two" {
    well_formed apply
    for mode in 'mp apply' 'mp apply, 64 workers' 'futex ping-pong' \
        'pipe ping-pong' 'Python apply' 'Python apply, 64 workers' \
        'mp apply again' 'futex ping-pong again'; do
        [ "$(grep -cF $'\t'"$mode"$'\t10\t' "$raw")" -eq 3 ]
    done
    for mode in 'mp apply, two CPUs' 'mp apply, 64 workers, two CPUs' \
        'futex ping-pong, two CPUs' 'Python apply, two CPUs'; do
        two_cpus || break
        [ "$(grep -cF $'\t'"$mode"$'\t10\t' "$raw")" -eq 3 ]
    done
    two_cpus && grep -qE '^# pinning: CPUs [0-9]+ [0-9]+$' "$raw"
    # The first sentence is the one with the limit.
    [[ "$(fact verdict_1)" == 'mp apply '*' futex ping-pong'* ]]
}

@test "apply on one CPU leaves out what needs two, and says so" {
    command -v taskset >/dev/null || skip 'there is no taskset'
    cpu=$(taskset -cp $$ | sed 's/.*[ ,-]//')
    run timeout 60 taskset -c "$cpu" "$B/bench/apply" tiny "$raw"
    [ "$status" -eq 0 ]
    grep -q "^# pinning: CPU $cpu\$" "$raw"
    grep -q '^# remark: one usable CPU' "$raw"
    grep -qF $'\tmp apply\t10\t' "$raw"
    run ! grep -q 'two CPUs' <(sed '/^#/d' "$raw")
}

@test "parent, workers and ping-pongs of apply are where they say" {
    two_cpus || skip 'there is one CPU'
    strace -o /dev/null true 2>/dev/null || skip 'there is no strace, or it may not'
    timeout 100 strace -f -o "$BATS_TEST_TMPDIR/calls" -e trace=sched_setaffinity \
        "$B/bench/apply" tiny "$raw" < /dev/null
    read -r _ first last < <(sed -n 's/^# pinning: //p' "$raw")
    # Only the parent goes to the first CPU; and back to both.
    parent=$(head -n 1 "$BATS_TEST_TMPDIR/calls" | cut -d ' ' -f 1)
    grep -qE "^$parent .*, \[$first\]\)" "$BATS_TEST_TMPDIR/calls"
    grep -qE "^$parent .*, \[$last\]\)" "$BATS_TEST_TMPDIR/calls"
    grep -qE "^$parent .*, \[$first $last\]\)" "$BATS_TEST_TMPDIR/calls"
}

@test "map leaves a well-formed table, with OpenMP where the compiler has it" {
    well_formed map
    for mode in 'mp map, warm' 'mp map, untouched' 'mp map, ordinary' loop \
        'raw futex' 'raw pipe' 'mp map, warm again' 'mp map, ordinary again'; do
        for n in 1000 10000; do
            [ "$(grep -cF $'\t'"$mode"$'\t'$n$'\t' "$raw")" -eq 3 ]
        done
    done
    [ "$(grep -cF $'\tPython map\t1000\t' "$raw")" -eq 3 ]
    grep -q '^# per_item: yes$' "$raw"
    [[ "$(fact verdict_1)" == *'mp map'* ]]
    grep -qE '^# verdict_[0-9]+: (An item of 10 thousand takes mp map|mp map with 10 thousand) ' "$made"
    if [ -s "$B/bench/peers/openmp" ]; then
        [ "$(grep -cF $'\tOpenMP, untouched\t10000\t' "$raw")" -eq 3 ]
        run ! grep -q '^# remark: ' "$raw"
    else
        grep -q '^# remark: this compiler has no OpenMP$' "$raw"
    fi
}

@test "map without OpenMP says so in one line, and measures the rest" {
    mkdir "$BATS_TEST_TMPDIR/alone"
    cp "$B/bench/map" "$BATS_TEST_TMPDIR/alone/"
    run --separate-stderr timeout 60 "$BATS_TEST_TMPDIR/alone/map" tiny "$raw"
    [ "$status" -eq 0 ]
    [ "${#stderr_lines[@]}" -eq 2 ]
    [[ "${stderr_lines[0]} ${stderr_lines[1]}" == *'map: this compiler has no OpenMP (-fopenmp), so it is left out'* ]]
    run ! grep -q $'\tOpenMP\|compare: .*OpenMP' "$raw"
    grep -q $'\tmp map, warm\t1000\t' "$raw"
    summary
    [ "$status" -eq 0 ]
}

@test "what OpenMP gets wrong, or a peer that ends, is an error" {
    mkdir -p "$BATS_TEST_TMPDIR/odd/peers"
    cp "$B/bench/map" "$BATS_TEST_TMPDIR/odd/"
    for body in 'echo me; read x; echo zero' 'echo me; read x' 'exit 3'; do
        printf '#!/bin/sh\n%s\n' "$body" > "$BATS_TEST_TMPDIR/odd/peers/openmp"
        chmod +x "$BATS_TEST_TMPDIR/odd/peers/openmp"
        run timeout 60 "$BATS_TEST_TMPDIR/odd/map" tiny "$raw"
        [ "$status" -eq 1 ]
        [[ "${lines[-1]}" == 'map: the OpenMP program '* ]]
        [ ! -e "$raw" ]
    done
}

@test "the OpenMP program calls the same function, with two threads" {
    [ -s "$B/bench/peers/openmp" ] || skip 'this compiler has no OpenMP'
    run timeout 20 "$B/bench/peers/openmp" try
    [ "$status" -eq 0 ]
    run timeout 20 "$B/bench/peers/openmp" <<< $'warm 1000\nuntouched 1000'
    [ "$status" -eq 0 ]
    [[ "${lines[0]}" == 'OpenMP 2'* ]]
    [[ "${lines[1]}" =~ ^[0-9]+$ ]] && [[ "${lines[2]}" =~ ^[0-9]+$ ]]
    # Not put in the place of a call, neither there nor in the loop. (What asks
    # for the memory divides, which is a multiplication, too.)
    command -v objdump >/dev/null || skip 'there is no objdump'
    for program in peers/openmp map; do
        objdump -d "$B/bench/$program" | grep -q '<square>:'
    done
    run ! grep -q imul <(objdump -d "$B/bench/map.o" | sed '/<prepare>:$/,/^$/d')
}

# by_hand < BODY: runs this body of a main, built with sanitizers, which has the
# maps by hand.
by_hand() {
    {
        cat <<'END'
#include "platform.h"
#include "bench.h"
#include "byhand.h"
#include "error.h"
#include "items.h"
#include <time.h>
int64_t bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
static items_arrays ordinary, shared = { .shared = true };
static int map_all(int64_t n, int64_t times)
{
    if (items_make(&ordinary, n) == -1 || items_make(&shared, n) == -1) return 1;
    for (int64_t i = 0; i < times; i++) {
        for (int64_t k = 0; k < n; k++) ordinary.results[k] = shared.results[k] = -1;
        if (byhand_pipe(&ordinary) <= 0 || items_check(&ordinary) == -1) return 2;
        if (byhand_futex(&shared) <= 0 || items_check(&shared) == -1) return 3;
    }
    return 0;
}
int main(void)
{
END
        cat
        echo 'byhand_end(); items_drop(&ordinary); items_drop(&shared); return 0; }'
    } > "$BATS_TEST_TMPDIR/byhand.c"
    cc -std=c11 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
        -Ibench -Icommon "$BATS_TEST_TMPDIR/byhand.c" bench/byhand*.c \
        bench/items.c bench/square.c common/memory/arena.c common/base/descriptors.c \
        common/base/clock.c common/base/error.c -pthread \
        -o "$BATS_TEST_TMPDIR/byhand"
    run timeout 60 "$BATS_TEST_TMPDIR/byhand"
}

@test "the maps by hand square all numbers, however few or many they are" {
    # Fewer than there are chunks; chunks that are larger than a pipe.
    by_hand <<'END'
    const int64_t sizes[] = { 1, 2, 7, 8, 9, 15, 17, 1000, 100003, 1100009 };
    for (int i = 0; i < 10; i++) {
        int wrong = map_all(sizes[i], 3);
        if (wrong != 0) return printf("%d: %d\n", i, wrong);
    }
    // The chunks are those of Python: ceil(n / 8) items.
    if (byhand_cut(16, 7).count != 2 || byhand_cut(17, 0).count != 3 ||
        byhand_cut(17, 5).count != 2 || byhand_cut(17, 6).count != 0) return 4;
    // Many short ones: late to one map, a worker must do no harm to the next.
    if (map_all(16, 20000) != 0) return printf("many\n");
END
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "a dead worker of the map by pipe is an error, and the rest is tidied up" {
    by_hand <<'END'
    if (map_all(100, 1) != 0) return 1;
    // The parent's children are two for the pipe, then two for the futex.
    FILE *file = fopen("/proc/thread-self/children", "r");
    int pid = 0;
    if (file == NULL || fscanf(file, "%d", &pid) != 1) return 77;
    fclose(file);
    kill(pid, SIGKILL);
    int64_t ns = byhand_pipe(&ordinary);
    printf("%d %s\n", (int)ns, mp_error());
    byhand_end();
    printf("%d\n", wait(NULL) == -1 && errno == ECHILD);
    // They come back when they are needed.
    if (map_all(100, 1) != 0) return 1;
END
    [ "$status" -ne 77 ] || skip 'the kernel does not list children'
    [ "$status" -eq 0 ]
    [ "$output" = $'-1 a worker of the map by pipe has ended\n1' ]
}

@test "untouched memory has no pages, in no process" {
    cat > "$BATS_TEST_TMPDIR/pages.c" <<'END'
#include "platform.h"
#include "items.h"
static long resident(const void *from, size_t size)
{
    unsigned char map[256];
    uintptr_t begin = ((uintptr_t)from + 4095) / 4096 * 4096;
    size_t pages = ((uintptr_t)from + size - begin) / 4096, count = 0;
    if (mincore((void *)begin, pages * 4096, map) == -1) return -1;
    for (size_t i = 0; i < pages; i++) count += map[i] & 1;
    return (long)count;
}
int main(void)
{
    items_arrays a = { .shared = true };
    int64_t n = 100000;
    if (items_make(&a, n) == -1) return 1;
    for (int64_t i = 0; i < n; i++) a.results[i] = i * i;
    printf("%d ", items_check(&a));
    printf("%ld ", resident(a.results, n * sizeof n) > 190);
    items_untouch(&a);
    printf("%ld ", resident(a.results, n * sizeof n));
    printf("%d %d ", a.items[n - 1] == n - 1, a.items[1] == 1);
    printf("%d\n", items_check(&a));
    items_drop(&a);
    return 0;
}
END
    cc -std=c11 -Ibench -Icommon "$BATS_TEST_TMPDIR/pages.c" bench/items.c \
        common/memory/arena.c common/base/descriptors.c common/base/clock.c common/base/error.c -pthread \
        -o "$BATS_TEST_TMPDIR/pages"
    run "$BATS_TEST_TMPDIR/pages"
    [ "$status" -eq 0 ]
    [ "$output" = '0 1 0 1 1 -1' ]
}

@test "speedup leaves a well-formed table, with processes, threads and Python" {
    well_formed speedup
    for mode in alone processes 'processes again' threads 'threads again'; do
        for p in 1 2 3; do
            [ "$(grep -cP "\t$mode\t$p\t" "$raw")" -eq 3 ]
        done
    done
    [ "$(grep -cP '\tPython processes\t2\t' "$raw")" -eq 3 ]
    grep -q '^# control: processes again | processes$' "$raw"
    grep -q '^# remark: the work: to add 10 thousand numbers, in Python 1000$' "$raw"
    grep -q $'^gain of threads\t3\t' "$made"
}

@test "speedup goes to twice the usable CPUs, and has them among its sizes" {
    timeout 60 "$B/bench/speedup" quick "$raw"
    cpus=$(nproc)
    most=$((2 * cpus > 8 ? 2 * cpus : 8))
    sizes=" $(grep -P '\tprocesses\t' "$raw" | cut -f 3 | sort -nu | tr '\n' ' ')"
    for p in 1 2 3 4 8 $cpus $most; do
        [[ "$sizes" == *" $p "* ]]
    done
    [[ "$sizes" == *" $most " ]]
    python=$(grep -P '\tPython processes\t' "$raw" | cut -f 3 | sort -n | tail -n 1)
    [ "$python" -le $((2 * cpus)) ]
}

@test "the parts of speedup are all of the work, and its sizes go far enough" {
    cat > "$BATS_TEST_TMPDIR/parts.c" <<'END'
#define main speedup_main
#include "speedup.c"
#undef main
int main(void)
{
    work = 1000;
    for (int64_t p = 1; p <= 64; p++) {
        int64_t end = 0;
        for (int64_t i = 0; i < p; i++) {
            adding_part next = part_of(i, p);
            int64_t length = next.to - next.from;
            if (next.from != end || length < work / p || length > work / p + 1)
                return 1;
            end = next.to;
        }
        if (end != work) return 2;
    }
    const int cpus[] = { 1, 2, 5, 12, 1024 };
    for (int i = 0; i < 5; i++)
        for (bench_effort e = BENCH_QUICK; e < BENCH_EFFORTS; e++) {
            int count = choose_sizes(cpus[i], e);
            for (int j = 0; j < count && (cpus[i] < 1024 || e == BENCH_FULL); j++)
                printf(e == BENCH_NORMAL ? "" : "%d ", (int)sizes[j]);
            if (sizes[count] != 0) return 3;
        }
    return 0;
}
END
    harness=
    for source in bench/*.c; do
        name=$(basename "$source" .c)
        [ -e "plots/$name.gp" ] || [ "$name" = summary ] || harness+=" $B/bench/$name.o"
    done
    cc -std=c11 -Ibench -Icommon "$BATS_TEST_TMPDIR/parts.c" $harness "$B"/common/*.o \
        -pthread -lm -o "$BATS_TEST_TMPDIR/parts"
    run "$BATS_TEST_TMPDIR/parts"
    [ "$status" -eq 0 ]
    [ "$output" = "$(tr '\n' ' ' <<'END'
1 2 3 4 8
1 2 3 4 6 8
1 2 3 4 8
1 2 3 4 6 8
1 2 3 4 5 8 10
1 2 3 4 5 6 8 10
1 2 3 4 8 12 16 24
1 2 3 4 6 8 12 16 24
1 2 3 4 6 8 12 16 24 32 48 64 96 128 192 256 384 512 768 1024 1536 2048
END
)" ]
}

@test "so many processes and threads as it says share the work" {
    strace -o /dev/null true 2>/dev/null || skip 'there is no strace, or it may not'
    timeout 60 strace -f -o "$BATS_TEST_TMPDIR/calls" -e trace=clone,clone3,fork \
        "$B/bench/speedup" tiny "$raw" < /dev/null
    # 1, 2 and 3 of them, in 3 rounds and one before, and the same again. What
    # starts threads is itself a process, and starts them twice. The Python
    # program is one process more.
    [ "$(grep -c CLONE_THREAD "$BATS_TEST_TMPDIR/calls")" -eq $((6 * 4 * 2 * 2)) ]
    parent=$(head -n 1 "$BATS_TEST_TMPDIR/calls" | cut -d ' ' -f 1)
    [ "$(grep -cE "^$parent +(clone3?|fork)\(" "$BATS_TEST_TMPDIR/calls")" -eq \
        $((6 * 4 * 2 + 3 * 4 * 2 + $(grep -c '^# python: ' "$raw"))) ]
}

# chunk_defaults: "MODE n", one line each, from the samples' file.
chunk_defaults() { sed -n 's/^# default: \(.*\) | /\1 /p' "$raw"; }

@test "chunksize leaves a well-formed table, with each default among its n" {
    well_formed chunksize
    for mode in '10 ns' '1 µs' '100 µs' uneven; do
        for n in 1 2 8; do
            [ "$(grep -cF $'\t'"$mode"$'\t'$n$'\t' "$raw")" -eq 3 ]
            [ "$(grep -cF $'\t'"$mode again"$'\t'$n$'\t' "$raw")" -eq 3 ]
        done
        grep -q "^# control: $mode again | $mode\$" "$raw"
    done
    # The items of 100 µs are eight: there is no chunk of 64.
    run ! grep -qF $'\t100 µs\t64\t' "$raw"
    grep -qF $'\tuneven\t64\t' "$raw"
    [ "$(chunk_defaults)" = $'10 ns 8\n1 µs 8\n100 µs 1\nuneven 8\nPython 16' ]
    [ "$(grep -cF $'\tPython\t8\t' "$raw")" -eq 3 ]
    [ "$(grep -cF $'\tPython again\t8\t' "$raw")" -eq 3 ]
    grep -qE '^# remark: 2 workers; calibrated: loops of [0-9]+, [0-9]+ and [0-9]+ turns; 64, 64, 8 and \(uneven\) 64 items$' "$raw"
    [ "$(fact nearest_1)" = "$(fact default_1)" ]
}

@test "uneven tasks of chunksize: half of the time is a 32nd part of them" {
    cat > "$BATS_TEST_TMPDIR/uneven.c" <<'END'
#define main question_main
#include "chunksize.c"
#undef main
int64_t bench_now(void) { return 0; }
int bench_main(int argc, char **argv, const bench_question *q)
{ return argc + (argv != NULL) + (q != NULL); }
int main(void)
{
    kind even = { .n = 4096, .turns = 100 };
    kind odd = { .n = 4096, .turns = 100, .uneven = true };
    int64_t sum = 0, dear = 0, first = -1, last = -1;
    for (int64_t i = 0; i < odd.n; i++) {
        sum += turns_of(&odd, i);
        if (turns_of(&even, i) != 100) return 1;
        if (turns_of(&odd, i) == 50) continue;
        dear += turns_of(&odd, i);
        first = first == -1 ? i : first;
        last = i;
    }
    printf("%d %d %d %d\n", (int)sum, (int)dear, (int)first, (int)last);
    return 0;
}
END
    cc -std=c11 -w -Ibench -Icommon "$BATS_TEST_TMPDIR/uneven.c" common/*.c \
        -pthread -o "$BATS_TEST_TMPDIR/uneven"
    run "$BATS_TEST_TMPDIR/uneven"
    [ "$output" = '403200 204800 2048 2175' ]
}

@test "each round of chunksize has all chunksizes, each other one backwards" {
    timeout 60 "$B/bench/chunksize" tiny "$raw"
    order=$(awk -F'\t' '$2 == "10 ns" { printf "%s-%s ", $1, $3 }' "$raw")
    [ "$order" = '1-1 1-2 1-8 1-64 2-64 2-8 2-2 2-1 3-1 3-2 3-8 3-64 ' ]
}

@test "no question leaves a process behind" {
    for question in methods memory apply map speedup chunksize; do
        # All have this in their environment.
        mark=bats-$$-$question-$RANDOM
        MARK=$mark timeout 60 "$B/bench/$question" tiny "$raw"
        # Python's own helpers end a moment after it.
        for try in 1 2 3 4 5 6 7 8 9 10; do
            left=$(grep -lsa "MARK=$mark" /proc/[0-9]*/environ || true)
            [ -n "$left" ] || break
            sleep 0.2
        done
        [ -z "$left" ]
    done
}

@test "no process that forks while it is measured has had a thread" {
    strace -o /dev/null true 2>/dev/null || skip 'there is no strace, or it may not'
    # Without -f, the threads of the children are not seen.
    timeout 60 strace -o "$BATS_TEST_TMPDIR/calls" -e trace=clone,clone3,vfork \
        "$B/bench/methods" tiny "$raw"
    grep -q 'CLONE_VFORK' "$BATS_TEST_TMPDIR/calls"
    run ! grep -q 'CLONE_THREAD' "$BATS_TEST_TMPDIR/calls"
    grep -q $'\tpthread create+join\t' "$raw"
    timeout 60 strace -o "$BATS_TEST_TMPDIR/calls" -e trace=clone,clone3,vfork \
        "$B/bench/speedup" tiny "$raw"
    run ! grep -q 'CLONE_THREAD' "$BATS_TEST_TMPDIR/calls"
    grep -q $'\tthreads\t' "$raw"
}

@test "the child of posix_spawn is this program, and does nothing" {
    for question in methods memory; do
        run "$B/bench/$question" --nothing
        [ "$status" -eq 0 ]
        [ -z "$output" ]
    done
}

@test "the start method of sum, start and speedup is fork, whatever the environment says" {
    MP_START_METHOD=nonsense run timeout 60 "$B/bench/start" tiny "$raw"
    [ "$status" -eq 0 ]
    MP_START_METHOD=nonsense run timeout 60 "$B/bench/sum" tiny "$raw"
    [ "$status" -eq 0 ]
    MP_START_METHOD=nonsense run timeout 60 "$B/bench/speedup" tiny "$raw"
    [ "$status" -eq 0 ]
}

@test "on a terminal it shows how far it is, elsewhere it does not" {
    command -v script >/dev/null || skip 'there is no script(1)'
    run timeout 60 script -qec "$B/bench/start tiny $raw" /dev/null
    [[ "$output" == *'start: n = 2, round 1 of 3'*'start: n = 2, round 3 of 3'* ]]
    run timeout 60 "$B/bench/start" tiny "$raw"
    [ "$output" = 'start: measuring, tiny' ]
}

@test "without python3 one line says so, and C is measured" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    local program=$PWD/$B/bench/sum
    [ "${B#/}" = "$B" ] || program=$B/bench/sum
    run --separate-stderr timeout 60 env PATH="$BATS_TEST_TMPDIR/bin" \
        "$program" tiny "$raw"
    [ "$status" -eq 0 ]
    [[ "${stderr_lines[1]}" == *"there is no python3"* ]]
    [ "${#stderr_lines[@]}" -eq 2 ]
    grep -q $'\tthree processes\t' "$raw"
    ! grep -q Python "$raw"
}

@test "a folder that is not there is one sentence" {
    run timeout 60 "$B/bench/start" tiny "$BATS_TEST_TMPDIR/no/raw.tsv"
    [ "$status" -eq 1 ]
    [[ "$output" == *"cannot write"*"No such file or directory"* ]]
}

@test "wrong arguments get the usage" {
    for arguments in '' 'quick' 'fast x' 'quick x y'; do
        run "$B/bench/sum" $arguments
        [ "$status" -eq 2 ]
        [[ "$output" == usage:* ]]
    done
}

@test "the compiler has left the loops of adding and chunksize loops" {
    command -v objdump >/dev/null || skip 'there is no objdump'
    case $(uname -m) in x86_64|aarch64) ;; *) skip 'unknown machine code' ;; esac
    for loop in 'adding sum' 'chunksize spin'; do
        read -r question function <<< "$loop"
        # A jump to an address before its own, within the function.
        found=
        while read -r address jump target _; do
            case $jump in
            j*|b.*|cbnz|tbnz) target=${target##*,}
                [ $((0x$target)) -lt $((0x${address%:})) ] && found=yes ;;
            esac
        done < <(objdump -d --no-show-raw-insn "$B/bench/$question.o" |
            awk -v name="<$function>:" '$2 == name { on = 1; next }
                /^$/ { on = 0 } on')
        [ "$found" = yes ]
    done
}
