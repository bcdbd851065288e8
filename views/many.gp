# many.gp - on the left how often which order of lines came, or how often which
# number; on the right how long the runs took. views/many.py writes the data.

ROWS(kind) = sprintf("< grep '^%s\t' '%s'", kind, data)
COUNT(kind) = int(system(sprintf("grep -c '^%s\t' '%s'; true", kind, data)))
CELL(kind, i, n) = system(sprintf("grep '^%s\t' '%s' | sed -n %dp | cut -f %d", kind, data, i, n))
orders = COUNT('order')
lines = COUNT('line')
foot = 18 * lines + 20
H = 240 + (orders > 7 ? 26 * orders : 200) + foot
load 'plots/style.gp'

HISTOGRAM = "set xrange [*:*]; set yrange [*:*]; stats ROWS(kind) using 2 nooutput; bin = STATS_max > STATS_min ? (STATS_max - STATS_min) / 24.0 : 1; \
    set boxwidth bin; set xrange [STATS_min - bin:STATS_max + bin]; set yrange [0:*]; set ylabel 'runs'; \
    plot ROWS(kind) using (STATS_min + bin * (floor(($2 - STATS_min) / bin) + 0.5)):(1) smooth frequency with boxes lc rgb colour"

set multiplot
unset key
set xtics font F_KEY
set style fill solid 1.0 noborder
set tmargin at screen BELOW_TOP(60); set bmargin at screen ABOVE_FOOT(foot + 55)
do for [i=1:lines] {
    set label i CELL('line', i, 2).'   '.CELL('line', i, 3) at screen 0.05, screen ABOVE_FOOT(foot - 18 * i) left noenhanced textcolor rgb FG font F_KEY
}
set lmargin at screen 0.2; set rmargin at screen 0.58
if (COUNT('number') > 0) {
    kind = 'number'; colour = BLUE
    set xlabel 'the last number'
    @HISTOGRAM
} else {
    set xlabel 'runs'
    set xrange [0:*]
    set yrange [orders - 0.4:-0.6]
    set ytics () scale 0 noenhanced
    do for [i=1:orders] { set ytics add (CELL('order', i, 2) i - 1) }
    plot ROWS('order') using 3:0:(0):3:($0 - 0.36):($0 + 0.36) with boxxyerror lc rgb BLUE
}
unset label; unset ytics
set ytics nomirror scale 0.6 textcolor rgb FG
set lmargin at screen 0.67; set rmargin at screen 0.97
set xlabel 'milliseconds'
kind = 'time'; colour = ORANGE
@HISTOGRAM
unset multiplot
