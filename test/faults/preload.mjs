/**
 * Loaded before the program by `node --import` and by nothing that is shipped: gives the process another clock, and does
 * something to it at one of its steps. A step is a program that it starts or that ends, or a file that it writes, renames
 * or removes; it has a name, and `nth` counts those of one name. What to do comes in SLUICE_FAULTS, as JSON:
 *
 *   { "now": "2026-11-24T20:30:00Z", "trace": "/tmp/steps", "at": [{ "step": "before terraform apply", "nth": 2, "do": "kill" }] }
 *
 * `kill`: SIGKILL to this process alone; Terraform and git go on. `power`: to everything that it started as well.
 * `fail`: the step fails with `code`. `jump`: the clock is `to` from then on. `hold`: the step waits until the file `until` is there.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const { now, trace, at = [] } = JSON.parse(process.env.SLUICE_FAULTS ?? '{}');
const RealDate = Date;
let offset = now === undefined ? 0 : RealDate.parse(now) - RealDate.now();

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + offset] : given));
  }

  static now() {
    return RealDate.now() + offset;
  }
};

const seen = new Map();
const children = new Set();
const { existsSync, appendFileSync, writeFileSync } = fs;
const realSetTimeout = setTimeout;

/** Counts a step and does what is asked for at it. Throws where the step is to fail. */
function meet(step) {
  const nth = (seen.get(step) ?? 0) + 1;
  seen.set(step, nth);
  if (trace !== undefined) appendFileSync(trace, `${step}\t${nth}\n`);
  const asked = at.find(
    (each) => each.step === step && nth >= each.nth && nth < each.nth + (each.times ?? 1),
  );
  switch (asked?.do) {
    case undefined:
      return null;
    case 'power':
      for (const pid of children) endGroup(pid);
      process.kill(process.pid, 'SIGKILL');
      return null;
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      return null;
    case 'jump':
      offset = RealDate.parse(asked.to) - RealDate.now();
      return null;
    case 'fail':
      throw Object.assign(new Error(`${asked.code}: ${step}`), { code: asked.code });
    case 'hold':
      return asked.until;
    default:
      throw new Error(`nobody knows what to do: ${asked.do}`);
  }
}

function endGroup(pid) {
  for (const each of [-pid, pid]) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

/** Waits for the file that ends a hold. */
async function until(file) {
  writeFileSync(`${file}.held`, '');
  while (!existsSync(file)) await new Promise((resolve) => realSetTimeout(resolve, 20));
}

/** `git update-ref`, `terraform apply acme-production`; null for what asks only. */
function programOf(command, args, options) {
  const name = basename(String(command));
  if (name === 'git') {
    const verb = (args ?? []).find(
      (arg, index) => !arg.startsWith('-') && args[index - 1] !== '-c' && args[index - 1] !== '-C',
    );
    return `git ${verb}`;
  }
  return name === 'terraform' ? `terraform ${(args ?? [])[0]} ${basename(String(options?.cwd ?? ''))}` : name;
}

const { spawn } = childProcess;
childProcess.spawn = (command, args, options) => {
  const program = programOf(command, args, options);
  meet(`before ${program}`);
  const child = spawn(command, args, options);
  if (child.pid !== undefined) children.add(child.pid);
  meet(`started ${program}`);
  child.prependOnceListener('exit', () => {
    children.delete(child.pid);
    meet(`after ${program}`);
  });
  return child;
};

/** Paths below .sluice and .git, without what is random in them; null for any other. */
function placeOf(path) {
  const [, place] = /\/(\.sluice\/.*|\.git\/.*)$/.exec(String(path)) ?? [];
  return place?.replaceAll(/[0-9a-f]{8,}|\d+/g, 'x').replace(/\.x?[^/.]*\.tmp$/, '') ?? null;
}

for (const verb of ['rename', 'rm', 'unlink', 'mkdir', 'writeFile', 'open']) {
  const real = fsp[verb];
  fsp[verb] = async (path, ...rest) => {
    const place = placeOf(verb === 'rename' ? rest[0] : path);
    const isWrite =
      verb !== 'open' || (typeof rest[0] === 'string' ? /[wa+]/.test(rest[0]) : ((rest[0] ?? 0) & 3) !== 0);
    if (place === null || !isWrite) return real(path, ...rest);
    const held = meet(`before ${verb} ${place}`);
    if (held !== null) await until(held);
    const done = await real(path, ...rest);
    meet(`after ${verb} ${place}`);
    return done;
  };
}

// The launcher marks its bundle as used, and removes what nobody used for a day: by the real clock.
const { utimesSync } = fs;
fs.utimesSync = (path) => utimesSync(path, new RealDate(), new RealDate());
syncBuiltinESMExports();
