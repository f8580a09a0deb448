-- Let admissions that were never written begin now, as far as the cap has room for those that ran out meanwhile.
-- Whoever left, or has a newer place, is forgotten instead: a replay gives nobody a slot who has none.
-- KEYS  1 state  2 called  3 ended  4 active  5 outbox
-- ARGV  for each session: visitor, position
-- Returns {now, ends_at, {index, ...}}: which of them begin now, counted from 1
redis.call('HDEL', KEYS[1], '') -- first a write that needs no memory, as in observe: a full store lets the rest through
local s = redis.call('HMGET', KEYS[1], 'cap', 'session_ms')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends_at = string.format('%.0f', now + tonumber(s[2] or 0))
local stamp = string.format('%.0f', now)
local retimed = {}
for i = 1, #ARGV, 2 do
  local visitor, position = ARGV[i], ARGV[i + 1]
  local session = position .. '.' .. visitor
  local called = redis.call('ZSCORE', KEYS[2], visitor)
  local gone = not called or tonumber(called) ~= tonumber(position) or redis.call('HEXISTS', KEYS[3], visitor) == 1
  if gone then redis.call('HDEL', KEYS[5], session) end
  if redis.call('HEXISTS', KEYS[5], session) == 1
    and (redis.call('ZSCORE', KEYS[4], session) or redis.call('ZCARD', KEYS[4]) < tonumber(s[1])) then
    redis.call('ZADD', KEYS[4], ends_at, session)
    redis.call('HSET', KEYS[5], session, stamp .. ':' .. ends_at)
    retimed[#retimed + 1] = (i + 1) / 2
  end
end
redis.call('PEXPIREAT', KEYS[4], redis.call('PEXPIRETIME', KEYS[1]))
return {stamp, ends_at, retimed}
