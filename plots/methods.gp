# methods.gp - what one start and join costs by each start method: a dot and a
# bar for each mode. The axis is logarithmic, since a thread and an interpreter
# are far apart.

H = 500
load 'plots/style.gp'

# The fastest first, each with its place: place, mode, n, runs, quartiles.
TAB = '"$(printf "\t")"'
SORTED = sprintf("grep -v '^#' '%s' | tail -n +2 | sort -t %s -k 5,5n | awk '{ print NR - 1 %s $0 }'", data, TAB, '"\t"')
ROWS(of) = sprintf("< %s | grep -E '^[0-9]+\t%s'", SORTED, of)
array GROUP[3] = ['(fork|vfork|posix_spawn|pthread)', 'mp', 'Python']
array TITLE[3] = ['by hand', 'this library', 'Python']
array COLOUR[3] = [C_ONE, C_MANY, C_PY_ONE]
groups = system(sprintf("grep -c '^Python' '%s'", data)) + 0 > 0 ? 3 : 2
TIME(ns) = ns < 999.5e3 ? sprintf('%.0f µs', ns/1e3) : ns < 9.995e6 ? sprintf('%.1f ms', ns/1e6) : sprintf('%.0f ms', ns/1e6)

stats ROWS('') using 5 name 'LOW' nooutput
stats ROWS('') using 7 name 'HIGH' nooutput

set xlabel 'time for one, from start to joined'
set logscale x
set xtics ('1 µs' 1e3, '10 µs' 1e4, '100 µs' 1e5, '1 ms' 1e6, '10 ms' 1e7, '100 ms' 1e8, '1 s' 1e9)
set xrange [LOW_min / 1.5:HIGH_max * 3]
set yrange [HIGH_records - 0.4:-0.6]
set ytics scale 0 noenhanced
unset grid; if (!text) set grid x lt 1 lw 0.8 lc rgb GRID
if (!text) { set lmargin 26; set tmargin at screen BELOW_TOP(75); set key at graph 1, graph 0.97 right top vertical Right noreverse }

# The most that spawn and forkserver may take, by bench/README.md.
MEDIAN(mode) = real(system(sprintf("grep '^%s\t' '%s' | cut -f 5", mode, data)))
PLACE(mode) = real(system(sprintf("%s | grep '\t%s\t' | cut -f 1", SORTED, mode)))
most_spawn = 1.25 * MEDIAN('posix_spawn.waitpid')
most_server = 3 * MEDIAN('fork._exit.waitpid')
BAR_SPAWN = sprintf("< echo '%g\t%g'", most_spawn, PLACE('mp spawn'))
BAR_SERVER = sprintf("< echo '%g\t%g'", most_server, PLACE('mp forkserver'))
# The number stands to the right of all that.
MOST(mode) = mode eq 'mp spawn' ? most_spawn : mode eq 'mp forkserver' ? most_server : 0
END(mode, q3) = MOST(mode) > q3 ? MOST(mode) : q3

if (text) {
    unset key
    plot ROWS('') using 6:1:ytic(2) with points pt 'o', \
         ROWS('') using 6:1:(TIME($6)) with labels left offset 2, 0
} else {
    plot ROWS('') using 6:1:ytic(2) with points pt 7 ps 0 lc rgb BG notitle, \
         for [i=1:groups] ROWS(GROUP[i]) using 6:1:5:7 with xerrorbars pt 7 ps 1 lw 2 lc rgb COLOUR[i] title TITLE[i], \
         BAR_SPAWN using 1:2:(0):(0.35) with vectors nohead lw 2 lc rgb MUTE title 'the most it may take', \
         BAR_SPAWN using 1:2:(0):(-0.35) with vectors nohead lw 2 lc rgb MUTE notitle, \
         BAR_SERVER using 1:2:(0):(0.35) with vectors nohead lw 2 lc rgb MUTE notitle, \
         BAR_SERVER using 1:2:(0):(-0.35) with vectors nohead lw 2 lc rgb MUTE notitle, \
         ROWS('') using (END(strcol(2), $7)):1:(TIME($6)) with labels left offset 1.5, 0 textcolor rgb FG notitle
}
