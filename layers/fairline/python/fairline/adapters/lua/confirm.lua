-- End a tick: forget written admissions, raise the limit to the recorded one, renew the lease.
-- KEYS  1 state  2 outbox
-- ARGV  1 epoch  2 issue limit  3 lowest number the next position may follow  4 lease_ms  5 when the tick looked
--       6... sessions written
-- A tick that took longer than the lease renews nothing: what it looked at may have been replaced since by an older copy.
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return end
redis.call('HDEL', KEYS[1], '') -- first a write that needs no memory, as in observe: a full store lets the rest through
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local s = redis.call('HMGET', KEYS[1], 'limit', 'issued', 'lease_until')
local limit = math.max(tonumber(s[1]), tonumber(ARGV[2]))
local issued = math.max(tonumber(s[2]), tonumber(ARGV[3]))
local lease_ms = tonumber(ARGV[4])
local lease_until = now - tonumber(ARGV[5]) < lease_ms and now + lease_ms or tonumber(s[3])
redis.call('HSET', KEYS[1], 'limit', string.format('%.0f', limit), 'issued', string.format('%.0f', issued),
  'lease_until', string.format('%.0f', lease_until))
for i = 6, #ARGV do redis.call('HDEL', KEYS[2], ARGV[i]) end
