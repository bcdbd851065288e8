# style.gp - one look for every picture. plots/draw.sh calls a picture with
#
#     gnuplot -e "data='sum.summary.tsv'; fmt='svg'; theme='dark'; out='x.svg'" plots/sum.gp
#
# fmt is svg, png or text; theme is light or dark. The picture's script sets H,
# its height, and then loads this file. It reads nothing but `data`.

if (!exists("theme")) theme = 'light'
if (!exists("H")) H = 500
W = 820
dark = (theme eq 'dark')
text = (fmt eq 'text')

BG   = dark ? '#16181d' : '#ffffff'
FG   = dark ? '#d7dae0' : '#2b2f36'
MUTE = dark ? '#9aa1ad' : '#5f6672'
GRID = dark ? '#2c3038' : '#e6e8ec'
SHADE = dark ? '#23272f' : '#f1f2f5'
# Okabe and Ito's colours, which colour-blind readers can tell apart; a little
# lighter on dark pages.
ORANGE = dark ? '#f0a35e' : '#d55e00'
BLUE   = dark ? '#5db8f0' : '#0072b2'
GREEN  = dark ? '#4fd0a5' : '#009e73'
PINK   = dark ? '#e39ac6' : '#b8578f'

FONT = 'DejaVu Sans'
if (fmt eq 'svg') set terminal svg size W,H dynamic enhanced font FONT.',13' background rgb BG
if (fmt eq 'png') set terminal pngcairo size 2*W,2*H fontscale 2.0 linewidth 2 pointscale 2 enhanced font FONT.',10' background rgb BG
if (text) set terminal dumb size 92,28 mono noenhanced
if (exists("out")) set output out
set encoding utf8
set datafile separator tab
set border 3 lw 1 lc rgb MUTE
set tics nomirror scale 0.6 textcolor rgb FG
set xlabel textcolor rgb MUTE
set ylabel textcolor rgb MUTE
if (!text) set grid x y lt 1 lw 0.8 lc rgb GRID

# The value of the line "# key: value" of the data, or "". What gnuplot would
# take for markup is escaped.
PLAIN = text ? '' : "; s/[_^@&~{}\\]/\\\\&/g"
FACT(key) = system(sprintf("sed -n '/^# %s: / { s///%s; p; }' '%s'", key, PLAIN, data))

# The title says what the reader should see. It stands flush left on the page,
# and below it, in a quiet colour, the second sentence; at the foot, where and
# how it was measured. Heights are in pixels. What is long is written smaller.
BELOW_TOP(pixels) = 1 - real(pixels) / H
ABOVE_FOOT(pixels) = real(pixels) / H
FACE(s, size, most) = sprintf('%s,%g', FONT, (fmt eq 'svg' ? 1.3 : 1) * (strlen(s) > most ? size * most / strlen(s) : size))
F_KEY = FACE('', 9, 1)
if (!text) {
    set lmargin 10; set rmargin 4
    set tmargin at screen BELOW_TOP(110); set bmargin at screen ABOVE_FOOT(116)
    s = FACT('title')
    set label 91 '{/:Bold '.s.'}' at screen 0.02, screen BELOW_TOP(24) left front font FACE(s, 13, 78) textcolor rgb FG
    s = FACT('subtitle')
    set label 92 s at screen 0.02, screen BELOW_TOP(50) left front font FACE(s, 10, 118) textcolor rgb MUTE
    do for [i=1:3] {
        s = FACT(word('how where note', i))
        set label 92 + i s at screen 0.02, screen ABOVE_FOOT(18 * i - 6) left front font FACE(s, 8, 135) textcolor rgb MUTE
    }
    # Of more than two rows it needs the room of LONG_KEY.
    set key at screen 0.02, screen BELOW_TOP(82) left center horizontal Left reverse textcolor rgb FG samplen 1.6 width 1 font F_KEY
    LONG_KEY = "set key vertical maxrows 3 at screen 0.02, screen BELOW_TOP(92); set tmargin at screen BELOW_TOP(128)"
} else {
    LONG_KEY = ''
    set key top left Left reverse
}

# Nanoseconds as a person writes them, and tics for an axis of them.
TIME(ns) = ns < 999.5 ? sprintf('%.0f ns', ns) : ns < 9.95e3 ? sprintf('%.1f µs', ns/1e3) : ns < 999.5e3 ? sprintf('%.0f µs', ns/1e3) : ns < 9.95e6 ? sprintf('%.1f ms', ns/1e6) : sprintf('%.0f ms', ns/1e6)
TIME_TICS = "('1 ns' 1, '10 ns' 10, '100 ns' 1e2, '1 µs' 1e3, '10 µs' 1e4, '100 µs' 1e5, '1 ms' 1e6, '10 ms' 1e7, '100 ms' 1e8, '1 s' 1e9, '10 s' 1e10, '100 s' 1e11)"

# The rows of one mode, and whether there are any. Columns: mode, n, rounds,
# lower quartile, median, upper quartile.
MODE(name) = sprintf("< awk -F '\t' '$1 == \"%s\"' '%s'", name, data)
HAS(name) = system(MODE(name)[3:].' | wc -l') > 0
