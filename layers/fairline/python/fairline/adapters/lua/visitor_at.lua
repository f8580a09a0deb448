-- Who holds, or last held, a position.
-- KEYS  1 line  2 called
-- ARGV  1 position
-- Returns the visitor, or nil
local found = redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], ARGV[1])
if #found == 0 then found = redis.call('ZRANGEBYSCORE', KEYS[2], ARGV[1], ARGV[1]) end
return found[1]
