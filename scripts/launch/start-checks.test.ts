import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLauncherConfig } from "@assay/process";
import { afterEach, expect, test } from "vitest";
import { checkDatabase } from "./foreign-database.ts";
import { openKeys, renewEncryptionKeys } from "./keys.ts";
import { checkPortFree, freePort } from "./port.ts";

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function listen(answer: (socket: Socket) => void): Promise<number> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

test("a taken port and a foreign address are named, with the setting to change", async () => {
  const port = await listen(() => undefined);
  await expect(checkPortFree("127.0.0.1", port)).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken by another program: stop that one, or set ASSAY_PORT to a free port.`,
  );
  await expect(checkPortFree("192.0.2.1", 3456)).rejects.toThrow(/^192\.0\.2\.1 is not an address of this machine/);
  await expect(checkPortFree("127.0.0.1", await freePort())).resolves.toBeUndefined();
});

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

/** Enough of PostgreSQL's protocol (version 3) to sign in anybody and to answer each query with one text. */
function speakPostgres(answer: string) {
  const idle = message("Z", Buffer.from("I"));
  // One column: its name, no table, type 25 (text) of any length, as text.
  const column = Buffer.from(
    `0001${Buffer.from("number").toString("hex")}00_00000000_0000_00000019_ffff_ffffffff_0000`.replaceAll("_", ""),
    "hex",
  );
  const size = Buffer.alloc(4);
  size.writeUInt32BE(answer.length);
  const row = Buffer.concat([Buffer.from("\0\x01"), size, Buffer.from(answer)]);
  return (socket: Socket) => {
    socket.once("data", () => {
      socket.write(Buffer.concat([message("R", Buffer.alloc(4)), idle]));
      socket.on("data", (query) => {
        if (query[0] !== 0x51) return;
        socket.write(
          Buffer.concat([message("T", column), message("D", row), message("C", Buffer.from("SELECT 1\0")), idle]),
        );
      });
    });
    socket.on("error", () => undefined);
  };
}

test("a database of one's own that does not answer, or is too old, is named without its password", async () => {
  const closed = await freePort();
  const refused = checkDatabase(`postgresql://assay:hunter2@127.0.0.1:${closed}/assay`);
  await expect(refused).rejects.toThrow(
    new RegExp(
      `^PostgreSQL at 127\\.0\\.0\\.1:${closed}, database assay, cannot be used \\(.*ECONNREFUSED.*\\): check DATABASE_URL`,
    ),
  );
  await expect(refused).rejects.not.toThrow(/hunter2/);

  const old = await listen(speakPostgres("140012"));
  await expect(checkDatabase(`postgresql://assay:hunter2@127.0.0.1:${old}/assay`)).rejects.toThrow(
    `PostgreSQL at 127.0.0.1:${old}, database assay, is version 14 and Assay needs 15 or newer: upgrade it, or unset DATABASE_URL.`,
  );
  const young = await listen(speakPostgres("150001"));
  await expect(checkDatabase(`postgresql://assay:hunter2@127.0.0.1:${young}/assay`)).resolves.toBeUndefined();
});

test("keys are made once and kept for their owner; where other machines take part they are demanded", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "assay-keys-"));
  const env = { ASSAY_DATA_DIR: dataDir };
  try {
    const keys = await openKeys(readLauncherConfig(env));
    expect(keys.sessionSecret).not.toBe(keys.runnerToken);
    expect(await openKeys(readLauncherConfig(env))).toEqual(keys);
    expect(await readFile(join(dataDir, "runner-token"), "utf8")).toContain(keys.runnerToken);
    for (const file of ["session-secret", "encryption-keys"])
      expect((await stat(join(dataDir, file))).mode & 0o777).toBe(0o600);

    const renewed = await renewEncryptionKeys(dataDir);
    expect(renewed).toMatch(/^\d{8}-[0-9a-f]{6}:[\w-]{43},/);
    expect(renewed.endsWith(`,${keys.encryptionKeys}`)).toBe(true);
    expect(await openKeys(readLauncherConfig(env))).toEqual({ ...keys, encryptionKeys: renewed });

    const database = { ...env, DATABASE_URL: "postgresql://db.example.org/assay" };
    await expect(openKeys(readLauncherConfig(database))).rejects.toThrow(
      /^ASSAY_SESSION_SECRET and ASSAY_RUNNER_TOKEN must be set/,
    );
    const others = { ASSAY_SESSION_SECRET: "x".repeat(32), ASSAY_RUNNER_TOKEN: "x".repeat(32) };
    await expect(openKeys(readLauncherConfig({ ...database, ...others }))).rejects.toThrow(
      /^ASSAY_ENCRYPTION_KEYS must be set where DATABASE_URL is/,
    );
    await writeFile(join(dataDir, "encryption-keys"), "garbage\n");
    await expect(openKeys(readLauncherConfig(env))).rejects.toThrow(/encryption-keys is not a list of encryption keys/);
    await rm(join(dataDir, "encryption-keys"));
    const runners = { ...env, ASSAY_RUNNERS_PYTHON: "runner-1:50052" };
    await expect(openKeys(readLauncherConfig(runners))).rejects.toThrow(/^ASSAY_RUNNER_TOKEN must be set/);
  } finally {
    await rm(dataDir, { recursive: true });
  }
});
