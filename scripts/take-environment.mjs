/**
 * Takes the environment away from this process. On Linux every process of the same user can read the environment that
 * another was started with, and a program that Sluice starts could so find the tokens that Sluice was given. What
 * `process.env` holds later is not what is read there: the memory that the system shows has to be written over.
 *
 * A caller that does not want its tokens in any environment hands them over a file descriptor instead:
 *
 *   exec env -u TOKEN SLUICE_SECRETS_FD=3 node scripts/launch.mjs … 3< <(printf 'TOKEN=%s\0' "$TOKEN")
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What libraries read from `process.env` while they run; none of it is secret. */
const allowed = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LC_ALL', 'TERM', 'NO_COLOR', 'FORCE_COLOR', 'CI'];

const descriptorName = 'SLUICE_SECRETS_FD';

/**
 * The environment as it was, with what came over the descriptor. Afterwards `process.env` holds a few harmless names and
 * /proc shows none of it.
 * @throws {Error} when a descriptor is named that cannot be read as variables.
 */
export function takeEnvironment() {
  const { [descriptorName]: descriptor, ...given } = process.env;
  const taken = { ...given, ...(descriptor === undefined ? {} : handedOver(descriptor)) };
  for (const name of Object.keys(process.env)) {
    delete process.env[name];
  }
  // Set anew, so that the values are not in the memory that is written over.
  for (const name of allowed) {
    if (given[name] !== undefined) process.env[name] = given[name];
  }
  if (process.platform === 'linux') writeOver();
  return taken;
}

/** Variables as `NAME=value`, each ended by a zero byte, as `env -0` prints them. */
function handedOver(descriptor) {
  if (!/^[3-9]$|^[1-9]\d{1,2}$/.test(descriptor)) {
    throw new Error(`${descriptorName} is not the number of an open file`);
  }
  const text = readFileSync(Number(descriptor), 'utf8');
  closeSync(Number(descriptor));
  const variables = text.split('\0');
  if (variables.pop() !== '') throw new Error(`what ${descriptorName} names does not end with a zero byte`);
  return Object.fromEntries(
    variables.map((variable) => {
      const at = variable.indexOf('=');
      const name = variable.slice(0, Math.max(at, 0));
      // The text is not shown: it may be the secret itself.
      if (!/^[A-Z][A-Z0-9_]*$/.test(name))
        throw new Error(`what ${descriptorName} names is not a list of NAME=value`);
      return [name, variable.slice(at + 1)];
    }),
  );
}

/** Where the environment lies is in /proc/self/stat, fields 50 and 51 (proc_pid_stat(5)); it is memory of our own. */
function writeOver() {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    // The name of the program, field 2, may hold blanks and brackets; after its last bracket follows field 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [start, end] = [Number(fields[50 - 3]), Number(fields[51 - 3])];
    if (!(start > 0 && end > start)) return;
    const memory = openSync('/proc/self/mem', 'r+');
    try {
      writeSync(memory, Buffer.alloc(end - start), 0, end - start, start);
    } finally {
      closeSync(memory);
    }
  } catch {
    // A system that does not allow it: what a cell does not hide is not promised there (scripts/adapters/process/confine.ts).
  }
}
