"""What is lost with each permission: the steps that fail without it, and no others."""

GATE = {"enter", "hold", "hold another", "buy"}
PLACE = {"look", "look from inside", "look for a lost line", "extend", "leave"}
DESK = {
    "open an onsale",
    "hand over a new key",
    "read an onsale",
    "change an onsale",
    "read figures",
    "find a position",
    "find a token",
    "find nothing of a lost line",
}
REPORT = {"complete", "complete again"}
CONNECT = {"connect", "connect once too often", "disconnect"}
PUSH = {"hear of the turn", "hear of the end", "forget who is gone"}
RECORD = {"tick", "publish", "let in", "finish what was abandoned", "register"}
"""Nobody joins a line whose record is not kept."""

LOST: dict[str, set[str]] = {
    "onsale keys[origin] Query": {"describe"},
    "onsale onsales Query": {"describe"},
    "register keys[origin] Query": {"register", "register again", "register nowhere"},
    "register keys[visitor+access] Query": {"register", "register again"},
    "register onsales Query": {"register nowhere"},
    "register sessions Query": {"register again"},
    "place keys[origin] Query": PLACE,
    "place keys[visitor+access] Query": PLACE,
    "place onsales Query": {"look for a lost line"},
    "place sessions Query": {"look from inside", "look for a lost line", "extend"},
    "place sessions PutItem": {"extend", "leave"},
    "authorize_socket keys[visitor] Query": CONNECT,
    "connect connections UpdateItem": CONNECT,
    "connect sockets:DELETE ManageConnections": {"connect once too often"},
    "disconnect connections UpdateItem": {"disconnect"},
    "message keys[access] Query": {"ask"},
    "message sessions Query": {"ask"},
    "message status/status/* GetObject": {"ask", "ask how far"},
    "admit onsales Query": RECORD,
    "admit onsales GetItem": RECORD,
    "admit onsales PutItem": RECORD,
    "admit sessions BatchWriteItem": {"let in"},
    "admit sessions BatchGetItem": {"finish what was abandoned"},
    "admit index:sessions/by_shard Query": set(),  # read only after the store has lost the line: no step does that
    "admit status/status/* PutObject": {"publish"},
    "notify keys[access] Query": {"hear of the turn"},
    "notify connections BatchGetItem": PUSH,
    "notify connections UpdateItem": {"forget who is gone"},
    "notify sockets:POST ManageConnections": PUSH,
    "authorize keys[origin+access] Query": GATE,
    "authorize sessions Query": GATE,
    "complete keys[origin] Query": REPORT,
    "complete onsales Query": REPORT,
    "complete sessions Query": {"complete again"},
    "complete sessions PutItem": REPORT,
    "admin keys[origin] Query": DESK,
    "admin keys[visitor] Query": {"find a token", "find nothing of a lost line"},
    "admin onsales Query": {"read an onsale", "hand over a new key", "change an onsale", "read figures"},
    "admin onsales GetItem": {"read figures"},
    "admin onsales PutItem": {"open an onsale", "hand over a new key", "change an onsale"},
    "admin onsales UpdateItem": {"open an onsale", "hand over a new key", "change an onsale"},
    "admin sessions Query": {"find nothing of a lost line"},
    "admin seats PutItem": {"hand over a new key"},
    "rotate keys[visitor+access] Query": {"rotate"},
    "rotate keys[origin] Query": {"rotate"},
    "rotate keys[visitor+access+origin] PutItem": {"rotate"},
    "rotate status/.well-known/jwks.json PutObject": {"rotate"},
    "rotate status/.well-known/openid-configuration PutObject": {"rotate"},
    "rotate origin_secret GetSecretValue": {"rotate"},
    "booking keys[origin] Query": GATE,
    "booking seats GetItem": GATE,
    "booking seats Query": {"enter"},
    "booking seats PutItem": {"hold", "hold another", "buy"},
    "booking seats UpdateItem": {"buy"},
    "booking seats DeleteItem": {"hold another"},
}
