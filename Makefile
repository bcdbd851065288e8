# multiprocessing in C, by example. Plain `make` says what to type next, and
# `make help` lists every target. Everything that is built goes to build/.

CC       ?= cc
CFLAGS   ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes
N        ?= 1

MAKEFLAGS += --no-print-directory --no-builtin-rules
.DEFAULT_GOAL := start-here
.DELETE_ON_ERROR:
.SECONDARY:
.SECONDEXPANSION:

# ---- where things are built -------------------------------------------------
# A compiler and a choice of sanitizers have a folder of their own, so that
# `make CC=clang SAN=address,undefined lesson-1` disturbs nothing else.

comma   := ,
empty   :=
space   := $(empty) $(empty)
variant = build/$(subst $(space),-,$(notdir $1))$(if $(SAN),-$(subst $(comma),-,$(SAN)))
B       := $(call variant,$(CC))

# A static program consists of the same objects, which are compiled only once.
COMPILER := $(filter-out -static,$(CC))
O        := $(call variant,$(COMPILER))

FLAGS := $(CFLAGS) -std=c11 $(WARNINGS) -Icommon -Ilessons -pthread \
         $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)

LESSONS := $(sort $(wildcard lessons/[0-9][0-9]_*))
STEMS   := $(basename $(sort $(wildcard lessons/[0-9][0-9]_*/*.c)))
COMMON  := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard common/*/*.c))) $(B)/optional.a

# ---- libraries that a machine may lack --------------------------------------
# Where OpenSSL or Open MPI is absent, the calls that need it fail with a line
# that says what to install. What calls them is an archive, out of which the
# linker takes only what a program uses: no other program loads these libraries.

OPTIONAL := $(filter %/message/listener.o %/message/authkey.o $(B)/common/cluster/%,$(COMMON))
COMMON   := $(filter-out $(OPTIONAL),$(COMMON))
OPENSSL  := $(if $(findstring static,$(CC)),,$(shell \
                $(CC) -E -include openssl/opensslv.h -x c /dev/null >/dev/null 2>&1 && echo -DMP_OPENSSL))
OPENMPI  := $(if $(findstring musl,$(CC))$(findstring static,$(CC)),,$(shell \
                pkg-config --exists ompi-c 2>/dev/null && echo -DMP_OPENMPI && pkg-config --cflags ompi-c))
OPTIONAL_LIBS := -Wl,--as-needed $(if $(OPENSSL),-lcrypto) $(if $(OPENMPI),$(shell pkg-config --libs ompi-c))

$(B)/common/message/authkey.o: CPPFLAGS += $(OPENSSL)
$(B)/common/cluster/%.o: CPPFLAGS += $(OPENMPI)
$(B)/optional.a: $(OPTIONAL)
	@mkdir -p $(@D); rm -f $@; ar rcs $@ $^

# ---- building ---------------------------------------------------------------
# Each file is made under a name of its own and then renamed: two makes may
# build in one tree at once, and neither sees half a file of the other.

# Each changes only when what it says does; whatever depends on it is then made
# anew. So all is, where the compiler's flags change.
$(O)/flags:    now = $(COMPILER) $(FLAGS) $(LDFLAGS)
$(B)/optional: now = $(OPENSSL) $(OPENMPI)
$(O)/flags $(B)/optional $(B)/exercise: FORCE
	@mkdir -p $(@D); if [ '$(now)' != "$$(cat $@ 2>/dev/null)" ]; then \
	    echo '$(now)' > $@.$$$$ && mv -f $@.$$$$ $@; fi

$(OPTIONAL): $(B)/optional

COMPILE = @mkdir -p $(@D); t=$@.$$$$; \
	$(COMPILER) $(FLAGS) $(CPPFLAGS) -MMD -MP -MF $$t.d -MT $@ -c -o $$t $< && \
	mv -f $$t.d $(@:.o=.d) && mv -f $$t $@ || { rm -f $$t $$t.d; exit 1; }

$(O)/%.o: %.c $(O)/flags
	$(COMPILE)

ifneq ($B,$O)
$(OPTIONAL) $(B)/tests/fuzz/fuzz_authkey.o: $(B)/%.o: %.c $(O)/flags
	$(COMPILE)
$(B)/%.o: $(O)/%.o
	@mkdir -p $(@D); t=$@.$$$$; cp -p $< $$t && mv -f $$t $@
endif

