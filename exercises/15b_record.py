from judge import under_each_method


def check_under(program, method):
    run = program.run(method=method)
    run.prints('alvin has 7\ncatherine has 12\npablo diego jose francisco paula has 9')
    run.succeeds()


def check(program):
    under_each_method(check_under, program)
