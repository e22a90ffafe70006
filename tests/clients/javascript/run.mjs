// Starts a desk for each file of tests and runs them all: `npm test [-- FILE...]`.
//
// Node reads the authorities it trusts once, when it starts. So the desks come first, and the tests
// run in a process of their own that trusts their authorities and nothing else has been changed in.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, "../../..");
const READY_MS = 30_000;

/** The program under test: `PRORATA_BIN`, or what cargo built last. */
function binary() {
  if (process.env.PRORATA_BIN) return process.env.PRORATA_BIN;
  const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
  const built = ["debug", "release"]
    .map((profile) => join(target, profile, "prorata"))
    .filter(existsSync)
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  if (!built.length) throw new Error(`no prorata under ${target}; run cargo build`);
  return built[0];
}

async function start(folder, file) {
  const data = join(folder, file);
  const log = openSync(`${data}.log`, "a");
  const server = spawn(
    binary(),
    ["serve", "--sandbox", "--listen", "127.0.0.1:0", "--data", data],
    { stdio: ["ignore", "pipe", log] },
  );
  closeSync(log);
  const lines = createInterface({ input: server.stdout });
  const [line] = await once(lines, "line", { signal: AbortSignal.timeout(READY_MS) });
  lines.resume();
  const url = /https:\/\/[^\s"',]+/.exec(line)?.[0].replace(/[/.]+$/, "");
  if (!url) throw new Error(`the desk did not get ready: ${line}\n${readFileSync(`${data}.log`)}`);
  const { caFile } = JSON.parse(readFileSync(join(data, "sandbox.json")));
  return { file, data, server, url, ca: isAbsolute(caFile) ? caFile : join(data, caFile) };
}

/** Ends a desk and lets it prove its books. */
async function stop({ file, data, server }) {
  const ended = server.exitCode ?? once(server, "exit").then(([code]) => code);
  server.kill("SIGTERM");
  if ((await ended) !== 0) {
    console.error(`the desk of ${file} did not end well:\n${readFileSync(`${data}.log`)}`);
    return false;
  }
  const verified = spawnSync(binary(), ["verify", "--data", data], { encoding: "utf8" });
  if (verified.status !== 0) console.error(`${file}: ${verified.stdout}${verified.stderr}`);
  return verified.status === 0;
}

/** Holds every answer that the clients got against its schema; see ../python/contract.py. */
function keptTheContract(desk, record) {
  const python = process.env.PRORATA_PYTHON ?? join(ROOT, "target/venv/bin/python");
  if (!existsSync(python)) {
    console.log(`SKIPPED: shapes of answers: there is no ${python}; set PRORATA_PYTHON`);
    return process.env.PRORATA_REQUIRE_ALL !== "1";
  }
  const described = join(dirname(record), "openapi.json");
  const fetched = spawnSync(process.execPath, [
    "-e",
    "fetch(process.argv[1]).then((got) => got.text()).then((text) => process.stdout.write(text))",
    `${desk.url}/openapi.json`,
  ], { env: { ...process.env, NODE_EXTRA_CA_CERTS: desk.ca }, maxBuffer: 1 << 26 });
  writeFileSync(described, fetched.stdout);
  const checked = spawnSync(python, [join(HERE, "../python/contract.py"), described, record], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  return checked.status === 0;
}

const asked = process.argv.slice(2).map((path) => basename(path));
const files = readdirSync(HERE).filter((name) => name.endsWith(".test.mjs")).sort()
  .filter((name) => !asked.length || asked.includes(name));
if (!files.length) throw new Error(`no file of tests among ${asked}`);

const folder = mkdtempSync(join(tmpdir(), "prorata-javascript-"));
const desks = [];
let well = true;
try {
  for (const file of files) desks.push(await start(folder, file));
  const trusted = join(folder, "trusted.pem");
  writeFileSync(trusted, desks.map(({ ca }) => readFileSync(ca, "utf8")).join("\n"));
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted };
  // No proxy of the machine's stands between the clients and the desk.
  for (const name of ["http_proxy", "https_proxy", "all_proxy"]) {
    delete env[name];
    delete env[name.toUpperCase()];
  }
  env.PRORATA_DESKS = JSON.stringify(Object.fromEntries(desks.map(({ file, url }) => [file, url])));
  env.PRORATA_RECORD = join(folder, "record.jsonl");
  const tests = spawn(
    process.execPath,
    ["--test", "--test-reporter=spec", ...files.map((name) => join(HERE, name))],
    { stdio: ["ignore", "inherit", "inherit"], env },
  );
  const [status] = await once(tests, "exit");
  well = status === 0;
  well = keptTheContract(desks[0], env.PRORATA_RECORD) && well;
} finally {
  for (const desk of desks) well = (await stop(desk)) && well;
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = well ? 0 : 1;