# What is to run is built first, by a make of its own with all CPUs; then it runs,
# one after the other. One that was told -j itself keeps to its number.
JOBS  = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 2))
first = $(if $(wildcard $(lastword $(COMMON))),:,echo 'Building the library (once) ..' >&2)

LINK = @t=$@.$$$$; $(CC) $(FLAGS) $(LDFLAGS) -o $$t $(filter %.o %.a,$^) $(LDLIBS) \
           $(OPTIONAL_LIBS) && mv -f $$t $@ || { rm -f $$t; exit 1; }

$(B)/lessons/%: $(B)/lessons/%.o $(COMMON)
	$(LINK)

-include $(shell find $(sort $(B) $(O)) -name '*.d' 2>/dev/null)

FORCE:

# ---- lessons ----------------------------------------------------------------
# A lesson is a folder with one or a few programs, of which the first is called
# as the folder. All run by its number, lesson-3 or lesson-03; one alone runs by
# its own name, lesson-many or lesson-many_no_join.

number   = $(if $(filter 1 2 3 4 5 6 7 8 9,$1),0$1,$1)
stems    = $(or $(filter %/$1,$(STEMS)),$(filter lessons/$(call number,$1)_%,$(STEMS)))
programs = $(addprefix $(B)/,$(stems))

# Stops with a sentence where there is no lesson $1.
known = $(if $(call stems,$1),:,echo "There is no lesson '$1'. There are: \
          $(notdir $(LESSONS))" >&2; exit 1)

# Each program of a lesson says in its .expected file what short arguments it
# takes, if it takes any. ARGS go to those that do; if none does, to all.
arguments = $$(if grep -qs '^. short:' $$stem.expected || \
              ! grep -qs '^. short:' $${stem%/*}/*.expected; then echo '$(ARGS)'; fi)
# Several programs are told apart by a line on stderr: stdout is theirs alone.
heading   = $(if $(word 2,$(call stems,$1)),echo "--- $${stem#lessons/}" >&2,:)
short     = $$(sed -n 's/^. short: //p' $$stem.expected)
# A lesson for several machines says there what launches it: $1 and so on, then.
# Open MPI leaks memory, of which a sanitizer is not to complain.
no_leaks  = $(if $(SAN), -x ASAN_OPTIONS=detect_leaks=0)
launch    = set -- $$(sed -n 's/^.C. . launch: \(.*\)/\1$(no_leaks)/p' $$stem.expected 2>/dev/null)
launches  = [ $$\# = 0 ] || $(if $(OPENMPI),command -v $$1 >/dev/null,false)
no_launch = echo "$${stem\#\#*/} needs Open MPI: install libopenmpi-dev and openmpi-bin, or type make deps." >&2

start-here:
	@echo 'Multiprocessing in C, by example. Type'; echo
	@echo '    make lesson-1    to run the first lesson'
	@echo '    make read-1      to read it'
	@echo '    make next        for the exercise that comes next'
	@echo '    make help        for everything else'

help:  ## this list
	@sed -n 's/^\([a-z%-]*\):[^#]*## \(.*\)/    make \1|\2/p' Makefile | \
	    sed 's/%/N/' | awk -F'|' '{ printf "%-22s%s\n", $$1, $$2 }'
	@echo; echo 'Lessons (N is a number: all programs of a lesson; or the name of one program):'
	@for l in $(LESSONS); do printf '    %-14s' "$${l#lessons/}"; \
	    for p in $$l/*.c; do p="$${p##*/}"; printf ' %s' "$${p%.c}"; done; echo; done

lesson-%: FORCE  ## run lesson N; ARGS="0.2" are its arguments
	@$(call known,$*); $(first)
	@$(MAKE) -s $(JOBS) $(call programs,$*)
	@for stem in $(call stems,$*); do \
	    $(call heading,$*); $(launch); $(launches) || { $(no_launch); exit 1; }; \
	    "$$@" $(B)/$$stem $(arguments) || exit; done

lessons:  ## run all lessons, with short sleeps
	@$(first)
	@$(MAKE) -s $(JOBS) $(addprefix $(B)/,$(STEMS))
	@for stem in $(STEMS); do \
	    echo "--- $${stem#lessons/}"; $(launch); $(launches) || { $(no_launch); continue; }; \
	    "$$@" $(B)/$$stem $(short) || exit; done

# What a distribution's packages bring is for its own python3, which need not be
# the first one on the PATH.
PYTHON = $(firstword $(wildcard /usr/bin/python3) python3)

