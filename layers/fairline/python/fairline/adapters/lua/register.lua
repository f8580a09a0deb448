-- Give a visitor a place at the end of the line, or find the one there is.
-- KEYS  1 state  2 line  3 called  4 ended  5 active  6 outbox  [7 addresses]
-- ARGV  1 visitor  [2 mark of the caller's address  3 places that it may take]
-- Returns {outcome, now, ...}: "absent" | "closed" | "early", opens_at | "unavailable" | "crowded"
--         | "new" or "known", position, ahead, state, epoch, rate, cap, session_ms, starts_at, closes_at
local s = redis.call('HMGET', KEYS[1], 'epoch', 'rate', 'cap', 'session_ms', 'starts_at', 'closes_at',
  'closed', 'opens_at', 'lease_until', 'issued', 'limit', 'rejoin')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stamp = string.format('%.0f', now)
local visitor = ARGV[1]

if not s[1] then return {'absent', stamp} end

local function standing(outcome, position, ahead, state)
  return {outcome, stamp, position, ahead, state, s[1], s[2], s[3], s[4], s[5], s[6]}
end

local function called_state(position)
  local session = position .. '.' .. visitor
  local ended = redis.call('HGET', KEYS[4], visitor)
  if ended then return ended end
  local ends_at = redis.call('ZSCORE', KEYS[5], session)
  if ends_at and tonumber(ends_at) > now then return 'admitted' end
  if redis.call('HEXISTS', KEYS[6], session) == 1 then return 'admitted' end
  return 'expired'
end

local called = redis.call('ZSCORE', KEYS[3], visitor)
local state = called and called_state(called)
if state == 'admitted' or state == 'completed' then return standing('known', called, 0, state) end
if s[7] == '1' or now >= tonumber(s[6]) then return {'closed', stamp} end
local position = redis.call('ZSCORE', KEYS[2], visitor)
if position then return standing('known', position, redis.call('ZRANK', KEYS[2], visitor), 'waiting') end
if now < tonumber(s[8]) then return {'early', stamp, s[8]} end
if state and s[12] ~= '1' then return standing('known', called, 0, state) end

-- A position is only issued while the durable record is being kept: see docs/architecture.md.
if now >= tonumber(s[9]) or tonumber(s[10]) >= tonumber(s[11]) then return {'unavailable', stamp} end

-- Only a newcomer is counted: whoever comes again after leaving takes no more than the place given back.
-- Each epoch counts for itself, since in a new one the line knows nobody who was counted before.
if ARGV[2] and not called then
  local counter = s[1] .. ':' .. ARGV[2]
  if tonumber(redis.call('HGET', KEYS[7], counter) or 0) >= tonumber(ARGV[3]) then return {'crowded', stamp} end
  redis.call('HINCRBY', KEYS[7], counter, 1)
  redis.call('PEXPIREAT', KEYS[7], redis.call('PEXPIRETIME', KEYS[1]))
end

local ahead = redis.call('ZCARD', KEYS[2])
position = string.format('%.0f', redis.call('HINCRBY', KEYS[1], 'issued', 1))
redis.call('ZADD', KEYS[2], position, visitor)
if ahead == 0 then redis.call('PEXPIREAT', KEYS[2], redis.call('PEXPIRETIME', KEYS[1])) end
if called then
  redis.call('ZREM', KEYS[3], visitor)
  redis.call('HDEL', KEYS[4], visitor)
end
return standing('new', position, ahead, 'waiting')
