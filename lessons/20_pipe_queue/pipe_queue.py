import argparse
from multiprocessing import Pipe, Process, set_start_method


def tell(reader, writer):
    reader.close()
    for number in range(1, 4):
        writer.send_bytes(f'message {number}'.encode())
    writer.close()


def show_message(reader):
    try:
        print('received', reader.recv_bytes().decode())
    except EOFError:
        print('end of file')
        return -1
    return 0


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    reader, writer = Pipe(False)
    p = Process(target=tell, args=(reader, writer))
    p.start()
    writer.close()

    while show_message(reader) == 0:
        pass
    reader.close()
    p.join()
