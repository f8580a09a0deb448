-- Make the store know sessions again after it was lost, and that their visitors do not wait.
-- KEYS  1 state  2 line  3 called  4 ended  5 active
-- ARGV  for each session: visitor, position, ends_at, reason or ""
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 1, #ARGV, 4 do
  local visitor, position, ends_at, reason = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local waiting = redis.call('ZSCORE', KEYS[2], visitor)
  if waiting and tonumber(waiting) == tonumber(position) then redis.call('ZREM', KEYS[2], visitor) end
  redis.call('ZADD', KEYS[3], 'GT', position, visitor)
  if tonumber(redis.call('ZSCORE', KEYS[3], visitor)) == tonumber(position) then
    if reason ~= '' then
      redis.call('HSET', KEYS[4], visitor, reason)
      redis.call('ZREM', KEYS[5], position .. '.' .. visitor)
    elseif tonumber(ends_at) > now and redis.call('HEXISTS', KEYS[4], visitor) == 0 then
      redis.call('ZADD', KEYS[5], 'GT', ends_at, position .. '.' .. visitor)
    end
  end
end
local forgotten_at = redis.call('PEXPIRETIME', KEYS[1])
for i = 3, 5 do redis.call('PEXPIREAT', KEYS[i], forgotten_at) end
