-- Keep an active session's slot for longer.
-- KEYS  1 active
-- ARGV  1 session  2 ends_at
-- Returns 1, or 0 if the session is not active any more
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends_at = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not ends_at or tonumber(ends_at) <= now then return 0 end
redis.call('ZREM', KEYS[1], '') -- a write that needs no memory, as in observe: a full store lets the next one through
redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[1])
return 1
