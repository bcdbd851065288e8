# apply.gp - what one task of a pool costs, there and back: a dot and a bar for
# each mode. The axis is logarithmic, since a futex and an interpreter are far
# apart.

H = 560
load 'plots/style.gp'

# The fastest first, each with its place: place, mode, n, runs, quartiles.
TAB = '"$(printf "\t")"'
SORTED = sprintf("grep -v '^#' '%s' | tail -n +2 | sort -t %s -k 5,5n | awk '{ print NR - 1 %s $0 }'", data, TAB, '"\t"')
ROWS(of) = sprintf("< %s | grep -E '^[0-9]+\t%s'", SORTED, of)
array GROUP[3] = ['(futex|pipe)', 'mp', 'Python']
array TITLE[3] = ['by hand', 'this library', 'Python']
array COLOUR[3] = [C_ONE, C_MANY, C_PY_ONE]
groups = system(sprintf("grep -c '^Python' '%s'", data)) + 0 > 0 ? 3 : 2
TIME(ns) = ns < 999.5e3 ? sprintf(ns < 9.95e3 ? '%.1f µs' : '%.0f µs', ns/1e3) : ns < 9.995e6 ? sprintf('%.1f ms', ns/1e6) : sprintf('%.0f ms', ns/1e6)

stats ROWS('') using 5 name 'LOW' nooutput
stats ROWS('') using 7 name 'HIGH' nooutput

set xlabel 'time for one task, until its result is there'
set logscale x
set xtics ('1 µs' 1e3, '10 µs' 1e4, '100 µs' 1e5, '1 ms' 1e6, '10 ms' 1e7, '100 ms' 1e8, '1 s' 1e9)
set xrange [LOW_min / 1.5:HIGH_max * 3]
set yrange [HIGH_records - 0.4:-0.6]
set ytics scale 0 noenhanced
unset grid; if (!text) set grid x lt 1 lw 0.8 lc rgb GRID
if (!text) { set lmargin 33; set bmargin at screen ABOVE_FOOT(120); set tmargin at screen BELOW_TOP(75); set key at graph 1, graph 0.97 right top vertical Right noreverse }

# The most that ours may take, by bench/README.md: so many times what another
# mode takes.
MEDIAN(mode) = real(system(sprintf("grep '^%s\t' '%s' | cut -f 5", mode, data)))
PLACE(mode) = real(system(sprintf("%s | grep '\t%s\t' | cut -f 1", SORTED, mode)))
BAR(factor, of, mode) = sprintf("< echo '%g\t%g'", factor * MEDIAN(of), PLACE(mode))
MEASURED(mode) = system(sprintf("grep -c '^%s\t' '%s'", mode, data)) + 0 > 0
array OURS[6] = ['mp apply', 'mp apply, 64 workers', 'mp apply', 'mp apply, two CPUs', 'mp apply, 64 workers, two CPUs', 'mp apply, two CPUs']
array OF[6] = ['futex ping-pong', 'mp apply', 'Python apply', 'futex ping-pong, two CPUs', 'mp apply, two CPUs', 'Python apply, two CPUs']
array FACTOR[6] = [1.5, 1.5, 0.1, 1.5, 1.5, 0.1]
bars = ''
do for [i=1:6] { if (MEASURED(OURS[i]) && MEASURED(OF[i])) { bars = bars.sprintf(' %d', i) } }
# A loop over nothing is evaluated once.
BARRED(i) = i <= words(bars) ? int(word(bars, i)) : 1
GREATER(a, b) = a > b ? a : b
MOST(mode) = (most = 0, sum [i=1:words(bars)] (j = BARRED(i), OURS[j] eq mode ? most = GREATER(most, FACTOR[j] * MEDIAN(OF[j])) : 0), most)
# The number stands to the right of all that.
END(mode, q3) = GREATER(MOST(mode), q3)

if (text) {
    unset key
    plot ROWS('') using 6:1:ytic(2) with points pt 'o', \
         ROWS('') using 6:1:(TIME($6)) with labels left offset 2, 0
} else {
    plot ROWS('') using 6:1:ytic(2) with points pt 7 ps 0 lc rgb BG notitle, \
         for [i=1:groups] ROWS(GROUP[i]) using 6:1:5:7 with xerrorbars pt 7 ps 1 lw 2 lc rgb COLOUR[i] title TITLE[i], \
         for [i=1:words(bars)] BAR(FACTOR[BARRED(i)], OF[BARRED(i)], OURS[BARRED(i)]) using 1:2:(0):(0.35) with vectors nohead lw 2 lc rgb MUTE title (i == 1 ? 'the most it may take' : ''), \
         for [i=1:words(bars)] BAR(FACTOR[BARRED(i)], OF[BARRED(i)], OURS[BARRED(i)]) using 1:2:(0):(-0.35) with vectors nohead lw 2 lc rgb MUTE notitle, \
         ROWS('') using (END(strcol(2), $7)):1:(TIME($6)) with labels left offset 1.5, 0 textcolor rgb FG notitle
}
