"""A child process of the room: moto's DynamoDB, DynamoDB Streams and S3 over HTTP, until its input closes."""

import logging
import sys

from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.moto_server.werkzeug_app import MotoRequestHandler


def main() -> None:
    """Serve on a free port of 127.0.0.1, written to the output as one line."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    MotoRequestHandler.protocol_version = "HTTP/1.1"  # connections are kept, as AWS keeps them
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    sys.stdout.write(f"{server.get_host_and_port()[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
