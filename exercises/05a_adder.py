from judge import Wrong


def check(program):
    # A forked child has a copy of the whole object; under spawn it must be sent.
    for method in dict.fromkeys(['fork', 'spawn', program.method]):
        run = program.run(5, 20, method=method)
        if not run.find('.*= .*'):
            raise Wrong('No adder printed its sum: `run` was not called.')
        if not run.find('.*: 5 [+] 20 = 25'):
            raise Wrong(f'Under {method} an adder of 5 and 20 printed `{run.lines[0]}`.')
        if not run.find('Adder-1: 5 [+] 20 = 25'):
            raise Wrong(f'The first Adder is not called Adder-1: `{run.lines[0]}`.')
        run.prints('Adder-1: 5 + 20 = 25\nAdder-2: 30 + 4 = 34\nexit codes: 25, 34')
        run.succeeds()
