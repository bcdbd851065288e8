# multiprocessing in C, by example. Plain `make` says what to type next, and
# `make help` lists every target. Everything that is built goes to build/.

CC       ?= cc
CFLAGS   ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes
N        ?= 3

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
VARIANT := $(subst $(space),-,$(notdir $(CC)))$(if $(SAN),-$(subst $(comma),-,$(SAN)))
B       := build/$(VARIANT)

FLAGS := $(CFLAGS) -std=c11 $(WARNINGS) -Icommon -pthread \
         $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)

LESSONS := $(sort $(wildcard lessons/[0-9][0-9]_*))
STEMS   := $(basename $(sort $(wildcard lessons/[0-9][0-9]_*/*.c)))
COMMON  := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard common/*.c)))

# ---- building ---------------------------------------------------------------
# Each file is made under a name of its own and then renamed: two makes may
# build in one tree at once, and neither sees half a file of the other.

# Changes only when the flags do; whatever depends on it is then made anew.
$(B)/flags: FORCE
	@mkdir -p $(@D); new='$(CC) $(FLAGS) $(LDFLAGS)'; \
	if [ "$$new" != "$$(cat $@ 2>/dev/null)" ]; then \
	    echo "$$new" > $@.$$$$ && mv -f $@.$$$$ $@; fi

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D); t=$@.$$$$; \
	$(CC) $(FLAGS) $(CPPFLAGS) -MMD -MP -MF $$t.d -MT $@ -c -o $$t $< && \
	mv -f $$t.d $(@:.o=.d) && mv -f $$t $@ || { rm -f $$t $$t.d; exit 1; }

LINK = @t=$@.$$$$; $(CC) $(FLAGS) $(LDFLAGS) -o $$t $(filter %.o,$^) $(LDLIBS) && \
       mv -f $$t $@ || { rm -f $$t; exit 1; }

$(B)/lessons/%: $(B)/lessons/%.o $(COMMON)
	$(LINK)

-include $(shell find $(B) -name '*.d' 2>/dev/null)

FORCE:

# ---- lessons ----------------------------------------------------------------
# A lesson is a folder with one or a few programs. It is called by its number,
# with or without the zero, or by its name: lesson-1, lesson-01, lesson-hello.

number   = $(if $(filter 1 2 3 4 5 6 7 8 9,$1),0$1,$1)
folder   = $(firstword $(filter lessons/$(call number,$1)_%,$(LESSONS)) \
                       $(filter $(wildcard lessons/[0-9][0-9]_$1),$(LESSONS)))
stems    = $(filter $(call folder,$1)/%,$(STEMS))
programs = $(addprefix $(B)/,$(stems))

# Stops with a sentence where there is no lesson $1.
known = $(if $(call folder,$1),:,echo "There is no lesson '$1'. There are: \
          $(notdir $(LESSONS))" >&2; exit 1)

# Each program of a lesson says in its .expected file what short arguments it
# takes, if it takes any. ARGS go to those that do; if none does, to all.
arguments = $$(if grep -qs '^. short:' $$stem.expected || \
              ! grep -qs '^. short:' $${stem%/*}/*.expected; then echo '$(ARGS)'; fi)
short     = $$(sed -n 's/^. short: //p' $$stem.expected)

start-here:
	@echo 'Multiprocessing in C, by example. Type'; echo
	@echo '    make lesson-1    to run the first lesson'
	@echo '    make read-1      to read it'
	@echo '    make help        for everything else'

help:  ## this list
	@sed -n 's/^\([a-z%-]*\):[^#]*## \(.*\)/    make \1|\2/p' Makefile | \
	    sed 's/%/N/' | awk -F'|' '{ printf "%-22s%s\n", $$1, $$2 }'
	@echo; echo 'Lessons (N is a number or a name):'
	@printf '    %s\n' $(notdir $(LESSONS))

lesson-%: $$(call programs,$$*) FORCE  ## run lesson N; with ARGS="0.2", say, it sleeps shorter
	@$(call known,$*); for stem in $(call stems,$*); do \
	    $(B)/$$stem $(arguments) || exit; done

lessons: $(addprefix $(B)/,$(STEMS))  ## run all lessons, short
	@for stem in $(STEMS); do \
	    echo "--- $${stem#lessons/}"; $(B)/$$stem $(short) || exit; done

read-%: FORCE  ## read the annotated source of lesson N
	@$(call known,$*); if [ -t 1 ]; then page="$${PAGER:-more}"; else page=cat; fi; \
	for stem in $(call stems,$*); do \
	    printf '// ---- %s.c\n\n' $$stem; cat $$stem.c; echo; done | $$page

python-%: FORCE  ## run the Python original of lesson N
	@$(call known,$*); command -v python3 >/dev/null || { \
	    echo 'This needs python3. Install the package python3, or type make deps.' >&2; exit 1; }; \
	for stem in $(call stems,$*); do python3 $$stem.py $(arguments) || exit; done

clean:  ## remove everything that was built
	rm -rf build

.PHONY: start-here help lessons clean FORCE
