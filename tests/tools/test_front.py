"""How long a client waits before it tries again, and whom it may call."""

import asyncio
from random import Random

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tools.front import LONGEST_PAUSE_SECONDS, Answer, Call, open_front, pause_seconds
from tools.tally import Tally
from tools.target import ForeignAddressError, Targets


def pauses(answer: Answer, attempt: int = 1) -> list[float]:
    return [pause_seconds(answer, attempt, Random(seed)) for seed in range(200)]


@pytest.mark.parametrize("status", [429, 503])
def test_a_client_comes_back_when_it_is_told_to_and_at_most_a_second_later(status: int) -> None:
    waited = pauses(Answer(status, retry_after=7))
    assert min(waited) >= 7
    assert max(waited) <= 8
    assert len(set(waited)) > 100


@pytest.mark.parametrize("status", [429, 503])
def test_told_nothing_it_comes_back_at_random_within_2_to_10_seconds(status: int) -> None:
    waited = pauses(Answer(status))
    assert 2 <= min(waited) < 3
    assert 9 < max(waited) <= 10


def test_a_pause_of_hours_is_cut_short() -> None:
    assert max(pauses(Answer(503, retry_after=86_400))) <= LONGEST_PAUSE_SECONDS + 1


def test_after_losses_pauses_double_with_jitter_up_to_ten_seconds() -> None:
    ranges = [(min(waited), max(waited)) for attempt in range(1, 9) if (waited := pauses(Answer(0), attempt))]
    for (low, high), longest in zip(ranges, [0.5, 1, 2, 4, 8, 10, 10, 10], strict=True):
        assert longest / 2 <= low < high <= longest


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000/x", "http://localhost:8000", "ws://[::1]:9/s", "https://127.8.9.10", "http://LOCALHOST"],
)
def test_this_machine_may_be_called(url: str) -> None:
    assert Targets().check(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://tickets.example.com",
        "http://10.0.0.7:8000",
        "http://0.0.0.0:8000",
        "http://127.0.0.1@tickets.example.com/",
        "http://localhost.example.com",
        "http://2130706433/",
        "file:///etc/hosts",
        "127.0.0.1:8000",
        "",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(ForeignAddressError):
        Targets().check(url)


def test_a_host_the_operator_owns_may_be_called_and_only_that_one() -> None:
    targets = Targets(["Tickets.example.com"])
    assert targets.check("https://tickets.example.com:8443/v1")
    for other in ("https://example.com", "https://a.tickets.example.com", "ftp://tickets.example.com"):
        with pytest.raises(ForeignAddressError):
            targets.check(other)


def test_the_refusal_names_the_option_that_would_lift_it() -> None:
    with pytest.raises(ForeignAddressError, match=r"--i-own-this-target tickets\.example\.com"):
        Targets().check("https://tickets.example.com")


def test_the_cookie_of_one_fan_is_not_sent_with_the_calls_of_the_next() -> None:
    """It would be taken for the same browser, and all fans would have one place."""

    async def sent() -> list[dict[str, str]]:
        heard: list[dict[str, str]] = []

        async def register(request: web.Request) -> web.Response:
            heard.append(dict(request.cookies))
            return web.json_response({}, headers={"Set-Cookie": "browser=1; Path=/"})

        app = web.Application()
        app.router.add_post("/", register)
        async with TestServer(app, host="localhost") as server, open_front(Targets(), Tally(), 1) as front:
            call = Call("register", "POST", f"http://localhost:{server.port}/")
            for _ in range(2):
                await front.send(call, Random(1))
        return heard

    assert asyncio.run(sent()) == [{}, {}]
