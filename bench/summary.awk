# summary.awk - sums up the raw samples of one question (bench.h):
#
#     LC_ALL=C awk -f bench/summary.awk -v out=sum.summary.tsv \
#         bench/sentences.txt sum.tsv
#
# out has "# key: value" lines for the picture, then a table: each mode at each
# n with its rounds, its quartiles and the median between them.

# ---- reading ----------------------------------------------------------------

BEGIN { FS = "\t" }

FNR == NR {
    if (/^[^#]*: /) {
        name = substr($0, 1, index($0, ": ") - 1)
        text[name, ++texts[name]] = substr($0, index($0, ": ") + 2)
    }
    next
}

function refuse(sentence) {
    print "summary: " FILENAME ": " sentence > "/dev/stderr"
    refused = 1
    exit 1
}

/^# [^:]*: / {
    key = substr($0, 3, index($0, ": ") - 3)
    fact[key] = substr($0, index($0, ": ") + 2)
    next
}

$1 == "round" || /^#/ { next }

NF != 4 || $1 !~ /^[0-9]+$/ || $3 !~ /^[0-9]+$/ || $4 !~ /^[0-9]+$/ || $4 == 0 {
    refuse("line " FNR " is no sample")
}

{
    samples++
    last = $1 > last ? $1 : last
    if (!(($2, $3) in rounds)) {
        if (!($2 in sizes)) {
            mode[++modes] = $2
        }
        size[$2, ++sizes[$2]] = $3
    }
    rounds[$2, $3]++
    ns[$2, $3, $1] = $4
}

# ---- statistics -------------------------------------------------------------

# The number that a share p of the sorted ones is below, interpolated linearly.
function quantile(count, p,    at, i) {
    at = 1 + (count - 1) * p
    i = int(at)
    return sorted[i] + (i < count ? (at - i) * (sorted[i + 1] - sorted[i]) : 0)
}

# Sorts what is in sorted[1..count], and sets q1, q2 and q3.
function quartiles(count,    i, j, x) {
    for (i = 2; i <= count; i++) {
        x = sorted[i]
        for (j = i - 1; j >= 1 && sorted[j] > x; j--) {
            sorted[j + 1] = sorted[j]
        }
        sorted[j + 1] = x
    }
    q1 = quantile(count, 0.25)
    q2 = quantile(count, 0.5)
    q3 = quantile(count, 0.75)
}

function median(a, n) {
    ratio(a, n, "", 0)
    return q2
}

# The quartiles of a's time divided by b's, of the same round each; without b,
# of a's time. Returns how many rounds have both.
function ratio(a, n, b, m,    round, count) {
    for (round = 1; round <= last; round++) {
        if ((a, n, round) in ns && (b == "" || (b, m, round) in ns)) {
            sorted[++count] = ns[a, n, round] / (b == "" ? 1 : ns[b, m, round])
        }
    }
    if (count > 0) {
        quartiles(count)
    }
    return count + 0
}

# A/A: by which factor a and its control differ, at least 1; 1 without one.
function error_of(a, n) {
    if (!ratio(a " again", n, a, n)) {
        return 1
    }
    aa_least = aa_least == "" || q2 < aa_least ? q2 : aa_least
    aa_most = q2 > aa_most ? q2 : aa_most
    return q2 > 1 ? q2 : 1 / q2
}

# Like ratio, but [q1, q3] is widened by what the controls are off.
function compare(a, n, b, m,    e, f, count) {
    e = error_of(a, n)
    f = error_of(b, m)
    e = f > e ? f : e
    count = ratio(a, n, b, m)
    q1 /= e
    q3 *= e
    return count
}

# ---- words ------------------------------------------------------------------

function digits(x) {
    return sprintf(x >= 10 ? "%.0f" : x >= 2 ? "%.1f" : x >= 0.1 ? "%.2f" : \
                   "%.3f", x)
}

# Nanoseconds, as a person writes them.
function duration(x) {
    return x < 1e3 ? two_digits(x) " ns" : x < 1e6 ? two_digits(x / 1e3) " µs" : \
        x < 1e9 ? two_digits(x / 1e6) " ms" : two_digits(x / 1e9) " s"
}

