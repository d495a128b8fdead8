/**
 * `quota-rules.ts` in the words of Redis, which runs it in one step and by its own clock. A subject is a hash: `b:<perMs>:<bucket>` holds
 * a count, `t:<perMs>` holds "left until", `m:0` says that it is whole: a hash without it may have been lost with Redis' memory, so
 * that it is named as missing and nothing is decided until `restore` has brought back what is known of it. KEYS are the subjects in the order of the rules; ARGV[1] is what to do, as JSON.
 */
export const quotaScript = `
local input = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local states = {}
local missing = {}

local function size_of(per) return math.ceil(per / input.buckets) end
local function field(kind, per, index)
  if index then return string.format('%s:%d:%d', kind, per, index) end
  return string.format('%s:%d', kind, per)
end

local function state_of(key)
  if states[key] then return states[key] end
  local state = { buckets = {}, told = {} }
  local flat = redis.call('HGETALL', key)
  local whole = false
  for at = 1, #flat, 2 do
    local kind, per, index = string.match(flat[at], '^(%a):(%d+):?(%d*)$')
    per = tonumber(per)
    if kind == 'b' then
      index = tonumber(index)
      if (index + 1) * size_of(per) <= now - per then
        redis.call('HDEL', key, flat[at])
      else
        state.buckets[per] = state.buckets[per] or {}
        state.buckets[per][index] = tonumber(flat[at + 1])
      end
    elseif kind == 'm' then
      whole = true
    else
      local left, untilMs = string.match(flat[at + 1], '^(%d+) (%d+)$')
      if tonumber(untilMs) <= now then
        redis.call('HDEL', key, flat[at])
      else
        state.told[per] = { left = tonumber(left), untilMs = tonumber(untilMs) }
      end
    end
  end
  if not whole then missing[#missing + 1] = key end
  states[key] = state
  return state
end

local function tell(key, per, told)
  redis.call('HSET', key, field('t', per), string.format('%d %d', told.left, told.untilMs))
end

local function add(key, state, per, at, count)
  state.buckets[per] = state.buckets[per] or {}
  local index = math.floor(at / size_of(per))
  local sum = (state.buckets[per][index] or 0) + count
  if sum > 0 then
    state.buckets[per][index] = sum
    redis.call('HSET', key, field('b', per, index), string.format('%d', sum))
  else
    state.buckets[per][index] = nil
    redis.call('HDEL', key, field('b', per, index))
  end
end

local function keep(key, windows, hold)
  local longest = 0
  for _, window in ipairs(windows) do longest = math.max(longest, window.perMs) end
  redis.call('PEXPIRE', key, string.format('%d', longest + hold + input.keepMs))
end

local function standing_of(state, window, cost, kept)
  local per, size = window.perMs, size_of(window.perMs)
  local indexes, used = {}, 0
  for index, count in pairs(state.buckets[per] or {}) do
    indexes[#indexes + 1] = index
    used = used + count
  end
  table.sort(indexes)
  local own = window.limit - used
  local told = state.told[per]
  local left = own
  if told then left = math.min(left, told.left) end
  local wait = 0
  if told and told.left < cost + kept then wait = told.untilMs - now end
  if own < cost + kept then
    if cost + kept > window.limit then
      wait = -1
    else
      local free, freeAt = own, now
      for _, index in ipairs(indexes) do
        if free >= cost + kept then break end
        free = free + state.buckets[per][index]
        freeAt = math.min((index + 1) * size, now + size) + per
      end
      wait = math.max(wait, freeAt - now)
    end
  end
  return math.max(0, left), wait
end

local function cost_under(rule, cost)
  for _, window in ipairs(rule.windows) do cost = math.min(cost, window.limit) end
  return cost
end

local function refusal_of(index, ask)
  if ask.isFree then return nil end
  local rule = input.rules[index + 1]
  if #rule.windows == 0 then return nil end
  local state, cost = state_of(KEYS[index + 1]), cost_under(rule, ask.cost)
  local refusal = nil
  for _, window in ipairs(rule.windows) do
    local kept = ask.isPerson and 0 or window.kept
    local left, wait = standing_of(state, window, cost, kept)
    if left < cost + kept then
      local because = 'limit'
      if left >= cost and not (refusal and refusal.because == 'limit') then because = 'reserve' end
      local before = refusal and refusal.waitMs or 0
      if before < 0 or wait < 0 then wait = -1 else wait = math.max(before, wait) end
      refusal = { because = because, waitMs = wait }
    end
  end
  return refusal
end

local function sooner_of(a, b)
  if not a or a.waitMs < 0 then return b end
  if b.waitMs >= 0 and b.waitMs < a.waitMs then return b end
  return a
end

local function refuse(slot, refusal)
  return { ok = false, slot = slot, because = refusal.because, waitMs = refusal.waitMs }
end

local function reserve(ask)
  local chosen, bare = {}, true
  for slot, wanted in ipairs(ask.slots) do
    local refusal, found = nil, -1
    for _, index in ipairs(wanted.rules) do
      local why = refusal_of(index, ask)
      if not why then
        found = index
        break
      end
      refusal = sooner_of(refusal, why)
    end
    if found < 0 and wanted.required and refusal then return refuse(slot - 1, refusal) end
    if found >= 0 then bare = false end
    chosen[#chosen + 1] = found
  end
  if bare and ask.own >= 0 then
    local why = refusal_of(ask.own, ask)
    if why then return refuse(#ask.slots, why) end
  end
  chosen[#chosen + 1] = bare and ask.own or -1
  local seen = {}
  for _, index in ipairs(chosen) do
    if index >= 0 and not seen[index] and #input.rules[index + 1].windows > 0 then
      seen[index] = true
      local key, rule = KEYS[index + 1], input.rules[index + 1]
      local state, cost = state_of(key), cost_under(rule, ask.cost)
      for _, window in ipairs(rule.windows) do
        add(key, state, window.perMs, now + ask.holdMs, cost)
        local told = state.told[window.perMs]
        if told then
          told.left = math.max(0, told.left - cost)
          tell(key, window.perMs, told)
        end
      end
      keep(key, rule.windows, ask.holdMs)
    end
  end
  return { ok = true, chosen = chosen, heldUntilMs = now + ask.holdMs }
end

local function settle(key, done)
  local state = state_of(key)
  for _, window in ipairs(done.rule.windows) do
    local per = window.perMs
    add(key, state, per, done.heldUntilMs, -done.held)
    if done.used > 0 then add(key, state, per, now, done.used) end
    local known = state.told[per]
    if known then known.left = math.max(0, known.left + done.held - done.used) end
    for _, word in ipairs(done.told) do
      if word.perMs == per then
        local before = state.told[per]
        local untilMs, left = now + word.resetsInMs, word.left
        if before then untilMs, left = math.min(before.untilMs, untilMs), math.min(before.left, left) end
        state.told[per] = { left = left, untilMs = untilMs }
      end
    end
    if state.told[per] then tell(key, per, state.told[per]) end
  end
  keep(key, done.rule.windows, 0)
end

local function is_whole()
  for at, rule in ipairs(input.rules) do
    if #rule.windows > 0 then state_of(KEYS[at]) end
  end
  return #missing == 0
end

local answer = {}
if (input.op == 'reserve' or input.op == 'peek') and not is_whole() then
  return cjson.encode({ missing = missing })
elseif input.op == 'reserve' then
  for at, ask in ipairs(input.asks) do answer[at] = reserve(ask) end
elseif input.op == 'settle' then
  for at, done in ipairs(input.settlements) do settle(KEYS[at], done) end
elseif input.op == 'peek' then
  for at, rule in ipairs(input.rules) do
    answer[at] = {}
    for nth, window in ipairs(rule.windows) do
      local left, wait = standing_of(state_of(KEYS[at]), window, 1, 0)
      answer[at][nth] = { left = left, waitMs = wait }
    end
  end
elseif input.op == 'restore' then
  if redis.call('HSETNX', KEYS[1], 'm:0', '1') == 1 then
    for name, value in pairs(input.fields) do
      if string.sub(name, 1, 1) == 'b' then
        redis.call('HINCRBY', KEYS[1], name, value)
      else
        redis.call('HSETNX', KEYS[1], name, value)
      end
    end
    redis.call('PEXPIRE', KEYS[1], string.format('%d', input.keepMs))
  end
else
  for per in pairs(state_of(KEYS[1]).told) do redis.call('HDEL', KEYS[1], field('t', per)) end
end
return cjson.encode(answer)
`;
