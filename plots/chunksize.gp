# chunksize.gp - the time of a map against its chunksize, for a few kinds of
# tasks. A kind's time is divided by the one with its best chunksize: so all of
# them touch 1, and what lies above is wasted. Both axes are logarithmic. A ring
# marks the chunksize that Python would choose.

H = 540
load 'plots/style.gp'
# A long sentence is written smaller.
third = VERDICT('verdict_3')
set label 96 third at screen 0.02, screen BELOW_TOP(70) left front font (strlen(third) > 115 ? F_FOOT : F_SECOND) textcolor rgb MUTE
if (text) { unset label 96 } else { set label 91 font FACE(12) }

MODE(name) = sprintf("< grep '^%s\t' '%s'", name, data)
# One line of a mode: that with this n.
AT(name, n) = sprintf("< grep '^%s\t%s\t' '%s'", name, n, data)

kinds = 0
while (FACT(sprintf('kind_%d', kinds + 1)) ne '') { kinds = kinds + 1 }
array NAME[kinds]
array NEAREST[kinds]
array LEAST[kinds]
near = 0
do for [i=1:kinds] {
    NAME[i] = FACT(sprintf('kind_%d', i))
    NEAREST[i] = FACT(sprintf('nearest_%d', i))
    if (NEAREST[i] ne FACT(sprintf('default_%d', i))) { near = 1 }
    LEAST[i] = system(sprintf("grep '^%s\t%s\t' '%s' | cut -f 5", NAME[i], FACT(sprintf('best_%d', i)), data)) + 0
}
least = 1; most = 2
do for [i=1:kinds] {
    stats MODE(NAME[i]) using ($4/LEAST[i]) name 'LOW' nooutput
    stats MODE(NAME[i]) using ($6/LEAST[i]) name 'HIGH' nooutput
    least = LOW_min < least ? LOW_min : least
    most = HIGH_max > most ? HIGH_max : most
}
USUAL = near ? "near Python's default" : "Python's default"

set logscale xy
set xtics ('1' 1, '2' 2, '4' 4, '8' 8, '16' 16, '64' 64, '256' 256, '1024' 1024, '4096' 4096, '16 384' 16384, '65 536' 65536, '262 144' 262144)
set ytics ('0.5' 0.5, '1' 1, '1.5' 1.5, '2' 2, '3' 3, '5' 5, '10' 10, '20' 20, '50' 50, '100' 100, '200' 200, '500' 500)
set xlabel 'chunksize, items that a worker takes at once'
set ylabel 'time of a map / with the best chunksize'
largest = real(FACT('largest'))
set xrange [0.8:largest * 1.3]
set yrange [least / 1.15:most * 1.3]

set style line 1 lc rgb C_ONE     lw 1.8 pt 7 ps 0.8
set style line 2 lc rgb C_MANY    lw 1.8 pt 5 ps 0.8
set style line 3 lc rgb C_PY_MANY lw 1.8 pt 9 ps 0.9
set style line 4 lc rgb C_PY_ONE  lw 1.8 pt 11 ps 0.9 dt 4
set style line 5 lc rgb MUTE      lw 1.4 pt 13 ps 0.9 dt 3
set style line 6 lc rgb FG        lw 1.4 pt 6 ps 2.2

TITLE(name) = name eq 'Python' ? name : name.' tasks'

if (text) {
    set title 'time of a map / with the best chunksize'
    set key top right Left reverse
    plot for [i=1:kinds] MODE(NAME[i]) using 2:($5/LEAST[i]) with points pt word('s m l u p', i) title TITLE(NAME[i]), \
         for [i=1:kinds] AT(NAME[i], NEAREST[i]) using 2:($5/LEAST[i]) with points pt 'D' title (i == 1 ? USUAL : '')
    exit
}

set tmargin at screen BELOW_TOP(125); set bmargin at screen ABOVE_FOOT(112)
set key at screen 0.02, screen BELOW_TOP(98) left center horizontal Left reverse
plot for [i=1:kinds] MODE(NAME[i]) using 2:($5/LEAST[i]):($4/LEAST[i]):($6/LEAST[i]) with yerrorbars ls i dt 1 notitle, \
     for [i=1:kinds] MODE(NAME[i]) using 2:($5/LEAST[i]) with linespoints ls i title TITLE(NAME[i]), \
     for [i=1:kinds] AT(NAME[i], NEAREST[i]) using 2:($5/LEAST[i]) with points ls 6 title (i == 1 ? USUAL : '')
