# trace.gp - chunks of a pool's job; or rows of processes and the times at which
# they have what others wait for. views/trace.py says what the data are.

ONLY(kind) = sprintf("< grep '^%s\t' '%s'", kind, data)
COUNT(what) = int(system(sprintf("grep -c '^%s' '%s'; true", what, data)))
ROW(i) = system(sprintf("sed -n 's/^row\t%d\t//p' '%s'", i, data))
rows = COUNT('row')
levels = COUNT('level')
board = COUNT('# kind: board')
lost = COUNT("box.*\tnot done$")
H = board ? 620 : 240 + 34 * rows + (levels > 0 ? 150 : 0)
load 'plots/style.gp'

# Six objects, workers or threads; then who waits, and what was lost.
array DARK[8] = [0x5db8f0, 0xf0a35e, 0x4fd0a5, 0xe39ac6, 0xe8d26a, 0xa3a0f0, 0x4a505a, 0xff5c5c]
array LIGHT[8] = [0x0072b2, 0xd55e00, 0x009e73, 0xb8578f, 0xc9a400, 0x6a5acd, 0xc4c8cf, 0xd00000]
SHADE(i) = dark ? DARK[i + 1] : LIGHT[i + 1]
unset grid
set style fill solid 1.0 border  # so that what took no time is a line

if (board) {
    set xlabel 'items'; set ylabel 'milliseconds'
    set yrange [*:*] reverse
    set key maxrows 2
    plot ONLY('box') using 2:($4*1e3):2:3:($4*1e3):($5*1e3):(SHADE($6)) with boxxyerror lc rgb variable notitle, \
         for [i=0:(rows < 6 ? rows : 6) - 1] NaN with boxes lc rgb SHADE(i) title ROW(i), \
         for [i=1:lost > 0] NaN with boxes lc rgb SHADE(7) title 'not done'
    exit
}
set style fill noborder
set multiplot
set lmargin 24
if (levels > 0) { set bmargin at screen ABOVE_FOOT(240) }
set xrange [0:*]; set xlabel 'milliseconds'
set yrange [rows - 0.4:-0.6]; set ytics () scale 0 noenhanced
do for [i=0:rows - 1] { set ytics add (ROW(i) i) }
set grid x lt 1 lw 0.8 lc rgb GRID
plot ONLY('box') using ($2*1e3):4:($2*1e3):($3*1e3):4:5:(SHADE($6)) with boxxyerror lc rgb variable notitle
if (levels > 0) {
    set xrange [0:GPVAL_X_MAX]; set yrange [0:*]; set ylabel 'level'
    unset label; unset ytics; set ytics nomirror 1 scale 0.6 textcolor rgb FG
    set tmargin at screen ABOVE_FOOT(175); set bmargin at screen ABOVE_FOOT(65)
    plot ONLY('level') using ($2*1e3):3 with steps lw 2 lc rgb BLUE notitle
}
unset multiplot
