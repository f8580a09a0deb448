"""The whole journey, over HTTP and WebSocket, against a running deployment."""

import secrets
from concurrent.futures import ThreadPoolExecutor

from tests.journey.client import Fan, Onsale, Operator, ask, eventually, hear, hear_the_end


def bought(fan: Fan, seat: str) -> None:
    assert fan.buy(fan.admitted()["access_token"], seat).status == 201


def test_a_fan_is_let_in_by_push_buys_a_seat_and_the_slot_passes_to_the_next(operator: Operator) -> None:
    onsale = operator.onsale(max_active=1)
    first, second = onsale.join(), onsale.join()
    first_token = first.admitted()["access_token"]
    with first.socket() as first_socket, second.socket() as socket:
        assert ask(first_socket, "place")["access_token"] == first_token
        assert ask(socket, "place")["state"] == "waiting"
        assert first.enter(first_token, "GET", "seats").status == 200
        assert first.buy(first_token, "A-1").status == 201
        assert hear_the_end(first_socket) == {"type": "session_ended", "reason": "completed"}
        pushed = hear(socket)
    assert pushed["type"] == "admitted"
    assert pushed["access_token"] == second.place().body["access_token"]
    entered = pushed["access_token"]
    assert eventually(lambda: second.enter(entered, "GET", "seats").body["taken"], bool) == ["A-1"]
    assert first.place().body["state"] == "completed"


def test_without_a_socket_the_next_poll_tells(onsale: Onsale) -> None:
    fan = onsale.join()
    place = fan.admitted()
    assert place["booking_url"].endswith(f"/v1/onsales/{onsale.name}/booking")
    assert fan.buy(place["access_token"], "B-2").body["seat"] == "B-2"


def test_the_line_moves_in_order_and_the_status_document_says_how_far(operator: Operator) -> None:
    onsale = operator.onsale(starts_in=600, max_active=3)
    fans = [onsale.join() for _ in range(6)]
    assert [fan.position for fan in fans] == [1, 2, 3, 4, 5, 6]
    assert fans[5].place().body["ahead"] == 5
    onsale.begin()
    served = eventually(onsale.status, lambda status: status["serving"] == 3)
    assert served["active"] == 3
    assert served["issued"] == 6
    assert [fan.place().body["state"] for fan in fans] == ["admitted"] * 3 + ["waiting"] * 3
    assert fans[5].place().body["ahead"] == 2


def test_asking_again_gives_the_same_place_even_from_many_devices_at_once(onsale: Onsale) -> None:
    key = secrets.token_hex(16)
    first = onsale.join(key)
    with ThreadPoolExecutor(8) as pool:
        again = list(pool.map(lambda _: onsale.register(key), range(8)))
    assert {answer.body["position"] for answer in again} == {first.position}
    assert {answer.status for answer in again} == {200}


def test_a_token_handed_over_opens_the_same_place_on_a_second_device(onsale: Onsale) -> None:
    fan = onsale.join()
    elsewhere = onsale.api.call("POST", f"{onsale.path}/registrations", token=fan.token)
    assert elsewhere.status == 200
    assert elsewhere.body["position"] == fan.position
    with fan.socket() as one, fan.socket() as other:
        assert ask(one, "place")["position"] == ask(other, "place")["position"] == fan.position


def test_whoever_leaves_the_line_lets_the_others_move_up(operator: Operator) -> None:
    onsale = operator.onsale(starts_in=600)
    first, second = onsale.join(), onsale.join()
    assert second.place().body["ahead"] == 1
    assert first.leave().status == 204
    assert first.leave().status == 204
    assert second.place().body["ahead"] == 0
    assert first.place().body["reason"] == "left"
    again = onsale.join(first.key)
    assert again.position == 3
    assert first.place().status == 410


def test_whoever_leaves_a_session_gives_its_slot_to_the_next(operator: Operator) -> None:
    onsale = operator.onsale(max_active=1)
    first, second = onsale.join(), onsale.join()
    token = first.admitted()["access_token"]
    assert first.leave().status == 204
    second.admitted()
    refused = eventually(lambda: first.enter(token, "GET", "seats"), lambda got: got.status == 403)
    assert refused.body == {"message": "Forbidden"}


