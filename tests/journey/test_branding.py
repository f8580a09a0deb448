"""An operator gives an onsale its look, and fans find it."""

from urllib.request import urlopen

from tests.journey.client import Operator, eventually
from tests.support.pictures import png


def test_a_picture_is_uploaded_named_and_found(operator: Operator) -> None:
    onsale = operator.onsale(starts_in=600)
    uploaded = operator.call("POST", f"/{onsale.name}/picture", png())
    assert uploaded.status == 201, uploaded
    branding = {**uploaded.body, "picture_alt": "The band", "organiser": "The Old Hall"}
    assert onsale.change(branding=branding).status == 200
    told = eventually(lambda: onsale.describe()["branding"], bool)
    assert {**told, "picture": uploaded.body["picture"]} == branding
    with urlopen(told["picture"], timeout=20) as found:
        assert found.read() == png()
        assert found.headers["content-type"] == "image/png"


def test_what_is_no_picture_or_not_ours_is_refused(operator: Operator) -> None:
    onsale = operator.onsale(starts_in=600)
    assert operator.call("POST", f"/{onsale.name}/picture", b"<svg/>").status == 400
    assert operator.call("POST", f"/{onsale.name}/picture", png() + b"\x00" * 200_000).status == 413
    refused = onsale.change(branding={"picture": "https://elsewhere.example/x.png", "picture_alt": "x"})
    assert refused.status == 400
