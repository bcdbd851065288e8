import argparse
import multiprocessing


class MyProcess(multiprocessing.Process):
    pass


def hello(name):
    print('hi', name)


def run_to_the_end(p):
    p.start()
    p.join()
    print(f'{p.name}: exitcode {p.exitcode}')


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    multiprocessing.set_start_method('fork')

    process = multiprocessing.Process()
    run_to_the_end(process)
    process.close()

    p = MyProcess(target=hello, args=('python',))
    run_to_the_end(p)
    try:
        p.run()
    except AttributeError as error:
        print(f'run after start: AttributeError: {error}')
    p.close()
