#!/usr/bin/env bats
# tests/answers.py finds each kind of mistake, here in answers to lesson 1.

setup() {
    answers=$(realpath tests/answers.py)
    make -s build/cc/lessons/01_hello/hello
    ln -s "$PWD"/[!e]* "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR" || return
    mkdir -p exercises/answers
    page=exercises/answers/hello.md
    printf '## 1. One\n\n```diff\n%s\n```\n\n' '--- a/lessons/01_hello/hello.c
+++ b/lessons/01_hello/hello.c
@@ -23,3 +23,3 @@
     printf("hi %s\n", (const char *)args);
-    return 0;
+    return 3;
 }' > $page
    for item in 1 2 3; do
        printf '    $ make lesson-hello\n    hi python\n\n## %d. One\n\n' $((item + 1))
    done | head -n -3 >> $page
}

# Spoils the page by a change that sed makes, and looks for what is said then.
finds() {
    sed "$1" $page > spoilt
    mv spoilt $page
    run "$answers" hello
    [[ "$output" == *"not ok"*"$2"* ]] || { echo "$output"; false; }
}

@test "answers without a mistake pass" {
    run "$answers" hello
    [[ "$output" != *"not ok"* && "$output" == *"ok 4 - hello 3. One"* ]] || { echo "$output"; false; }
}

@test "an item without an answer is found" { finds '/^## 3/,$d' '3 items'; }
@test "an answer without a command is found" { finds '$d' 'shows nothing'; finds '$d' 'no command'; }
@test "a diff that does not fit is found" { finds 's/^-    return 0/-    return 1/' 'does not apply'; }
@test "a warning is found" { finds 's/^+    return 3;/+    int x = 3; return 3;/' 'unused variable'; }
@test "what does not compile is found" { finds 's/^+    return 3/+    return 3,/' 'error:'; }
@test "output that is not so is found" { finds '$s/python/ruby/' 'must print:'; }