# To two digits.
function two_digits(x,    unit) {
    for (unit = 1; x / unit >= 99.5; unit *= 10) {
    }
    return x < 9.95 ? sprintf("%.1f", x) + 0 : int(x / unit + 0.5) * unit
}

# 1900000 is "1.9 million", and 2048 MiB are "2 GiB".
function amount(n) {
    if (fact["unit"] == "MiB") {
        return n < 1024 ? int(n + 0.5) " MiB" : two_digits(n / 1024) " GiB"
    }
    return n < 10000 ? two_digits(n) : n < 995000 ? two_digits(n / 1e3) " thousand" : \
        two_digits(n / 1e6) " million"
}

BEGIN { ADVICE = "close other programs, or measure with FULL=1" }

function times() {
    if (q1 < 1 && q3 > 1 && q3 / q1 > 4) {
        return "an unclear " digits(q1) " to " digits(q3) " times (" ADVICE ")"
    }
    if (q1 < 1 && q3 > 1) {
        return digits(q1) " to " digits(q3) " times (no clear winner)"
    }
    return "about " digits(q2) " times (" digits(q1) " to " digits(q3) ")"
}

# Where a curve over n falls below 1. That is the place with the least of the
# curve on the wrong side, by logarithms, so that one odd size does not move it.
# Interpolated between two sizes; 0: it is below everywhere, -1: nowhere.
function crossing(curve, count,    i, at, wrong, least) {
    at = count
    for (i = count; i >= 1; i--) {
        wrong += log(curve[i])
        if (wrong < least) {
            at = i - 1
            least = wrong
        }
    }
    if (at == 0 || at == count) {
        return at == 0 ? 0 : -1
    }
    return exp(log(at_n[at]) + log(at_n[at + 1] / at_n[at]) * \
               log(curve[at]) / log(curve[at] / curve[at + 1]))
}

function beats(a, b,    i, n, count, from, low, high) {
    for (i = 1; i <= sizes[a]; i++) {
        n = size[a, i]
        if (compare(a, n, b, n)) {
            at_n[++count] = n
            early[count] = q1
            middle[count] = q2
            late[count] = q3
        }
    }
    from = crossing(middle, count)
    low = crossing(early, count)
    high = crossing(late, count)
    even[++evens] = from
    if (low == 0 && high == -1) {
        return "unclear: " ADVICE
    }
    if (from == 0) {
        return "at every n from " amount(at_n[1]) " on"
    }
    if (from == -1) {
        return "at no n up to " amount(at_n[count]) \
            (low > 0 ? ", perhaps from " amount(low) " on" : "")
    }
    return (high == -1 ? "perhaps " : "") "from about " amount(from) " on (" \
        (low == 0 ? "below " amount(at_n[1]) : amount(low)) " to " \
        (high == -1 ? "above " amount(at_n[count]) : amount(high)) ")"
}

# ---- holes ------------------------------------------------------------------

BEGIN { ABSENT = "\001" }

# Splits "A @max" and sets `name` and `where`; without @, the largest n that it
# shares with `other`. Returns whether there is such a row.
function find(reference, other,    p, spec, i, n, least) {
    p = index(reference, " @")
    name = p ? substr(reference, 1, p - 1) : reference
    spec = p ? substr(reference, p + 2) : "max"
    where = spec == "default" ? fact["default of " name] : spec
    if (spec == "min") {
        where = size[name, 1]
    }
    for (i = sizes[name]; i >= 1; i--) {
        n = size[name, i]
        if (spec == "max" && (p || other == "" || (other, n) in rounds)) {
            where = n
            break
        }
        if (spec == "best" && (least == 0 || median(name, n) < least) || \
            spec == "enough" && (least == 0 || median(name, n) < 1.05 * least)) {
            where = n
        }
        least = least == 0 || median(name, n) < least ? median(name, n) : least
    }
    return (name, where) in rounds
}

