import argparse
from multiprocessing import (get_all_start_methods, get_start_method,
                             set_start_method)

if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    print('there are:', *sorted(get_all_start_methods()))
    print('the default:', get_start_method())
    try:
        set_start_method('spawn')
    except RuntimeError as error:
        print('set:', error)
