"""What the functions may do in the cache, in the words of its access control list.

Everything that is not named is refused: emptying the cache, listing keys, looking at or changing its configuration.
"""

SCRIPTED = (
    *("exists", "pexpireat", "pexpiretime", "unlink", "time"),
    *("hdel", "hexists", "hget", "hgetall", "hincrby", "hmget", "hset"),
    *("zadd", "zcard", "zpopmin", "zrangebyscore", "zrank", "zrem", "zremrangebyscore", "zscore"),
)
"""What the Lua scripts call. Redis checks each of a script's commands against its caller's list."""

CLIENT = ("evalsha", "eval", "client|setinfo")
"""What the client sends: scripts, and who it is when it connects. Logging in needs no permission."""

KEYS = "~{*}:*"
"""`{onsale}:line` and its like, and no other key."""

ACCESS = " ".join(("on", KEYS, "-@all", *(f"+{command}" for command in (*SCRIPTED, *CLIENT))))
NO_ACCESS = "off ~* -@all"
"""For the user `default`, whom ElastiCache wants in every group, and as whom nobody shall come in."""
