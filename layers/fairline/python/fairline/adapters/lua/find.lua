-- The standing of a place that a visitor token names; optionally put an unknown place back.
-- KEYS  1 state  2 line  3 called  4 ended  5 active  6 outbox
-- ARGV  1 visitor  2 position  3 epoch of the token  4 "1" to restore a place the line does not know
-- Returns {outcome, now, ...}: "absent" | "closed" | "unknown" | "superseded" (and the position that counts instead, if it is held)
--         | "known", position, ahead, state, epoch, rate, cap, session_ms, starts_at, closes_at
local s = redis.call('HMGET', KEYS[1], 'epoch', 'rate', 'cap', 'session_ms', 'starts_at', 'closes_at', 'closed')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stamp = string.format('%.0f', now)
local visitor, position = ARGV[1], ARGV[2]

if not s[1] then return {'absent', stamp} end
-- A token of a later epoch: this is an older copy, and the next tick finds it lost.
if tonumber(s[1]) < tonumber(ARGV[3]) then return {'absent', stamp} end

local function standing(ahead, state)
  return {'known', stamp, position, ahead, state, s[1], s[2], s[3], s[4], s[5], s[6]}
end

local called = tonumber(redis.call('ZSCORE', KEYS[3], visitor) or 0)
local function called_state()
  local session = string.format('%.0f', called) .. '.' .. visitor
  local ended = redis.call('HGET', KEYS[4], visitor)
  if ended then return ended end
  local ends_at = redis.call('ZSCORE', KEYS[5], session)
  if ends_at and tonumber(ends_at) > now then return 'admitted' end
  if redis.call('HEXISTS', KEYS[6], session) == 1 then return 'admitted' end
  return 'expired'
end

if called == tonumber(position) then return standing(0, called_state()) end
if called > tonumber(position) then return {'superseded', stamp} end
if s[7] == '1' or now >= tonumber(s[6]) then return {'closed', stamp} end

local waiting = redis.call('ZSCORE', KEYS[2], visitor)
if waiting and tonumber(waiting) ~= tonumber(position) then
  -- A lower number from before the store was lost may be a place that was never used: the ledger knows.
  local older = tonumber(ARGV[3]) < tonumber(s[1]) and tonumber(position) < tonumber(waiting)
  if not older then return {'superseded', stamp, waiting} end
  waiting = false
end
if not waiting then
  -- No other place is put back beside a session that runs, nor after a purchase.
  local state = called > 0 and called_state()
  if state == 'admitted' or state == 'completed' then
    return {'superseded', stamp, string.format('%.0f', called)}
  end
  if ARGV[4] ~= '1' then return {'unknown', stamp} end
  redis.call('ZADD', KEYS[2], position, visitor)
  redis.call('PEXPIREAT', KEYS[2], redis.call('PEXPIRETIME', KEYS[1]))
  redis.call('ZREM', KEYS[3], visitor) -- an earlier place, known again from the ledger, gives way as it did on rejoining
  redis.call('HDEL', KEYS[4], visitor)
end
return standing(redis.call('ZRANK', KEYS[2], visitor), 'waiting')
