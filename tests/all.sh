#!/bin/sh
# Runs all tests of the builds whose names are given, the lessons' also where
# others have failed, and says in its last line what holds:
#
#     N=3 sh tests/all.sh cc clang

log=build/tests.log
jobs=$(($(nproc) * 2))  # many tests wait most of the time
units=$(for build; do
    for source in tests/unit/test_*.c tests/fuzz/fuzz_*.c; do
        [ ! -f "$source" ] || echo "build/$build/${source%.c}"
    done
done)

: > $log
for part in "--jobs $jobs $(echo tests/*.bats) tests/examples.py tests/texts.py \
              tests/answers.py tests/book.py tests/browser.py exercises/quiz.py $units" \
            "tests/exercises.py" \
            "tests/lessons.py :: $(for build; do echo "build/$build"; done)"; do
    { prove --timer --failures --comments $part 2>&1 || echo "Part failed."; } | tee -a $log
done

count() {  # of the tests of the nth part
    sed -n 's/^Files=.*Tests=\([0-9]*\),.*/\1/p' $log | sed -n "$1p"
}

echo
if grep -q '^Part failed' $log; then
    failed=$(sed -n 's/^\([^ ]*\) *(Wstat: .*/\1/p' $log)
    echo "FAILED:" ${failed:-see above}
    exit 1
fi
echo "All tests passed: $# builds, $(count 1) facts, $(count 2) facts of exercises, $(count 3) lesson cases."
