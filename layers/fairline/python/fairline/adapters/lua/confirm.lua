-- End a tick: forget written admissions, raise the limit to the recorded one, renew the lease.
-- KEYS  1 state  2 outbox
-- ARGV  1 epoch  2 issue limit  3 lowest number the next position may follow  4 lease_ms  5... sessions written
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return end
redis.call('HDEL', KEYS[1], '') -- first a write that needs no memory, as in observe: a full store lets the rest through
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local s = redis.call('HMGET', KEYS[1], 'limit', 'issued')
local limit = math.max(tonumber(s[1]), tonumber(ARGV[2]))
local issued = math.max(tonumber(s[2]), tonumber(ARGV[3]))
redis.call('HSET', KEYS[1], 'limit', string.format('%.0f', limit), 'issued', string.format('%.0f', issued),
  'lease_until', string.format('%.0f', now + tonumber(ARGV[4])))
for i = 5, #ARGV do redis.call('HDEL', KEYS[2], ARGV[i]) end