# Under a LANG that begins with zh, in Chinese.
source = $(if $(filter zh%,$(LANG)),{ $(PYTHON) -B book/segments.py zh $1 || cat $1; },cat $1)

page = if [ -t 1 ]; then page="$${PAGER:-more}"; else page=cat; fi

read-%: FORCE  ## read the annotated source of lesson N; LANG=zh: in Chinese
	@$(call known,$*); $(page); for stem in $(call stems,$*); do \
	    printf '// ---- %s.c\n\n' $$stem; $(call source,$$stem.c); echo; done | $$page

answer-%: FORCE  ## print the answers to "Try this" of lesson N
	@$(call known,$*); $(page); for stem in $(call stems,$*); do \
	    printf '# Answers to %s.c\n\n' $$stem; $(call source,exercises/answers/$${stem##*/}.md); echo; done | $$page

translations:  ## bring all zh.po (lessons, exercises, book) up to date with the English text
	@$(PYTHON) -B book/segments.py merge; $(PYTHON) -B book/segments.py count || true

book_tools = $(PYTHON) -c 'import sphinx, myst_parser, jieba, polib' 2>/dev/null
book-tools:
	@$(book_tools) || { echo 'The book needs Sphinx, MyST, jieba and polib: type make deps BOOK=1.' >&2; exit 1; }
book: book-tools  ## build/book/index.html: the lessons as a book, in English and Chinese
	@$(first); $(MAKE) -s $(JOBS) $(addprefix $(B)/,$(STEMS)) $(B)/views/pages && \
	    MAKEFLAGS= MAKELEVEL= CC='$(CC)' SAN='$(SAN)' B=$(B) $(PYTHON) -B book/build.py

python-%: FORCE  ## run the Python original of lesson N
	@$(call known,$*); $(has_python); \
	for stem in $(call stems,$*); do \
	    $(call heading,$*); python3 $$stem.py $(arguments) || exit; done

# ---- a program of your own --------------------------------------------------
# Built like a lesson's, but it may use all that the system has (gnu11) without
# asking, and the mathematical library. F may lie anywhere, also outside.

OWN = $(B)/run/$$(basename "$$F" .c)
build_own = mkdir -p $(B)/run; t=$(OWN).$$$$; \
	$(CC) $(FLAGS) -std=gnu11 $(CPPFLAGS) $(LDFLAGS) -o "$$t" "$$F" \
	    $(filter %.o %.a,$^) $(LDLIBS) $(OPTIONAL_LIBS) -lm && mv -f "$$t" "$(OWN)" || { \
	    rm -f "$$t"; echo "$$F does not compile, so nothing was run." >&2; exit 1; }

run: own-file $(COMMON)  ## build and run a file of your own: run F=mine.c ARGS="1 2"
	@$(build_own); exec "$(OWN)" $(ARGS)

own-file:
	@if [ -z "$$F" ]; then echo 'Which file? Type make run F=mine.c' >&2; exit 1; fi; \
	if [ ! -f "$$F" ]; then echo "There is no file '$$F'." >&2; exit 1; fi

# ---- exercises --------------------------------------------------------------
# exercises/try.py builds a student's file by the command that stands here.

LINES = $(B)/exercises/lines.o
$(B)/exercise: now = $(CC) $(FLAGS) $(CPPFLAGS) $(LDFLAGS) -- $(LINES) $(COMMON) $(LDLIBS) $(OPTIONAL_LIBS)
exercise = @$(has_python); B=$(B) $(PYTHON) -B exercises/try.py

try-%: FORCE  ## check your answer to exercise N; the first time: begin with it
	@$(first); $(MAKE) -s $(JOBS) exercise-build
	$(exercise) try $*
hint-%: FORCE  ## a hint for exercise N, and one more each time
	$(exercise) hint $*
solution-%: FORCE  ## an answer to exercise N
	$(exercise) solution $*
exercise-build: $(LINES) $(COMMON) $(B)/exercise
next:  ## which lesson to read and which exercise to try next
	$(exercise) next
quiz-%: FORCE  ## what can lesson N print? You say, and then it runs RUNS=200 times
	@$(call known,$*); $(has_python); $(first); $(MAKE) -s $(JOBS) $(call programs,$*)
	@B=$(B) $(PYTHON) -B exercises/quiz.py $*

# ---- seeing what happens ----------------------------------------------------
# views/ has a script for each view. It is given the programs of a lesson; or,
# after --, a program of your own, which F=mine.c or PROG="./a.out x" names.

has_python = command -v python3 >/dev/null || { \
    echo 'This needs python3. Install the package python3, or type make deps.' >&2; exit 1; }
view = @$(call known,$2); $(has_python); $(first); $(MAKE) -s $(JOBS) $(call programs,$2) && \
       B=$(B) ARGS='$(ARGS)' python3 -B views/$1.py $(call stems,$2)
view_own = @$(has_python); $(if $(PROG),B=$(B) python3 -B views/$1.py -- $(PROG),\
           $(build_own); B=$(B) python3 -B views/$1.py -- "$(OWN)" $(ARGS))

$(B)/views/%: $(B)/views/%.o $(COMMON)
	$(LINK)

timeline-%: FORCE  ## draw when each process of lesson N worked, slept, waited
	$(call view,timeline,$*)
trace-%: FORCE  ## draw what the pool, the locks or the CPUs of lesson N did
	$(call view,trace,$*)
syscalls-%: FORCE  ## list the system calls of lesson N, and which call made them
	$(call view,syscalls,$*)
pages-%: $(B)/views/pages FORCE  ## show which pages parent and child of lesson N share
	@$(call known,$*); $< $(call stems,$*)
many-%: FORCE  ## run lesson N RUNS=200 times: which orders came, how long it took
	$(call view,many,$*)
audit-%: FORCE  ## look for what lesson N leaves behind
	$(call view,audit,$*)
side-%: FORCE  ## lesson N and its original side by side
	$(call view,side,$*)
debug-%: FORCE  ## lesson N in gdb, stopped in the child
	$(call view,debug,$*)
timeline: $(if $(PROG),,own-file $(COMMON))  ## the same for F=mine.c ARGS="1 2", or PROG="./a.out x"
	$(call view_own,timeline)
audit: $(if $(PROG),,own-file $(COMMON))  ## the same for F=mine.c ARGS="1 2", or PROG="./a.out x"
	$(call view_own,audit)

# ---- measuring --------------------------------------------------------------
# A question is bench/NAME.c with a picture plots/NAME.gp. It is measured into a
# table of raw samples in $(DATA), which bench/summary.awk sums up for the
# pictures.

DATA      := build/bench
PICTURES  := build/plots
EFFORT    := $(if $(FULL),full,$(if $(QUICK),quick,normal))
QUESTIONS := $(filter $(basename $(notdir $(wildcard plots/*.gp))), \
                      $(basename $(notdir $(sort $(wildcard bench/*.c)))))
HARNESS   := $(filter-out $(QUESTIONS:%=$(B)/bench/%.o), \
                          $(patsubst %.c,$(B)/%.o,$(sort $(wildcard bench/*.c))))

$(B)/bench/%: $(B)/bench/%.o $(HARNESS) $(COMMON)
	$(LINK)

# OpenMP, which map is held against, is a program of its own. Whether this
# compiler has it shows when it runs: one that links need not. Where it does not
# there is an empty file in its place, and map says that it is left out.
PEERS := $(B)/bench/peers/openmp
$(PEERS): bench/peers/openmp.c bench/square.h
	@mkdir -p $(@D); t=$@.$$$$; \
	{ $(CC) $(FLAGS) -fopenmp -Ibench $(LDFLAGS) -o $$t $< && \
	  ( echo map 1000 | $$t ); } >/dev/null 2>&1 || { rm -f $$t; : > $$t; }; \
	mv -f $$t $@

$(B)/bench/map: | $(PEERS)

# One question after the other: side by side they would disturb each other.
SUMMARY = LC_ALL=C awk -f bench/summary.awk -v out=$(DATA)/$$name.summary.tsv \
          bench/sentences.txt $(DATA)/$$name.tsv
measure = @mkdir -p $(DATA); for name in $1; do \
    BENCH_COMMIT="$$(git describe --always --dirty 2>/dev/null)" \
    BENCH_FLAGS='$(CFLAGS)' BENCH_OPENMP=$(PEERS) \
    $(B)/bench/$$name $(EFFORT) $(DATA)/$$name.tsv && \
    $(SUMMARY) || exit; done; sh plots/draw.sh $(DATA) $(PICTURES) $1

bench: $(QUESTIONS:%=$(B)/bench/%)  ## measure all questions; QUICK=1 takes seconds, FULL=1 many minutes
	$(call measure,$(QUESTIONS))

bench-%: $$(addprefix $(B)/bench/,$$(filter $$*,$(QUESTIONS))) FORCE  ## measure one question: bench-start, bench-sum
	$(if $(filter $*,$(QUESTIONS)),,@echo "There is no question '$*'. There are: \
	    $(QUESTIONS)" >&2; exit 1)
	$(call measure,$*)

measured = $(filter $(patsubst $(DATA)/%.tsv,%,$(wildcard $(DATA)/*.tsv)),$(QUESTIONS))

plots:  ## draw all pictures anew from the samples there are
	@$(if $(measured),,echo 'There is nothing to draw yet. Type make bench, or make bench QUICK=1.' >&2; exit 1)
	@for name in $(measured); do $(SUMMARY) || exit; done
	@sh plots/draw.sh $(DATA) $(PICTURES) $(measured)

# ---- tests ------------------------------------------------------------------
# `make test` builds everything with every compiler that is there, and gives it
# all to prove: unit tests (Check), lessons against what they must print, and
# the Makefile and the bench (bats). N is how often each lesson runs. SOAK=1 is
# what makes a unit test a long one.

# Check is built for glibc. With musl, a small header stands in for it.
MUSL  := $(findstring musl,$(CC))
UNITS := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(sort $(wildcard tests/unit/test_*.c)))
CHECK := $(if $(MUSL),,$(shell pkg-config --libs check 2>/dev/null))

$(B)/tests/%.o: CPPFLAGS += -Itests/unit $(if $(MUSL),-Itests/unit/musl)
$(UNITS): private LDFLAGS += -Wl,--wrap=fork,--wrap=malloc,--wrap=syscall,--wrap=posix_spawn,--wrap=mp_clock_deadline \
                     $(if $(MUSL),,-Wl,--wrap=_mark_point,--wrap=_ck_assert_failed)
$(UNITS): private LDLIBS  += $(CHECK)
$(UNITS): %: %.o $(B)/tests/unit/unit.o $(COMMON)
	$(LINK)

# Whole programs that a test runs; a static one could load no library.
PLAYED := $(if $(findstring static,$(CC)),,$(patsubst %.c,$(B)/%,$(sort $(wildcard tests/programs/*.c))))
$(B)/tests/programs/%: LDLIBS += -ldl
$(B)/tests/programs/%: $(B)/tests/programs/%.o $(COMMON)
	$(LINK)

# What libFuzzer calls (below); as a test, with the corpus that is kept.
FUZZED := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
$(B)/tests/fuzz/%.o: CPPFLAGS += $(OPENSSL)
$(FUZZED): %: %.o $(B)/tests/fuzz/main.o $(COMMON)
	$(LINK)

# All that one compiler builds for the tests.
test-build: $(UNITS) $(FUZZED) $(PLAYED) $(addprefix $(B)/,$(STEMS)) \
            $(QUESTIONS:%=$(B)/bench/%) $(B)/views/pages exercise-build

# The builds under test, and how to make each. One whose compiler is absent is
# left out, with a line that says so.
BUILDS := cc cc-address-undefined cc--static clang musl-gcc musl-gcc--static
variables_cc                   := CC=cc SAN=
variables_cc-address-undefined := CC=cc SAN=address,undefined
variables_cc--static           := CC='cc -static' SAN=
variables_clang                := CC=clang SAN=
variables_musl-gcc             := CC=musl-gcc SAN=
variables_musl-gcc--static     := CC='musl-gcc -static' SAN=
THERE  = $(foreach b,$(BUILDS),$(if $(shell command -v $(firstword $(subst -address, ,$(subst --static, ,$b)))),$b))
ABSENT = $(filter-out $(THERE),$(BUILDS))

UNDER_TEST = $(foreach b,$(THERE),$(UNITS:$(B)/%=build/$b/%))

# The book is built before the tests run: its timelines need a quiet machine.
test: test-builds  ## run all tests; each lesson N=1 time
	@if $(book_tools); then $(MAKE) -s book; else \
	    echo 'Left out because Sphinx, MyST or jieba is absent: the book.' >&2; fi
	@N=$(N) sh tests/all.sh $(THERE)

soak: N := $(if $(filter command line,$(origin N)),$(N),100)
soak: test-builds  ## the tests of library and lessons N=100 times, and once at length: an hour or more
	@for round in $$(seq $(N)); do echo "Round $$round of $(N)."; \
	    prove --quiet --jobs 4 $(UNDER_TEST) || exit; done
	@SOAK=1 prove --timer tests/sync.bats $(UNITS:$(B)/%=build/$(firstword $(THERE))/%)
	@N=$(N) prove --timer tests/lessons.py :: $(THERE:%=build/%)
	@$(MAKE) fuzz N=10000000

# New inputs are kept in build/fuzz; one that fails is build/fuzz/crash-*.
FUZZ = clang -O1 -g -std=c11 -Icommon $(OPENSSL) -fno-sanitize-recover=all \
           -fsanitize=fuzzer,address,undefined -o build/fuzz/fuzz_$$name common/base/*.c \
           common/message/connection.c common/message/authkey.c tests/fuzz/fuzz_$$name.c \
           -pthread $(if $(OPENSSL),-lcrypto)
fuzz: N := $(if $(filter command line,$(origin N)),$(N),1000000)
fuzz:  ## clang's libFuzzer makes up N=1000000 messages, and as many handshakes
	@for name in connection $(if $(OPENSSL),authkey); do \
	    mkdir -p build/fuzz/$$name && $(FUZZ) && \
	    build/fuzz/fuzz_$$name -runs=$(N) -max_len=600 -timeout=10 -verbosity=0 -print_final_stats=1 \
	        -artifact_prefix=build/fuzz/ build/fuzz/$$name tests/fuzz/corpus/$$name || exit; done

test-builds:
	@for tool in prove bats pkg-config python3 git; do command -v $$tool >/dev/null || { \
	    echo "The tests need $$tool. Type make deps, which installs what they need." >&2; exit 1; }; done
	@pkg-config --exists check || { \
	    echo 'The tests need Check. Type make deps, which installs what they need.' >&2; exit 1; }
	@$(if $(ABSENT),echo 'Left out because the compiler is absent: $(ABSENT)' >&2)
	@$(foreach b,$(THERE),$(MAKE) -s $(JOBS) $(variables_$b) test-build &&) true

PACKAGES := check pkg-config perl bats python3 python3-polib gettext git strace gnuplot-nox fonts-dejavu-core clang musl-tools \
            libssl-dev libopenmpi-dev openmpi-bin
# What the book needs, and the tests of its pages in a browser.
PACKAGES += $(if $(BOOK),python3-sphinx python3-myst-parser python3-jieba chromium fonts-noto-cjk \
            $(shell command -v npm >/dev/null || echo nodejs npm))
MODULES  := $(if $(BOOK),playwright-core@1.65.1 axe-core@4.14.1)

deps:  ## install what tests, pictures, lessons 21 and 22 need (Debian, Ubuntu; elsewhere it names it); BOOK=1: and what the book needs
	@missing=; for tool in pkg-config prove bats python3 git strace gnuplot clang musl-gcc \
	        msgmerge $(if $(BOOK),chromium npm); do \
	    command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	for module in $(MODULES); do \
	    [ -d "$$(npm root --global 2>/dev/null)/$${module%@*}" ] || missing="$$missing $$module"; done; \
	$(PYTHON) -c 'import polib' 2>/dev/null || missing="$$missing polib"; \
	pkg-config --exists check 2>/dev/null || missing="$$missing check"; \
	$(if $(OPENSSL),,missing="$$missing openssl";) \
	{ pkg-config --exists ompi-c && command -v mpirun; } >/dev/null 2>&1 || missing="$$missing openmpi"; \
	$(if $(BOOK),$(book_tools) || missing="$$missing sphinx";) \
	if [ -z "$$missing" ]; then echo 'All that tests and pictures need is there.'; exit; fi; \
	echo "Missing:$$missing."; \
	if ! command -v apt-get >/dev/null; then \
	    echo 'Please install, under the names that they have here: $(PACKAGES)' >&2; exit 1; fi; \
	if [ "$$(id -u)" = 0 ]; then root=; else root=sudo; fi; \
	$$root apt-get update -qq && \
	$$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(PACKAGES) >/dev/null \
	$(if $(MODULES),&& $$root npm install --global --no-audit --no-fund $(MODULES))

clean:  ## remove everything that was built
	rm -rf build

.PHONY: start-here help lessons run own-file timeline audit exercise-build next bench plots \
        translations book book-tools test-build test-builds test soak fuzz deps clean FORCE
