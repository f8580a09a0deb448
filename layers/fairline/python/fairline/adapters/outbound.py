"""HTTP to where we were told to send something, and nowhere else."""

from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, UnknownHandler


def outbound() -> OpenerDirector:
    """Opens http and https alone, and hands over every status as an answer.

    No redirect is followed: what is sent must not travel to where we did not send it.
    """
    director = OpenerDirector()
    for handler in (HTTPHandler(), HTTPSHandler(), UnknownHandler()):
        director.add_handler(handler)
    return director