def test_a_session_is_extended_once(onsale: Onsale) -> None:
    fan = onsale.join()
    before = fan.admitted()
    assert before["extension_available"] is True
    extended = fan.extend()
    assert extended.status == 200
    assert extended.body["session_expires_at"] > before["session_expires_at"]
    assert fan.extend().body["type"] == "urn:fairline:problem:already-extended"
    assert fan.place().body["session_expires_at"] == extended.body["session_expires_at"]


def test_two_onsales_do_not_touch_each_other(operator: Operator) -> None:
    one, other = operator.onsale(), operator.onsale()
    key = secrets.token_hex(16)
    here, there = one.join(key), other.join(key)
    assert (here.position, there.position) == (1, 1)
    assert other.api.call("GET", f"{other.path}/place", token=here.token).status == 401
    token = here.admitted()["access_token"]
    assert other.api.call("GET", f"{other.path}/booking/seats", token=token).status == 403
    one.act("close")
    assert eventually(one.register, lambda got: got.status == 410).body["type"].endswith(":closed")
    assert other.register().status == 201


def test_an_operators_change_takes_effect_and_stands_in_the_audit_trail(operator: Operator) -> None:
    onsale = operator.onsale(rate_per_minute=60)
    onsale.join()
    assert onsale.change(rate_per_minute=1_200).status == 200
    assert eventually(onsale.status, lambda status: status["rate_per_minute"] == 1_200)
    newest = onsale.operator.call("GET", f"/{onsale.name}/audit").body["versions"][0]
    assert newest["changes"] == {"rate_per_minute": [60, 1_200]}
    assert newest["by"]


def test_a_pause_lets_nobody_in_and_tells_why(operator: Operator) -> None:
    onsale = operator.onsale(starts_in=600)
    fan = onsale.join()
    onsale.act("pause", reason="The box office is on fire")
    onsale.begin()
    status = eventually(onsale.status, lambda status: status["phase"] == "paused")
    assert status["notice"] == "The box office is on fire"
    assert fan.place().body["state"] == "waiting"
    onsale.act("resume")
    fan.admitted()


def test_the_backends_report_ends_a_session_once_and_only_with_the_onsales_own_key(operator: Operator) -> None:
    onsale, other = operator.onsale(), operator.onsale()
    fan = onsale.join()
    fan.admitted()
    visitor = onsale.operator.call("POST", f"/{onsale.name}/place-lookup", {"position": fan.position})
    assert visitor.body["state"] == "admitted"
    with fan.socket() as socket:
        ask(socket, "place")
        session = claims(fan.place().body["access_token"])["jti"]
        path = f"{onsale.path}/sessions/{session}/completion"
        assert onsale.api.call("POST", path, token=other.completion_key).status == 401
        elsewhere = f"{other.path}/sessions/{session}/completion"
        assert onsale.api.call("POST", elsewhere, token=other.completion_key).status == 404
        assert onsale.api.call("POST", path, token=onsale.completion_key).status == 204
        assert hear_the_end(socket)["type"] == "session_ended"
    assert onsale.api.call("POST", path, token=onsale.completion_key).status == 204


def claims(token: str) -> dict[str, str]:
    import jwt

    decoded: dict[str, str] = jwt.decode(token, options={"verify_signature": False})
    return decoded


def test_anyone_can_verify_an_access_token_with_the_published_keys(onsale: Onsale) -> None:
    import jwt

    token = onsale.join().admitted()["access_token"]
    issuer = claims(token)["iss"]
    configuration = onsale.api.call("GET", f"{issuer}/.well-known/openid-configuration").body
    keys = onsale.api.call("GET", configuration["jwks_uri"]).body
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(token)["kid"]]
    verified = jwt.decode(token, key, algorithms=["RS256"], audience=onsale.name, issuer=configuration["issuer"])
    assert verified["jti"].startswith("1.")
