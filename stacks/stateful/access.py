"""What the functions may do in the cache, in the words of its access control list.

Everything that is not named is refused: emptying the cache, listing keys, looking at or changing its configuration.
"""

SCRIPTED = (
    *("exists", "pexpireat", "pexpiretime", "unlink", "time"),
    *("hdel", "hexists", "hget", "hgetall", "hincrby", "hmget", "hset"),
    *("zadd", "zcard", "zpopmin", "zrangebyscore", "zrank", "zrem", "zremrangebyscore", "zscore"),
)
"""What the Lua scripts call. Redis checks each of a script's commands against its caller's list."""

CLIENT = ("evalsha", "eval")
"""What the client sends. Logging in needs no permission.

ElastiCache's newest Redis is open source's 7.0, which refuses a list that names what it does not know: so no command in
here is younger, and the client does not say what it is (`client|setinfo`, of 7.2).
"""

KEYS = "~{*}:*"
"""`{onsale}:line` and its like, and no other key."""

ACCESS = " ".join(("on", KEYS, "-@all", *(f"+{command}" for command in (*SCRIPTED, *CLIENT))))
NO_ACCESS = "off ~* -@all"
"""For the user `default`, whom ElastiCache wants in every group, and as whom nobody shall come in."""
