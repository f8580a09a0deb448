-- Start an epoch: an empty line, no position below the base, nobody called until the visitors have returned.
-- KEYS  1 state  2 line  3 called  4 ended  5 active  6 outbox
-- ARGV  1 epoch  2 base: no position up to it is issued again  3 tick  4 serving  5 return_ms  6 forgotten_at
--       7 kept_ms: for so long at least, however early it closed
--       8 lease_ms: nothing lapsed, though no position can be issued before the limit is raised
--       9... fields and values of the policy
-- Returns 1, or 0 if this or a later epoch has begun
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local epoch = tonumber(redis.call('HGET', KEYS[1], 'epoch') or 0)
if epoch >= tonumber(ARGV[1]) then return 0 end

redis.call('UNLINK', unpack(KEYS))
local fields = {'epoch', ARGV[1], 'issued', ARGV[2], 'limit', ARGV[2], 'tick', ARGV[3], 'serving', ARGV[4],
  'resumes_at', string.format('%.0f', now + tonumber(ARGV[5])), 'filled_at', string.format('%.0f', now),
  'level', 0, 'lease_until', string.format('%.0f', now + tonumber(ARGV[8])), 'version', 0, 'admitted', 0, 'completed', 0, 'expired', 0, 'left', 0}
for i = 9, #ARGV do fields[#fields + 1] = ARGV[i] end
redis.call('HSET', KEYS[1], unpack(fields))
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', math.max(tonumber(ARGV[6]), now + tonumber(ARGV[7]))))
return 1
