-- Let admissions that were never written begin now, as far as the cap has room for those that ran out meanwhile.
-- KEYS  1 state  2 active  3 outbox
-- ARGV  sessions
-- Returns {now, ends_at, {session, ...}}
local s = redis.call('HMGET', KEYS[1], 'cap', 'session_ms')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stamp, ends_at = string.format('%.0f', now), string.format('%.0f', now + tonumber(s[2]))
local retimed = {}
for _, session in ipairs(ARGV) do
  local slot = redis.call('ZSCORE', KEYS[2], session) or redis.call('ZCARD', KEYS[2]) < tonumber(s[1])
  if slot and redis.call('HEXISTS', KEYS[3], session) == 1 then
    redis.call('ZADD', KEYS[2], ends_at, session)
    redis.call('HSET', KEYS[3], session, stamp .. ':' .. ends_at)
    retimed[#retimed + 1] = session
  end
end
return {stamp, ends_at, retimed}
