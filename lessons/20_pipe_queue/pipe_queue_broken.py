import argparse
from multiprocessing import Pipe, Process, set_start_method


def tell(reader, writer):
    reader.close()
    writer.send_bytes(b'hello')
    writer.close()


def show_message(reader):
    try:
        print('received', reader.recv_bytes().decode())
    except EOFError:
        print('end of file')


def show_poll(reader):
    print('poll:', reader.poll(0.5))


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    reader, writer = Pipe(False)
    p = Process(target=tell, args=(reader, writer))
    p.start()
    show_message(reader)
    p.join()
    print('the child has ended')

    show_poll(reader)
    writer.close()
    print('the parent has closed its writer')
    show_poll(reader)
    show_message(reader)
    reader.close()
