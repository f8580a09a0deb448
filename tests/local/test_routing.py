from fairline.routes import HttpRoute
from local.routing import Router

ROUTER = Router(
    HttpRoute(method, path, "f")
    for method, path in [
        ("ANY", "/{proxy+}"),
        ("GET", "/pets/{proxy+}"),
        ("ANY", "/pets/{id}"),
        ("GET", "/pets/{id}"),
        ("GET", "/pets/dog"),
        ("POST", "/pets/{id}/walks/{walk}"),
    ]
)


def chosen(method: str, path: str) -> str:
    match = ROUTER.match(method, path)
    return match.route.key if match else "$default"


def test_a_static_path_goes_before_a_parameter_and_a_parameter_before_a_greedy_one() -> None:
    assert chosen("GET", "/pets/dog") == "GET /pets/dog"
    assert chosen("GET", "/pets/cat") == "GET /pets/{id}"
    assert chosen("GET", "/pets/cat/toys") == "GET /pets/{proxy+}"
    assert chosen("GET", "/other/way") == "ANY /{proxy+}"


def test_a_methods_own_route_goes_before_any() -> None:
    assert chosen("POST", "/pets/cat") == "ANY /pets/{id}"
    assert chosen("GET", "/pets/cat") == "GET /pets/{id}"


def test_a_parameter_is_never_empty() -> None:
    router = Router([HttpRoute("GET", "/pets/{id}", "f"), HttpRoute("GET", "/toys/{proxy+}", "f")])
    assert router.match("GET", "/pets/") is None
    assert router.match("GET", "/toys/") is None
    assert router.match("GET", "/pets") is None


def test_parameters_are_read_from_the_path() -> None:
    match = ROUTER.match("POST", "/pets/cat/walks/7")
    assert match is not None
    assert match.parameters == {"id": "cat", "walk": "7"}
    greedy = ROUTER.match("GET", "/pets/a/b/c")
    assert greedy is not None
    assert greedy.parameters == {"proxy": "a/b/c"}
