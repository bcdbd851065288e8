# timeline.gp - when each process worked, slept and waited. views/program.py says
# how it is called, and views/timeline.py what the data are.

NUMBER(key) = real(system(sprintf("sed -n 's/^# %s: //p' '%s'", key, data)))
ONLY(kind) = sprintf("< awk -F '\t' '$1 == \"%s\"' '%s'", kind, data)
rows = NUMBER('rows')
H = 200 + 24 * rows
load 'plots/style.gp'

set lmargin at screen 0.20; set rmargin at screen 0.97; set tmargin at screen BELOW_TOP(106)
set xlabel 'seconds from the start (under strace, which makes system calls slower)'
set xrange [0:NUMBER('seconds') * 1.2]
set yrange [rows - 0.4:-0.7]; unset ytics; unset key; set border 1
set grid x noy lt 1 lw 0.8 lc rgb GRID

STATES = "'working (or ready to)' sleeping stopped waiting ". \
         "'waiting for a process' 'zombie (not yet waited for)'"
array COLOUR[6] = [BLUE, GREEN, PINK, dark ? '#4a505c' : '#c6cbd3', MUTE, ORANGE]
RGB(colour) = ('0x'.colour[2:7]) + 0

# In the place of gnuplot's own key, which would have other rows in an SVG than in a PNG.
half = 6.0 / H
do for [i=1:6] {
    x = 0.02 + 0.26 * ((i - 1) % 3); y = BELOW_TOP(54 + 20 * ((i - 1) / 3))
    set object i rectangle fs solid noborder fc rgb COLOUR[i] \
        from screen x, screen y - half to screen x + 0.022, screen y + half
    set label i word(STATES, i) at screen x + 0.03, screen y font F_KEY textcolor rgb FG
}

plot ONLY('box') using 2:4:2:3:4:5:(RGB(COLOUR[$6 + 1])) \
         with boxxyerror fs solid noborder lc rgb variable, \
     ONLY('row') using 2:4:(0):($3 - $4) \
         with vectors head filled size screen 0.006, 20 lw 1 lc rgb FG, \
     ONLY('row') using (0):3:5 \
         with labels right offset -0.8, 0 noenhanced textcolor rgb FG font F_KEY, \
     ONLY('row') using 6:3:7:(RGB(strcol(7)[1:6] eq 'killed' ? ORANGE : MUTE)) \
         with labels left offset 0.8, 0 textcolor rgb variable font F_KEY, \
     ONLY('head') using (0):2:3 with labels left noenhanced textcolor rgb FG font FACE('', 10, 99)
