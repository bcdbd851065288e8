# start.gp - what one start and join costs: a dot and a bar for each mode.

H = 340
load 'plots/style.gp'

# The fastest first. The line number is the place, the mode is its name,
# nanoseconds become µs.
ROWS = sprintf("< grep -v '^#' '%s' | tail -n +2 | sort -t \"$(printf '\\t')\" -k 5,5n", data)
stats ROWS using ($6/1e3) nooutput

set xlabel 'time for one process, from start to joined, in µs'
set xrange [0:STATS_max * 1.15]
set yrange [STATS_records - 0.4:-0.6]
set ytics scale 0 noenhanced
unset grid; if (!text) set grid x lt 1 lw 0.8 lc rgb GRID
unset key
if (!text) { set lmargin 25; set tmargin at screen BELOW_TOP(75) }

if (text) {
    plot ROWS using ($5/1e3):0:ytic(1) with points pt 'o', \
         ROWS using ($5/1e3):0:(sprintf("%.0f µs", $5/1e3)) with labels left offset 2, 0
} else {
    plot ROWS using ($5/1e3):0:($4/1e3):($6/1e3):ytic(1) with xerrorbars pt 7 ps 1 lw 2 lc rgb C_MANY, \
         ROWS using ($6/1e3):0:(sprintf("%.0f µs", $5/1e3)) with labels left offset 1.5, 0 textcolor rgb FG
}
