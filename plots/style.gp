# style.gp - one look for every picture. plots/draw.sh calls a picture with
#
#     gnuplot -e "data='sum.summary.tsv'; fmt='svg'; theme='dark'; out='x.svg'" plots/sum.gp
#
# fmt is svg, png or text; theme is light or dark. The picture's script loads
# this file first, and reads nothing but `data`.

if (!exists("theme")) theme = 'light'
if (!exists("fmt")) fmt = 'svg'
if (!exists("W")) W = 820
if (!exists("H")) H = 520
dark = (theme eq 'dark')
text = (fmt eq 'text')

BG   = dark ? '#16181d' : '#ffffff'
FG   = dark ? '#d7dae0' : '#2b2f36'
MUTE = dark ? '#9aa1ad' : '#5f6672'
GRID = dark ? '#2c3038' : '#e6e8ec'
# Okabe and Ito's colours, which colour-blind readers can tell apart; a little
# lighter on dark pages.
C_ONE     = dark ? '#f0a35e' : '#d55e00'
C_MANY    = dark ? '#5db8f0' : '#0072b2'
C_PY_ONE  = dark ? '#e39ac6' : '#b8578f'
C_PY_MANY = dark ? '#4fd0a5' : '#009e73'

FONT = 'DejaVu Sans'
if (fmt eq 'svg') set terminal svg size W,H dynamic enhanced font FONT.',13' background rgb BG
if (fmt eq 'png') set terminal pngcairo size 2*W,2*H fontscale 2.0 linewidth 2 pointscale 2 enhanced font FONT.',10' background rgb BG
if (text) set terminal dumb size 92,28 mono noenhanced
if (exists("out")) set output out
set encoding utf8
set datafile separator tab
set datafile missing NaN
set border 3 lw 1 lc rgb MUTE
set tics nomirror scale 0.6 textcolor rgb FG
set xlabel textcolor rgb MUTE
set ylabel textcolor rgb MUTE
if (!text) set grid x y lt 1 lw 0.8 lc rgb GRID

# A caption of the data file: the value of its line "# key: value", or "". An
# underscore in it is an underscore, and does not lower the letter behind it.
PLAIN = text ? '' : "; s/[_^@&~{}\\]/\\\\&/g"
FACT(key) = system(sprintf("sed -n '/^# %s: / { s///%s; p; }' '%s'", key, PLAIN, data))

# A verdict without what it says in parentheses: the foot of the page has it.
VERDICT(key) = (v = FACT(key), p = strstrt(v, ' ('), p > 0 ? v[1:p-1] : v)

# What a question remarks on its run, which sizes it left out, and what disturbed
# it: mostly nothing.
AND(left, right) = left.(left ne '' && right ne '' ? '; ' : '').right
FOOT3 = AND(AND(FACT('remark'), FACT('left_out')), FACT('disturbed'))

# The title says what the reader should see, and stands flush left, in the page
# and not over the axes. Below it, in a quiet colour, a second sentence; at the
# foot of the page, where and how it was measured. Heights are in pixels.
BELOW_TOP(pixels) = 1 - real(pixels) / H
ABOVE_FOOT(pixels) = real(pixels) / H
FACE(size) = sprintf('%s,%g', FONT, fmt eq 'svg' ? size * 1.3 : size)
F_TITLE = FACE(13)
F_SECOND = FACE(10)
F_KEY = FACE(9)
F_FOOT = FACE(8)
if (!text) {
    set lmargin 10; set rmargin 4
    set tmargin at screen BELOW_TOP(110); set bmargin at screen ABOVE_FOOT(108)
    set label 91 '{/:Bold '.VERDICT('verdict_1').'}' at screen 0.02, screen BELOW_TOP(24) left front font F_TITLE textcolor rgb FG
    set label 92 VERDICT('verdict_2') at screen 0.02, screen BELOW_TOP(50) left front font F_SECOND textcolor rgb MUTE
    set label 93 FACT('where') at screen 0.02, screen ABOVE_FOOT(30) left front font F_FOOT textcolor rgb MUTE
    set label 95 FOOT3 at screen 0.02, screen ABOVE_FOOT(48) left front font F_FOOT textcolor rgb MUTE
    set label 94 FACT('how') at screen 0.02, screen ABOVE_FOOT(12) left front font F_FOOT textcolor rgb MUTE
    set key at screen 0.02, screen BELOW_TOP(80) left center horizontal Left reverse textcolor rgb FG samplen 1.6 font F_KEY
} else {
    set key top left Left reverse
}
