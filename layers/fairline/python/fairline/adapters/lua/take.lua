-- Take visitors from the head of the line, never above the cap, never faster than the rate and never twice.
-- KEYS  1 state  2 line  3 called  4 ended  5 active  6 outbox
-- ARGV  1 epoch  2 the tick that was observed  3 the version of the policy that was mirrored
--       4 until when anybody may be taken by it  5 how many at most  6 level left in the bucket if all are taken
--       7 the time the bucket was filled  8 what a visitor costs  9 how long the bucket fills until it is full
-- The bucket is filled up to now, however long ago it was looked into: what came in since is not counted again.
-- Returns {"overtaken"} | {"taken", now, ends_at, serving, {visitor, position, ...}}
local s = redis.call('HMGET', KEYS[1], 'epoch', 'tick', 'cap', 'session_ms', 'serving', 'rate', 'version')
if s[1] ~= ARGV[1] or s[2] ~= ARGV[2] or s[7] ~= ARGV[3] then return {'overtaken'} end
redis.call('HDEL', KEYS[1], '') -- first a write that needs no memory, as in observe: a full store lets the rest through
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stamp, ends_at = string.format('%.0f', now), string.format('%.0f', now + tonumber(s[4]))

local room = tonumber(s[3]) - redis.call('ZCARD', KEYS[5])
local visitor_cost, rate, asked = tonumber(ARGV[8]), tonumber(s[6]), math.max(0, tonumber(ARGV[5]))
local found = tonumber(ARGV[6]) + asked * visitor_cost + rate * math.max(0, now - tonumber(ARGV[7]))
local level = math.min(found, rate * tonumber(ARGV[9]) + visitor_cost - 1)
local many = math.max(0, math.min(asked, room, math.floor(level / visitor_cost)))
if now > tonumber(ARGV[4]) then many = 0 end
local taken = many > 0 and redis.call('ZPOPMIN', KEYS[2], many) or {}
local serving = tonumber(s[5])
for i = 1, #taken, 2 do
  local visitor, position = taken[i], taken[i + 1]
  local session = position .. '.' .. visitor
  redis.call('ZADD', KEYS[5], ends_at, session)
  redis.call('ZADD', KEYS[3], position, visitor)
  redis.call('HDEL', KEYS[4], visitor)
  redis.call('HSET', KEYS[6], session, stamp .. ':' .. ends_at)
  serving = math.max(serving, tonumber(position))
end
serving = string.format('%.0f', serving)
level = string.format('%.0f', level - #taken / 2 * visitor_cost)
redis.call('HSET', KEYS[1], 'tick', string.format('%.0f', s[2] + 1), 'level', level, 'filled_at', stamp, 'serving', serving)
redis.call('HINCRBY', KEYS[1], 'admitted', #taken / 2)
if #taken > 0 then
  local forgotten_at = redis.call('PEXPIRETIME', KEYS[1])
  for _, i in ipairs({3, 5, 6}) do redis.call('PEXPIREAT', KEYS[i], forgotten_at) end
end
return {'taken', stamp, ends_at, serving, taken}
