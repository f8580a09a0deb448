"""The DynamoDB tables as plain data: keys, indexes and streams. Every row carries `delete_after` for TTL."""

from dataclasses import dataclass

TTL_ATTRIBUTE = "delete_after"


@dataclass(frozen=True)
class Key:
    """A hash key and an optional range key, each `(attribute, "S" | "N")`."""

    hash: tuple[str, str]
    range: tuple[str, str] | None = None


@dataclass(frozen=True)
class Table:
    """One table. `setting` is the environment variable that tells a function its name."""

    name: str
    setting: str
    key: Key
    indexes: tuple[tuple[str, Key], ...] = ()
    stream: bool = False
    """Whether it has a stream (view type NEW_IMAGE)."""


TABLES = (
    Table("onsales", "ONSALES_TABLE", Key(("onsale", "S"), ("item", "S"))),
    Table(
        "sessions",
        "SESSIONS_TABLE",
        Key(("place", "S"), ("event", "S")),
        indexes=(("by_shard", Key(("shard", "S"), ("at", "N"))),),
        stream=True,
    ),
    Table("connections", "CONNECTIONS_TABLE", Key(("place", "S"))),
    Table("keys", "KEYS_TABLE", Key(("purpose", "S"), ("kid", "S"))),
    Table("seats", "SEATS_TABLE", Key(("onsale", "S"), ("item", "S"))),
)
