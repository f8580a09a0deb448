"""Elsewhere: after a flush positions are issued again, and what expects the counters crashes."""

from tests.handlers.cloud import Cloud


def test_no_position_is_issued_again_and_nobody_is_moved(cloud: Cloud) -> None:
    cloud.open(max_active=2)
    inside = [cloud.admitted() for _ in range(2)]
    waiting = [cloud.register() for _ in range(3)]
    issued = [place["position"] for place in [*inside, *waiting]]
    cloud.flush()
    answer = cloud.http("POST", "/v1/onsales/demo/registrations")
    assert (answer.status, int(answer.headers["retry-after"]) >= 1) == (503, True)
    cloud.tick(times=2)
    new = [cloud.register()["position"] for _ in range(3)]
    assert not set(new) & set(issued)
    for place in reversed(waiting):
        assert cloud.place(place["visitor_token"]).body["position"] == place["position"]
    for place in inside:
        assert cloud.place(place["visitor_token"]).body["access_token"] == place["access_token"]
    cloud.all_have_returned()
    cloud.tick(times=10)
    assert [cloud.place(place["visitor_token"]).body["state"] for place in waiting] == ["waiting"] * 3
