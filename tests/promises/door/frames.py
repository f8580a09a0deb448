"""What a client may send on a socket: text, bytes, JSON of any shape, long, broken off, or what we ask for."""

import json

from hypothesis import strategies as st

from fairline.entrypoints.socket import LARGEST_FRAME

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ACTIONS = st.sampled_from(["place", "ping", "Place", "ping ", "places", "", "$connect", "__class__", "\u0000"]) | JSON
MESSAGES = st.builds(
    lambda action, rest: {**rest, "action": action}, ACTIONS, st.dictionaries(st.text(max_size=8), JSON)
)
TEXTS = st.text(max_size=200) | JSON.map(json.dumps) | MESSAGES.map(json.dumps)
LONG = st.sampled_from(["[" * 1_000, "[" * LARGEST_FRAME, "9" * LARGEST_FRAME, "x" * 128_000, '{"action":' * 800])
BROKEN = st.tuples(MESSAGES.map(json.dumps), st.integers(0, 200)).map(lambda pair: pair[0][: pair[1]])
ASKING = st.sampled_from(["place", "ping"]).map(lambda action: json.dumps({"action": action}))
"""Apart, or it would be left to chance whether any frame asks for something: hypothesis draws otherwise with any change
of the code, since it tries the constants that it finds there.
"""
FRAMES = ASKING | TEXTS | LONG | BROKEN | st.binary(max_size=200)


def asks(frame: str | bytes) -> str | None:
    """The action that a frame names, if it names one of ours."""
    try:
        message = json.loads(frame) if isinstance(frame, str) and len(frame) <= LARGEST_FRAME else None
    except (ValueError, RecursionError):
        return None
    action = message.get("action") if isinstance(message, dict) else None
    return action if action in ("place", "ping") else None
