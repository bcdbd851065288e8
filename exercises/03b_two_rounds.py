from judge import POLL, Wrong


def check(program):
    held = []
    # b ends first in one attempt, and a in the other: main must wait for both.
    for last in 0, -1:
        run = program.start(60)
        for number in 1, 2:
            run.until_quiet()
            over = f'round {number} is over'
            if run.find(over) and not run.children():
                break
            if run.find(over):
                raise Wrong(f'`{over}` was printed while a child of the round still ran.')
            run.ran_side_by_side('work', 2)
            held.append(len(run.descriptors()))
            children = run.children()
            run.kill(children.pop(last))
            run.until_quiet()
            if run.find(over):
                raise Wrong(f'`{over}` was printed while a child of the round still ran.')
            run.kill(children[0])
            run.until(lambda: run.find(over), POLL)
    if held and held[0] < max(held):
        raise Wrong('Main has more descriptors in the second round than in the first: '
                    'objects were not closed.')
    seconds = program.seconds(0.05)
    run = program.run(seconds, sleeps=seconds)
    run.prints('{\na works\n|\nb works\n}\nround 1 is over\n'
               '{\nc works\n|\nd works\n}\nround 2 is over')
    run.succeeds()
