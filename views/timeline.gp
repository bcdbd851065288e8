# timeline.gp - when each process worked, slept and waited. views/timeline.py
# calls it as plots/draw.sh calls a picture, and has computed where each box is.
# It says how many rows there are, and for how many seconds.

H = 200 + 24 * rows
load 'plots/style.gp'

set lmargin at screen 0.20; set rmargin at screen 0.97
set xlabel 'seconds from the start (under strace, which makes system calls slower)'
set xrange [0:seconds * 1.2]
set yrange [rows - 0.4:-0.7]; unset ytics; set border 1
set grid x noy lt 1 lw 0.8 lc rgb GRID

STATES = 'working sleeping waiting process stopped zombie'
array COLOUR[6] = [BLUE, GREEN, dark ? '#4a505c' : '#c6cbd3', MUTE, PINK, ORANGE]
array MEANING[6] = ['working', 'sleeping', 'waiting', 'waiting for a process', 'stopped', 'zombie (ended, not yet waited for)']

set tmargin at screen BELOW_TOP(106)

# gnuplot's own key would come out in other rows in an SVG than in a PNG.
unset key
do for [i=1:6] {
    x = 0.02 + 0.26 * ((i - 1) % 3); y = BELOW_TOP(54 + 20 * ((i - 1) / 3))
    set object i rectangle from screen x, screen y - 6.0 / H to screen x + 0.022, screen y + 6.0 / H fs solid noborder fc rgb COLOUR[i]
    set label i MEANING[i] at screen x + 0.03, screen y left font F_KEY textcolor rgb FG
}
set label 96 'A thin line goes from a process to the one that it starts, a dashed one to the one that it kills.' at screen 0.02, screen ABOVE_FOOT(30) left font FACE('', 8, 135) textcolor rgb MUTE
set label 97 'Working: on a CPU, or ready for one. Right of a bar: how the process ended.' at screen 0.02, screen ABOVE_FOOT(12) left font FACE('', 8, 135) textcolor rgb MUTE

plot for [i=1:6] data index word(STATES, i) using 1:3:1:2:3:4 with boxxyerror fs solid noborder lc rgb COLOUR[i], \
     data index 'start' using 1:2:3:4 with vectors head filled size screen 0.006, 20 lw 1 lc rgb FG, \
     data index 'signal' using 1:2:3:4 with vectors head filled size screen 0.006, 20 lw 1.6 dt 2 lc rgb ORANGE, \
     data index 'row' using 1:2:3 with labels right offset -0.8, 0 noenhanced textcolor rgb FG font F_KEY, \
     data index 'head' using 1:2:3 with labels left noenhanced textcolor rgb FG font FACE('', 10, 99), \
     data index 'killed' using 1:2:(sprintf('× %s', strcol(3))) with labels left offset 0.8, 0 textcolor rgb ORANGE font F_KEY, \
     data index 'ended' using 1:2:3 with labels left offset 0.8, 0 textcolor rgb MUTE font F_KEY
