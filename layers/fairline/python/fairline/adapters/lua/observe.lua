-- Begin a tick: mirror the policy, take back sessions that ran out, and look.
-- KEYS  1 state  2 line  3 called  4 ended  5 active  6 outbox
-- ARGV  1 recorded epoch  2 recorded tick  3 forgotten_at  4 kept_ms: for so long at least, however early it closed
--       5 version of the policy  6... its fields and values
-- Returns {"lost", now} | {"overtaken", now}
--         | {"seen", now, tick, issued, limit, lease_until, resumes_at, serving, waiting, active, level, filled_at,
--            admitted, completed, expired, left, {session, "started:ends", ...}}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stamp = string.format('%.0f', now)

local s = redis.call('HMGET', KEYS[1], 'epoch', 'tick', 'version')
local epoch = tonumber(s[1])
if not epoch or epoch < tonumber(ARGV[1]) then return {'lost', stamp} end
if epoch > tonumber(ARGV[1]) then return {'overtaken', stamp} end
if tonumber(s[2]) < tonumber(ARGV[2]) then return {'lost', stamp} end
if tonumber(ARGV[5]) < tonumber(s[3]) then return {'overtaken', stamp} end -- another ticker goes by newer rules

-- A script whose first write needs no memory is let through by a full store: those who are in the line go on.
local forgotten_at = string.format('%.0f', math.max(tonumber(ARGV[3]), now + tonumber(ARGV[4])))
for _, key in ipairs(KEYS) do redis.call('PEXPIREAT', key, forgotten_at) end
local fields = {'version', ARGV[5]}
for i = 6, #ARGV do fields[#fields + 1] = ARGV[i] end
redis.call('HSET', KEYS[1], unpack(fields))
local expired = redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', stamp)
if expired > 0 then redis.call('HINCRBY', KEYS[1], 'expired', expired) end

local v = redis.call('HMGET', KEYS[1], 'tick', 'issued', 'limit', 'lease_until', 'resumes_at', 'serving',
  'level', 'filled_at', 'admitted', 'completed', 'expired', 'left')
return {'seen', stamp, v[1], v[2], v[3], v[4], v[5], v[6],
  redis.call('ZCARD', KEYS[2]), redis.call('ZCARD', KEYS[5]), v[7], v[8], v[9], v[10], v[11], v[12],
  redis.call('HGETALL', KEYS[6])}
