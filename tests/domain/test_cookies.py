import pytest

from fairline.domain.cookies import access_cookie, kept, key_cookie, meant, order_cookie, place_cookie

OURS = "https://tickets.example"


def test_no_cookie_of_one_onsale_is_one_of_another() -> None:
    onsales = ("demo", "demo-place", "demo-access", "place", "demo-order")
    names = [name(each) for each in onsales for name in (key_cookie, place_cookie, access_cookie, order_cookie)]
    assert len(set(names)) == len(names)
    assert all(name.startswith("__Host-fairline-") for name in names)


def test_a_cookie_is_for_this_host_over_tls_and_for_no_script() -> None:
    assert kept("a", "b", 60) == "a=b; Max-Age=60; Path=/; Secure; HttpOnly; SameSite=Lax"
    assert "Max-Age=0;" in kept("a", "b", -1)


@pytest.mark.parametrize(
    ("method", "origin", "expected"),
    [
        ("GET", None, True),
        ("HEAD", "https://elsewhere.example", True),
        ("POST", OURS, True),
        ("POST", None, False),
        ("POST", "null", False),
        ("DELETE", "https://elsewhere.example", False),
        ("POST", f"{OURS}:8443", False),
        ("POST", "http://tickets.example", False),
    ],
)
def test_what_changes_something_is_meant_only_if_our_own_page_sent_it(
    method: str, origin: str | None, *, expected: bool
) -> None:
    assert meant(method, origin, OURS) is expected


def test_browsers_write_a_host_in_small_letters_whatever_the_setting_does() -> None:
    assert meant("POST", OURS, "https://Tickets.Example")
