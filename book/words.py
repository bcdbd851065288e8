"""What the book says itself, beside the texts that it shows."""

# The chapters, and which other lessons one needs.
CHAPTERS = {
    'A process': range(1, 9), 'When more processes pay': range(9, 11),
    'Start methods': range(11, 12), 'Pools': range(12, 15),
    'Shared memory and locks': range(15, 20), 'Messages': range(20, 22),
    'Several machines': range(22, 23)}
NEEDS = {
    1: [], 2: [1], 3: [1], 4: [2, 3], 5: [3], 6: [4], 7: [6], 8: [6], 9: [3], 10: [4, 9],
    11: [4], 12: [4], 13: [12], 14: [6, 12], 15: [4], 16: [15], 17: [15], 18: [16],
    19: [16], 20: [6, 11], 21: [20], 22: [10, 13]}

ZH = {
    'A process': '进程', 'When more processes pay': '何时多进程更快', 'Start methods': '启动方法',
    'Pools': '进程池', 'Shared memory and locks': '共享内存与锁', 'Messages': '消息',
    'Several machines': '多台机器', 'More': '其他', 'needs': '先读',
    'Lesson N: ': '第 N 课：', 'Python': 'Python', 'Programs': '程序', 'Exercises': '练习',
    'The Python original': 'Python 原程序', 'What it prints': '输出',
    'This program needs Open MPI, which this machine lacks.': '这个程序需要 Open MPI，这台机器上没有。',
    'on this machine, in this build': '（在这台机器上，本次构建时运行）',
    'on this machine': '（在这台机器上）', 'The same as text': '文字形式',
    'A command is shown with a part of what it prints; `<number>` and the like '
    'stand for what varies.':
        '命令下面只列出它打印的一部分内容；`<number>` 之类代表每次不同的内容。',
    'Answer': '答案', 'Hint': '提示', 'Solution': '解答',
    'There are no pictures yet: type `make bench`, and then `make book`.':
        '还没有图：先运行 `make bench`，再运行 `make book`。',
    "The notes' headings, Python's names and ours": '笔记中的标题、Python 的名称和 C 的名称',
    'Read lesson 1': '阅读第 1 课', 'Quiz': '测验',
    'How to do an exercise': '练习怎么做',
    'or read it here, with its Python original and what it prints:':
        '也可以在这里读，并看到它的 Python 原程序和输出：',
    'Then `make try-1a` begins its first exercise, and `make next` says what to read and '
    'to try after that.':
        '然后，`make try-1a` 开始它的第一个练习；`make next` 会告诉你接下来读什么、练什么。'}
