# memory.gp - the time of one start and join against the parent's memory, with
# small pages on the left and, where the machine has them, with huge pages on
# the right. Both axes are logarithmic: a straight line that rises by one decade
# in one decade is proportional to the memory, a flat one does not know of it.

H = 480
load 'plots/style.gp'

HAS(name) = system(sprintf("grep -c '^%s\t' '%s'", name, data)) + 0 > 0
MODE(name) = sprintf("< grep '^%s\t' '%s'", name, data)
HUGE = ', huge pages'
panels = HAS('mp fork'.HUGE) ? 2 : 1

set logscale xy
set xtics ('4 MiB' 4, '10 MiB' 10, '64' 64, '256' 256, '1 GiB' 1024, '4 GiB' 4096)
set ytics ('10 µs' 1e4, '100 µs' 1e5, '1 ms' 1e6, '10 ms' 1e7, '100 ms' 1e8, '1 s' 1e9)
largest = real(FACT('largest'))
smallest = system(sprintf("grep '^mp fork\t' '%s' | cut -f 2 | sort -n | head -n 1", data)) + 0
stats sprintf("< grep -v '^#' '%s' | tail -n +2", data) using 6 name 'HIGH' nooutput
stats sprintf("< grep -v '^#' '%s' | tail -n +2", data) using 4 name 'LOW' nooutput
set xrange [smallest / 1.6:largest * 1.6]
set yrange [LOW_min / 1.6:HIGH_max * 1.6]
set xlabel "the parent's resident memory"

set style line 1 lc rgb C_ONE     lw 1.8 pt 7 ps 0.8
set style line 2 lc rgb C_MANY    lw 1.8 pt 5 ps 0.8
set style line 3 lc rgb C_PY_MANY lw 1.8 pt 9 ps 0.9
set style line 4 lc rgb C_ONE     lw 1.2 pt 6 ps 0.8 dt 3
set style line 5 lc rgb C_MANY    lw 1.2 pt 4 ps 0.8 dt 3

array NAME[5] = ['mp fork', 'mp spawn', 'mp forkserver', 'fork+_exit+waitpid', 'posix_spawn+waitpid']
array TITLE[5] = ['fork', 'spawn', 'forkserver', 'fork, by hand', 'posix\_spawn']

if (text) {
    set key top left Left reverse
    NAME[4] = NAME[1].HUGE; TITLE[4] = 'fork, huge pages'
    plot for [i=1:2+panels] MODE(NAME[i]) using 2:5 with points pt word('f s v h', i) title TITLE[i]
    exit
}

# The curves rise to the right: at the left the key has room. So has a remark
# between the axis and the foot.
set tmargin at screen BELOW_TOP(75); set bmargin at screen ABOVE_FOOT(116)
set key at graph 0.02, graph 0.9 left top vertical Left reverse
# Title and foot belong to the page, and are written once, with the first panel.
set multiplot
do for [panel=1:panels] {
    set lmargin at screen (panel == 1 ? 0.09 : 0.56)
    set rmargin at screen (panel == 1 && panels == 2 ? 0.53 : 0.97)
    set label 1 (panel == 1 ? 'small pages' : 'huge pages') at graph 0.03, graph 0.95 left font F_SECOND textcolor rgb FG
    part = panel == 1 ? '' : HUGE
    if (panel == 2) { set ytics ('' 1e4, '' 1e5, '' 1e6, '' 1e7, '' 1e8, '' 1e9); unset label 91; unset label 92; unset label 93; unset label 94; unset label 95; unset key }
    plot for [i=1:5] MODE(NAME[i].part) using 2:5:4:6 with yerrorbars ls i dt 1 notitle, \
         for [i=1:5] MODE(NAME[i].part) using 2:5 with linespoints ls i title TITLE[i]
}
unset multiplot
