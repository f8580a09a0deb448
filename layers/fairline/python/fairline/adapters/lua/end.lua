-- A visitor leaves the line, or a session ends and its slot is free.
-- KEYS  1 state  2 line  3 called  4 ended  5 active  6 outbox
-- ARGV  1 visitor  2 position  3 reason: "completed" | "left"
-- Without a session only they can leave who wait, or who were called and are still owed one: it was never written.
-- Returns 1 if the visitor waited or was owed a session, or the session was active; 0 if not (again, over, or unknown)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local visitor, position, reason = ARGV[1], ARGV[2], ARGV[3]
local session = position .. '.' .. visitor

if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end

local called = tonumber(redis.call('ZSCORE', KEYS[3], visitor) or 0) == tonumber(position)
local owed = reason == 'left' and called and redis.call('HEXISTS', KEYS[6], session) == 1
  and redis.call('HEXISTS', KEYS[4], visitor) == 0
local ends_at = redis.call('ZSCORE', KEYS[5], session)
if ends_at and tonumber(ends_at) <= now and not owed then return 0 end -- the next tick takes it back as expired
if ends_at then
  redis.call('ZREM', KEYS[5], session)
elseif not owed then
  local waiting = reason == 'left' and redis.call('ZSCORE', KEYS[2], visitor)
  if not waiting or tonumber(waiting) ~= tonumber(position) then return 0 end
  redis.call('ZREM', KEYS[2], visitor)
  redis.call('ZADD', KEYS[3], position, visitor)
end
redis.call('HSET', KEYS[4], visitor, reason)
redis.call('HINCRBY', KEYS[1], reason, 1)
local forgotten_at = redis.call('PEXPIRETIME', KEYS[1])
redis.call('PEXPIREAT', KEYS[3], forgotten_at)
redis.call('PEXPIREAT', KEYS[4], forgotten_at)
return 1