function fill(hole,    p, a, b, n) {
    if (hole ~ /^n /) {
        return find(substr(hole, 3)) ? amount(where) : ABSENT
    }
    if (hole ~ /^time /) {
        if (!find(substr(hole, 6))) {
            return ABSENT
        }
        compare(name, where, "", 0)
        return duration(q2) " (" duration(q1) " to " duration(q3) ")"
    }
    if (p = index(hole, " beats ")) {
        a = substr(hole, 1, p - 1)
        b = substr(hole, p + 7)
        return a in sizes && b in sizes ? beats(a, b) : ABSENT
    }
    p = index(hole, " / ")
    a = substr(hole, 1, p - 1)
    b = substr(hole, p + 3)
    if (!find(b, a)) {
        return ABSENT
    }
    b = name
    p = where
    if (!find(a, b) || !compare(name, where, b, p)) {
        return ABSENT
    }
    return times()
}

# What stands before a ": " belongs to all parts, also if the first is absent.
function sentence_of(template,    parts, count, i, part, head, result) {
    if (match(template, /^[^{:]*: /)) {
        head = substr(template, 1, RLENGTH)
        template = substr(template, RLENGTH + 1)
    }
    count = split(template, parts, /; */)
    for (i = 1; i <= count; i++) {
        part = parts[i]
        while (match(part, /\{[^}]*\}/)) {
            part = substr(part, 1, RSTART - 1) \
                fill(substr(part, RSTART + 1, RLENGTH - 2)) \
                substr(part, RSTART + RLENGTH)
        }
        if (index(part, ABSENT) == 0) {
            result = result (result == "" ? "" : "; ") part
        }
    }
    result = result == "" ? "" : head result
    return toupper(substr(result, 1, 1)) substr(result, 2)
}

# ---- writing ----------------------------------------------------------------

function put(key, value) {
    if (value != "") {
        print "# " key ": " value > out
    }
}

function also(left, right) {
    return left (left != "" && right != "" ? "; " : "") right
}

function put_sentences(question,    i, sentence) {
    for (i = 1; i <= texts[question]; i++) {
        sentence = sentence_of(text[question, i])
        sentence = i == 1 && sentence == "" ? fact["asks"] : sentence
        put(i == 1 ? "title" : i == 2 ? "subtitle" : "more", sentence)
    }
    for (i = 1; i <= evens; i++) {
        put("even_" i, even[i] > 0 ? even[i] : "")
    }
}

# What the foot of the picture says, and what its script asks for.
function put_facts(    key) {
    put("note", also(also(fact["remark"], fact["left_out"]), \
        fact["others"] > 0.05 ? "other programs used " fact["others"] \
        " CPUs meanwhile" : ""))
    put("where", fact["machine"] ", " fact["usable_cpus"] " usable CPUs" \
        (fact["pinned"] + 0 ? " (pinned to " fact["pinned"] ")" : "") ", " \
        fact["kernel"] ", " fact["compiler"] " " fact["flags"] ", " \
        fact["c_library"] (fact["python"] ? ", " fact["python"] : ""))
    put("how", fact["effort"] ", up to " last " rounds, median and quartiles" \
        (aa_most ? sprintf("; A/A %.2f to %.2f", aa_least, aa_most) : "") \
        "; commit " fact["commit"] ", " fact["date"])
    put("cpus", fact["usable_cpus"])
    for (key in fact) {
        if (key ~ /^default of /) {
            put(key, fact[key])
        }
    }
}

function put_table(    i, j, n) {
    print "mode\tn\trounds\tq1\tmedian\tq3" > out
    for (i = 1; i <= modes; i++) {
        for (j = 1; j <= sizes[mode[i]]; j++) {
            n = size[mode[i], j]
            median(mode[i], n)
            printf "%s\t%s\t%d\t%.1f\t%.1f\t%.1f\n", mode[i], n, \
                rounds[mode[i], n], q1, q2, q3 > out
        }
    }
}

END {
    if (refused) {
        exit 1
    }
    if (samples == 0 || fact["samples"] != samples || !("others" in fact)) {
        refuse("the file is cut short")
    }
    if (texts[fact["question"]] == 0) {
        refuse("sentences.txt has nothing on '" fact["question"] "'")
    }
    put_sentences(fact["question"])
    put_facts()
    put_table()
}
