#include "base/platform.h"

#include "notes.h"

#include "compare.h"
#include "machine.h"

static const char *from_environment(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : "unknown";
}

// Facts that only some questions have.
static int note_optional(raw_data *data, const char *key, const char *value)
{
    return value != NULL ? raw_add_fact(data, key, "%s", value) : 0;
}

int notes_question(raw_data *data, const bench_question *question,
                   const char *effort)
{
    if (raw_add_fact(data, "question", "%s", question->name) == -1 ||
        raw_add_fact(data, "asks", "%s", question->asks) == -1 ||
        raw_add_fact(data, "effort", "%s", effort) == -1 ||
        raw_add_fact(data, "commit", "%s",
                     from_environment("BENCH_COMMIT")) == -1 ||
        note_optional(data, "unit", question->unit) == -1 ||
        note_optional(data, "per_item",
                      question->per_item ? "yes" : NULL) == -1 ||
        note_optional(data, "starts", question->starts ? "yes" : NULL) == -1 ||
        note_optional(data, "remark", question->remark) == -1) {
        return -1;
    }
    return raw_add_fact(data, "flags", "%s", from_environment("BENCH_FLAGS"));
}

int notes_machine(raw_data *data, const bench_question *question)
{
    int cpus = machine_usable_cpus();
    if (cpus == -1 || machine_describe(data, cpus) == -1) {
        return -1;
    }
    if (question->pinned == 0) {
        return raw_add_fact(data, "pinning", "none");
    }
    char pinned[64];
    if (machine_pin(question->pinned, pinned, sizeof pinned) == -1) {
        return -1;
    }
    return raw_add_fact(data, "pinning", "%s", pinned);
}

int notes_left_out(raw_data *data, const bench_question *question,
                   bench_effort effort)
{
    const int64_t *sizes = question->sizes[effort];
    while (*sizes != 0 &&
           (question->largest == 0 || *sizes <= question->largest)) {
        sizes++;
    }
    if (*sizes == 0) {
        return 0;
    }
    const char *unit = question->unit != NULL ? question->unit : "";
    const char *from = compare_amount((double)*sizes, unit);
    fprintf(stderr, "%s: left out from n = %s on: %s\n", question->name, from,
            question->limit);
    return raw_add_fact(data, "left_out", "left out from n = %s on: %s", from,
                        question->limit);
}

int notes_others(raw_data *data, const others_mark *begin)
{
    double cpus = others_since(begin);
    return cpus < 0 ? 0 : raw_add_fact(data, "others", "%.2f", cpus);
}

// The third column of a comparison is for the verdict (compare.h).
static int note_mode(raw_data *data, const bench_mode *mode)
{
    if (mode->grows != NULL &&
        raw_add_fact(data, "growth", "%s | %s", mode->name,
                     mode->grows) == -1) {
        return -1;
    }
    if (mode->by_default != 0 &&
        raw_add_fact(data, "default", "%s | %lld", mode->name,
                     (long long)mode->by_default) == -1) {
        return -1;
    }
    if (mode->gains != NULL) {
        return raw_add_fact(data, "gain", "%s | %s | %s", mode->against,
                            mode->name, mode->gains);
    }
    if (mode->control_of != NULL) {
        return raw_add_fact(data, "control", "%s | %s", mode->name,
                            mode->control_of);
    }
    if (mode->against != NULL) {
        return raw_add_fact(data, "compare", "%s | %s | %s", mode->name,
                            mode->against,
                            mode->wins != NULL ? mode->wins : "");
    }
    return 0;
}

int notes_modes(raw_data *data, const bench_question *question,
                bool has_python)
{
    for (const bench_mode *m = question->modes; m->name != NULL; m++) {
        if (m->python != NULL && !has_python) {
            continue;
        }
        if (note_mode(data, m) == -1) {
            return -1;
        }
    }
    return 0;
}
