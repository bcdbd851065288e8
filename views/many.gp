# many.gp - on the left how often which order of lines came, or how often which
# number; on the right how long the runs took. views/many.py writes the data.

ROWS(kind) = sprintf("< grep '^%s\t' '%s'", kind, data)
COUNT(kind) = int(system(sprintf("grep -c '^%s\t' '%s'; true", kind, data)))
LINE(i) = system(sprintf("grep '^line\t' '%s' | sed -n '%ds/line//p'", data, i))
orders = COUNT('order')
lines = COUNT('line')
foot = 18 * lines + 20
H = 240 + (orders > 7 ? 26 * orders : 200) + foot
load 'plots/style.gp'

set multiplot
unset key
set style fill solid 1.0 noborder
set tmargin at screen BELOW_TOP(60); set bmargin at screen ABOVE_FOOT(foot + 55)
do for [i=1:lines] {
    set label i LINE(i) at screen 0.04, screen ABOVE_FOOT(foot - 18 * i) noenhanced textcolor rgb FG font F_KEY
}
set lmargin at screen 0.65; set rmargin at screen 0.97
set xlabel 'milliseconds'; set ylabel 'runs'
set xtics font F_KEY
set xrange [0<*:*]; set yrange [0:*]
plot ROWS('time') using 2 bins=24 with boxes lc rgb ORANGE
unset label
set lmargin at screen 0.2; set rmargin at screen 0.57
if (COUNT('number') > 0) {
    set xlabel 'the last number'
    plot ROWS('number') using 2 bins=24 with boxes lc rgb BLUE
} else {
    set xlabel 'runs'; unset ylabel
    set xrange [0:*]; set yrange [orders - 0.4:-0.6]; set ytics scale 0 noenhanced
    plot ROWS('order') using 3:0:(0):3:($0 - 0.36):($0 + 0.36):ytic(2) with boxxyerror lc rgb BLUE
}
unset multiplot
