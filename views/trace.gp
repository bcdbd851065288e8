# trace.gp - chunks of a pool's job; or rows of processes and the times at which
# they have what others wait for. views/program.py says how it is called, and
# views/trace.py what the data are.

rows = int(system(sprintf("grep -c '^row' '%s'", data)))
levels = int(system(sprintf("grep -c '^level' '%s'; true", data)))
board = system(sprintf("sed -n 's/^# kind: //p' '%s'", data)) eq 'board'
H = board ? 620 : 240 + 34 * rows + (levels > 0 ? 150 : 0)
load 'plots/style.gp'

ONLY(kind) = sprintf("< awk -F '\t' '$1 == \"%s\"' '%s'", kind, data)
ROW(i) = system(sprintf("awk -F '\t' '$1 == \"row\" && $2 == %d { print $3 }' '%s'", i, data))
# Six objects, workers or CPUs; then who waits, and what was lost.
array SHADES[8]
SHADES[1] = dark ? 0x5db8f0 : 0x0072b2
SHADES[2] = dark ? 0xf0a35e : 0xd55e00
SHADES[3] = dark ? 0x4fd0a5 : 0x009e73
SHADES[4] = dark ? 0xe39ac6 : 0xb8578f
SHADES[5] = dark ? 0xe8d26a : 0xc9a400
SHADES[6] = dark ? 0xa3a0f0 : 0x6a5acd
SHADES[7] = dark ? 0x4a505a : 0xc4c8cf
SHADES[8] = dark ? 0xff5c5c : 0xd00000
unset grid

if (board) {
    set style fill solid 1.0 border rgb BG
    set xlabel 'items'
    set ylabel 'milliseconds'
    set yrange [*:*] reverse
    set key maxrows 2
    plot ONLY('box') using ($2):($4*1e3):2:3:($4*1e3):($5*1e3):(SHADES[$6+1]) with boxxyerror lc rgb variable notitle, \
         for [i=0:(rows < 6 ? rows : 6)-1] NaN with boxes lc rgb SHADES[i+1] title ROW(i), \
         NaN with boxes lc rgb SHADES[8] title 'not done'
} else {
    set style fill solid 1.0 noborder
    if (levels > 0) { set multiplot }
    set lmargin 24
    if (levels > 0) { set bmargin at screen ABOVE_FOOT(230) }
    set xrange [0:*]
    set yrange [rows - 0.4:-0.6]
    set ytics () scale 0 noenhanced
    do for [i=0:rows-1] { set ytics add (ROW(i) i) }
    set grid x lt 1 lw 0.8 lc rgb GRID
    if (levels == 0) { set xlabel 'milliseconds' }
    plot ONLY('box') using ($2*1e3):($4):($2*1e3):($3*1e3):4:5:(SHADES[$6+1]) with boxxyerror lc rgb variable notitle
    if (levels > 0) {
        right = GPVAL_X_MAX
        unset label; unset ytics; set ytics nomirror scale 0.6 textcolor rgb FG
        set tmargin at screen ABOVE_FOOT(210); set bmargin at screen ABOVE_FOOT(80)
        set xrange [0:right]; set yrange [0:*]
        set xlabel 'milliseconds'; set ylabel 'level'
        plot ONLY('level') using ($2*1e3):3 with steps lw 2 lc rgb BLUE notitle
        unset multiplot
    }
}
