// What Redis does in one step, in Lua.

/** Writes an answer, unless there was a clearing since its call began or, with NX, there is something better. */
export const writeScript = `
local all, source, pair = unpack(redis.call("mget", KEYS[1], KEYS[2], KEYS[3]))
if not all or not source or all .. "." .. source .. "." .. (pair or "") ~= ARGV[1] then return 0 end
local kept
if ARGV[4] == "NX" then kept = redis.call("set", KEYS[4], ARGV[2], "PX", ARGV[3], "NX")
else kept = redis.call("set", KEYS[4], ARGV[2], "PX", ARGV[3]) end
if not kept then return 0 end
redis.pcall("zadd", KEYS[5], ARGV[5], ARGV[6])
redis.pcall("sadd", KEYS[6], ARGV[7])
return 1`;
/** Moves an index aside, where there is one; returns how many it has. */
export const takeScript = `
local count = redis.call("zcard", KEYS[1])
if count > 0 then redis.call("rename", KEYS[1], KEYS[2]) end
return count`;
/** Calls under way of the source keep nothing; what it has stays valid. */
export const touchScript = `
local now = redis.pcall("get", KEYS[1])
local kept = type(now) == "string" and string.match(now, "^[^/]*") or ARGV[1]
redis.call("set", KEYS[1], kept .. "/" .. ARGV[2], "EX", ARGV[3])`;
/** The beginnings of many texts; of one that is absent or no text, nothing. */
export const headsScript = `
local heads = {}
for at, key in ipairs(KEYS) do
  local head = redis.pcall("getrange", key, 0, ARGV[1])
  heads[at] = type(head) == "string" and head or ""
end
return heads`;
