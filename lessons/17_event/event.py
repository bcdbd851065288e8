import argparse
from multiprocessing import Event, Process, current_process, set_start_method


def say(words):
    print(f'{current_process().name}: {words}', flush=True)


def worker(ready, event):
    say('waiting')
    ready.set()
    event.wait()
    say('go on')


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    event = Event()
    ready = [Event() for _ in range(3)]
    p_list = []

    for i in range(3):
        p = Process(target=worker, args=(ready[i], event))
        p_list.append(p)
        p.start()
    for each in ready:
        each.wait()
    say('set')
    event.set()
    for p in p_list:
        p.join()
