-- Make the store know sessions again after it was lost, and that their visitors do not wait.
-- KEYS  1 state  2 line  3 called  4 ended  5 active
-- ARGV  for each session: visitor, position, ends_at, reason or ""
redis.call('HDEL', KEYS[1], '') -- first a write that needs no memory, as in observe: a full store lets the rest through
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 1, #ARGV, 4 do
  local visitor, position, ends_at, reason = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2], ARGV[i + 3]
  local session = ARGV[i + 1] .. '.' .. visitor
  local waiting = tonumber(redis.call('ZSCORE', KEYS[2], visitor) or 0)
  local called = tonumber(redis.call('ZSCORE', KEYS[3], visitor) or 0)
  if waiting == position then redis.call('ZREM', KEYS[2], visitor) end
  if called <= position then
    if waiting <= position then -- whoever waits further back has rejoined since: that place is the visitor's now
      redis.call('ZADD', KEYS[3], ARGV[i + 1], visitor)
      if called < position then redis.call('HDEL', KEYS[4], visitor) end -- how an earlier place of theirs ended
      if reason ~= '' then redis.call('HSET', KEYS[4], visitor, reason) end
    end
    if reason ~= '' then
      redis.call('ZREM', KEYS[5], session)
    elseif tonumber(ends_at) > now and redis.call('HEXISTS', KEYS[4], visitor) == 0 then
      redis.call('ZADD', KEYS[5], 'GT', ends_at, session)
    end
  end
end
local forgotten_at = redis.call('PEXPIRETIME', KEYS[1])
for i = 3, 5 do redis.call('PEXPIREAT', KEYS[i], forgotten_at) end
