-- GCRA by Redis's own clock, counted in segments. KEYS: when the next segment is due; "a reply is waiting".
-- ARGV: lane, microseconds a segment takes, segments, tolerance in microseconds. Returns 0 (go) or milliseconds to wait.
local lane = ARGV[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local cost = ARGV[2] * ARGV[3]
-- So much nobody owes: no text has 30 segments. Its clock was set back, and the rate must not wait until it is as late again.
if due - now > 1000000 + 30 * ARGV[2] then due = now end

-- At rates too low for a reserved share, a waiting reply still goes before the next blast text.
if lane == 'blasts' and redis.call('EXISTS', KEYS[2]) == 1 then
  return math.max(1, math.min(1000, math.ceil((due - now) / 1000) + 5))
end

-- Within the tolerance texts may come in a burst; a text larger than it borrows as soon as nothing is owed.
local slack = math.max(ARGV[4] - cost, 0)
local early = due - now - slack
if early > 0 then
  local wait = math.ceil(early / 1000)
  if lane == 'replies' then redis.call('SET', KEYS[2], '1', 'PX', wait + 200) end
  return wait
end
redis.call('SET', KEYS[1], string.format('%.0f', due + cost), 'PX', math.ceil((due + cost - now) / 1000) + 1000)
if lane == 'replies' then redis.call('DEL', KEYS[2]) end
return 0
