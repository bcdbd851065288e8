// What the chunksizes of some kinds of tasks say in sentences (chunks.h).

#include "base/platform.h"

#include "chunks.h"

#include <math.h>
#include <string.h>

#include "compare.h"

// ---- parts of sentences ---------------------------------------------------

// "26.1 times", "at least 19.0 times"; "" where neither is known.
static const char *times(const chunks_against *a)
{
    static char text[64];
    text[0] = '\0';
    double least = a->ratio.q1 / a->doubt;
    double most = a->ratio.q3 * a->doubt;
    if (!a->off) {
        snprintf(text, sizeof text, "%s times",
                 compare_digits(a->ratio.median));
    } else if (least > 1 + COMPARE_TOLERANCE) {
        snprintf(text, sizeof text, "at least %s times", compare_digits(least));
    } else if (most < 1 - COMPARE_TOLERANCE) {
        snprintf(text, sizeof text, "at most %s times", compare_digits(most));
    }
    return text;
}

static bool is_same(const chunks_against *a)
{
    bool close = fabs(a->ratio.median - 1) <= COMPARE_TOLERANCE;
    bool unclear = a->ratio.q1 <= 1 && a->ratio.q3 >= 1;
    return !a->off && (close || unclear);
}

static void say_first(const chunks_kind *k, char *text, size_t size)
{
    char usual[96] = "Python's default";
    if (k->nearest != k->by_default) {
        snprintf(usual, sizeof usual, "%lld, near Python's default of %lld,",
                 (long long)k->nearest, (long long)k->by_default);
    }
    char middle[96] = "against";
    const char *end = ": not measurable here";
    const char *factor = times(&k->small);
    if (k->smallest == k->nearest) {
        snprintf(middle, sizeof middle, "stands for");
        end = "";
    } else if (is_same(&k->small)) {
        snprintf(middle, sizeof middle, "takes about as long as");
        end = "";
    } else if (*factor != '\0') {
        snprintf(middle, sizeof middle, "takes %s as long as", factor);
        end = "";
    }
    int length = snprintf(text, size, "Chunksize %lld %s %s with %s tasks%s",
                          (long long)k->smallest, middle, usual, k->name, end);
    if (*end != '\0' && !isnan(k->small.control)) {
        snprintf(text + length, size - (size_t)length, " (A/A %.3f)",
                 k->small.control);
    }
}

// ---- all kinds in one sentence --------------------------------------------

typedef enum { SMALLEST, DEFAULT, LARGEST } ratio_of;

// The smallest n against the default, the default against the best, or the
// largest n against the default.
static void find_words(const chunks_kind *k, ratio_of which, char *text,
                       size_t size)
{
    const chunks_against *a = which == SMALLEST  ? &k->small
                              : which == DEFAULT ? &k->usual
                                                 : &k->large;
    int64_t n = which == SMALLEST  ? k->smallest
                : which == DEFAULT ? k->best
                                   : k->largest;
    const char *factor = times(a);
    const char *words = *factor != '\0' ? factor : "not measurable here";
    if (which != DEFAULT && n == k->nearest) {
        words = "it is the default";
    } else if (n == k->nearest && !a->off) {
        words = "it is the best";
    } else if (is_same(a)) {
        words = "about the same";
    }
    snprintf(text, size, "%s", words);
}

// Adds a kind to the end of the text.
static void add_kind(const chunks_kind *k, char *text, size_t size)
{
    size_t length = strlen(text);
    length += (size_t)snprintf(text + length, size - length, "%s", k->name);
    if (k->nearest != k->by_default && length < size) {
        snprintf(text + length, size - length,
                 " with %lld in place of the default of %lld",
                 (long long)k->nearest, (long long)k->by_default);
    }
}

static void add(const char *words, char *text, size_t size)
{
    strncat(text, words, size - strlen(text) - 1);
}

// "10 ns, 1 µs: about the same; uneven: 1.35 times": kinds with the same words
// stand together.
static void say_all(const chunks_kind *kinds, int count, ratio_of which,
                    char *text, size_t size)
{
    char words[CHUNKS_KINDS][64];
    bool said[CHUNKS_KINDS] = { false };
    for (int i = 0; i < count; i++) {
        find_words(&kinds[i], which, words[i], sizeof words[i]);
    }
    for (int i = 0; i < count; i++) {
        if (said[i]) {
            continue;
        }
        add(i > 0 ? "; " : "", text, size);
        for (int j = i; j < count; j++) {
            if (strcmp(words[i], words[j]) == 0) {
                add(j > i ? ", " : "", text, size);
                add_kind(&kinds[j], text, size);
                said[j] = true;
            }
        }
        add(": ", text, size);
        add(words[i], text, size);
    }
}

void chunks_say(const chunks_kind *kinds, int count,
                char texts[CHUNKS_SENTENCES][CHUNKS_LENGTH])
{
    say_first(&kinds[0], texts[0], CHUNKS_LENGTH);
    texts[1][0] = '\0';
    say_all(kinds + 1, count - 1, SMALLEST, texts[1], CHUNKS_LENGTH);
    strcpy(texts[2], "The default against the best: ");
    say_all(kinds, count, DEFAULT, texts[2], CHUNKS_LENGTH);
    strcpy(texts[3], "The largest against the default: ");
    say_all(kinds, count, LARGEST, texts[3], CHUNKS_LENGTH);
}
