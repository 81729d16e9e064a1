import * as fs from 'node:fs/promises';
import { relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSynthesizer } from '../../../scripts/adapters/synth/synth.ts';
import type { SynthOptions } from '../../../scripts/adapters/synth/synth.ts';
import { ExternalError, InputError } from '../../../scripts/contract/errors.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { realConfinement } from '../process/real-confinement.ts';
import { rejection, snapshot, tempFolder, writeFiles } from '../files/temp-folder.ts';

const nodeModules = new URL('../../../node_modules', import.meta.url).pathname;

const app = `import { App, TerraformOutput, TerraformStack } from 'cdktf';
const app = new App();
const stack: TerraformStack = new TerraformStack(app, 'acme-production');
`;

/** A checkout with the program `main`, and other files by path. */
async function checkout(main: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await tempFolder();
  await writeFiles(folder, { 'package.json': '{"type":"module"}', 'stacks/main.ts': main, ...files });
  return folder;
}

function outputProgram(value: string): string {
  return `${app}new TerraformOutput(stack, 'x', { value: '${value}' });\napp.synth();`;
}

function annotated(level: string): string {
  return `import { Annotations } from 'cdktf';
    ${app}Annotations.of(stack).${level}('look here');
    app.synth();`;
}

interface Run {
  readonly stacks: ReadonlyMap<string, JsonObject>;
  readonly warnings: readonly string[];
}

async function synth(folder: string, more: Partial<SynthOptions> = {}): Promise<Run> {
  const warnings: string[] = [];
  const synthesizer = createSynthesizer({
    environment: process.env,
    nodeModules,
    guard: new URL('../../../scripts/adapters/synth/guard.mjs', import.meta.url).pathname,
    confinement: realConfinement(),
    onWarning: (text) => warnings.push(text),
    ...more,
  });
  return { stacks: await synthesizer.synth(folder), warnings };
}

/** The refusal of a program; nothing in the checkout may have changed. */
async function refusal(folder: string, more: Partial<SynthOptions> = {}): Promise<InputError['parts']> {
  const before = await snapshot(folder);
  const error = await rejection(synth(folder, more));
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).exit).toBe('invalidInput');
  expect(await snapshot(folder)).toEqual(before);
  const { parts } = error as InputError;
  expect(JSON.stringify(parts)).not.toMatch(/\\n\s+at |node_modules|sluice-synth-/);
  return parts;
}

function outputOf(run: Run, name: string): unknown {
  const outputs = run.stacks.get('acme-production')?.['output'] as
    | Readonly<Record<string, { value: unknown }>>
    | undefined;
  return outputs?.[name]?.value;
}

describe('stack code that behaves', () => {
  it('becomes one configuration for each stack, sorted by name', async () => {
    const folder = await checkout(`${app}new TerraformStack(app, 'acme');
      new TerraformOutput(stack, 'x', { value: 'y' });
      app.synth();`);
    const run = await synth(folder);
    expect([...run.stacks.keys()]).toEqual(['acme', 'acme-production']);
    expect(outputOf(run, 'x')).toBe('y');
    expect(run.warnings).toEqual([]);
  });

  it('leaves the checkout as it was, the lent packages included', async () => {
    const folder = await checkout(`${app}app.synth();`);
    await synth(folder);
    expect((await fs.readdir(folder)).toSorted()).toEqual(['package.json', 'stacks']);
  });

  it('may work with dates that are written down, and hash', async () => {
    const folder = await checkout(`import { createHash } from 'node:crypto';
      ${app}const date = new Date('2026-11-23T10:00:00Z');
      const value = [date.toISOString(), date instanceof Date, new Date(0).getTime(), Date.UTC(2026, 0), Date.parse('2026-01-01'),
        createHash('sha256').update('x').digest('hex').slice(0, 8)].join(' ');
      new TerraformOutput(stack, 'x', { value });
      app.synth();`);
    expect(outputOf(await synth(folder), 'x')).toBe(
      '2026-11-23T10:00:00.000Z true 0 1767225600000 1767225600000 2d711642',
    );
  });

  it('sees no variable of the environment but the few it needs', async () => {
    process.env['SLUICE_TEST_SECRET'] = 'must not be seen';
    onTestFinished(() => {
      delete process.env['SLUICE_TEST_SECRET'];
    });
    const folder =
      await checkout(`${app}new TerraformOutput(stack, 'x', { value: Object.keys(process.env).toSorted().join(' ') });
      new TerraformOutput(stack, 'y', { value: [process.env.TZ, process.env.LC_ALL, process.env.HOME === ${JSON.stringify(process.env['HOME'])}].join(' ') });
      app.synth();`);
    const run = await synth(folder);
    const fromTheSystem = new Set(['__CF_USER_TEXT_ENCODING']);
    const names = String(outputOf(run, 'x')).split(' ');
    expect(names.filter((name) => !fromTheSystem.has(name))).toEqual([
      'CDKTF_OUTDIR',
      'HOME',
      'LC_ALL',
      'NODE_NO_WARNINGS',
      'PATH',
      'TMPDIR',
      'TZ',
    ]);
    expect(outputOf(run, 'y')).toBe('UTC C false');
  });

  it('gets the context it is given', async () => {
    const folder =
      await checkout(`${app}new TerraformOutput(stack, 'x', { value: app.node.tryGetContext('backend') });
      app.synth();`);
    expect(outputOf(await synth(folder, { context: { backend: 'local' } }), 'x')).toBe('local');
  });

  it.each([
    ['the known form', 'node --import tsx stacks/other.ts', 'other'],
    ['a command of another form', 'touch /tmp/sluice-was-here && node stacks/other.ts', 'main'],
    ['a program outside the checkout', 'node --import tsx ../other.ts', 'main'],
    ['nothing', undefined, 'main'],
  ])('is the program in cdktf.json when that has %s', async (_name, command, expected) => {
    const folder = await checkout(outputProgram('main'), {
      'stacks/other.ts': outputProgram('other'),
      'cdktf.json': JSON.stringify({ app: command }),
    });
    expect(outputOf(await synth(folder), 'x')).toBe(expected);
    await expect(fs.stat('/tmp/sluice-was-here')).rejects.toThrow('ENOENT');
  });
});

describe('what becomes part of the program', () => {
  it('is every kind of source, with the place where it lies, in a package of modules and in one without', async () => {
    const main = `import { readFileSync } from 'node:fs';
      import data from './data.json' with { type: 'json' };
      import { old } from './old.cjs';
      ${app}const beside = readFileSync(new URL('./text.txt', import.meta.url), 'utf8');
      new TerraformOutput(stack, 'x', { value: [data.name, old, beside].join(' ') });
      app.synth();`;
    const files = {
      'stacks/data.json': '{"name":"json"}',
      'stacks/old.cjs': "exports.old = 'common';",
      'stacks/text.txt': 'text',
      // Names a file outside, and is not read at all.
      'tsconfig.json': '{ "extends": "/etc/hostname"',
    };
    for (const described of ['{"type":"module"}', '{}']) {
      const folder = await checkout(main, { ...files, 'package.json': described });
      expect(outputOf(await synth(folder), 'x')).toBe('json common text');
    }
  });

  it('is what a template of a path may name, in the checkout only', async () => {
    const outside = await tempFolder();
    await writeFiles(outside, { 'a.json': '"kept"' });
    const main = (path: string): string => `${app}const name = process.env['TZ'] === 'UTC' ? 'a' : 'b';
      const { default: value } = await import(\`${path}\`);
      new TerraformOutput(stack, 'x', { value });
      app.synth();`;
    const own = await checkout(main('./parts/${name}.ts'), { 'stacks/parts/a.ts': "export default 'own';" });
    expect(outputOf(await synth(own), 'x')).toBe('own');
    const other = await checkout('');
    await writeFiles(other, {
      'stacks/main.ts': main(`${relative(`${other}/stacks`, outside)}/\${name}.json`),
    });
    expect((await refusal(other)).what).toContain('Only TypeScript, JavaScript and JSON of the checkout');
  });

  it.each([
    ['a file outside of the checkout', 'OUTSIDE/kept.json', 'is neither a file of the checkout nor'],
    ['a file outside, by its address', 'file://OUTSIDE/kept.json', 'is neither a file of the checkout nor'],
    ['a hidden file', '../.kept.json', 'is neither a file of the checkout nor'],
    ['a link that leads outside', './lead.json', 'is neither a file of the checkout nor'],
    ['what is not installed', 'nobody-has-this', "Cannot find package 'nobody-has-this'"],
    ['what is on another machine', 'https://example.test/x.js', 'Cannot find package'],
    ['a text', './text.txt', 'Only TypeScript, JavaScript and JSON'],
    ['a source that names a map', './mapped.js', 'It names a source map'],
  ])('is not %s', async (_name, path, why) => {
    const outside = await tempFolder();
    await writeFiles(outside, { 'kept.json': '"kept"' });
    const folder = await checkout(`export {};\nimport '${path.replace('OUTSIDE', outside)}';\n`, {
      '.kept.json': '"kept"',
      'stacks/text.txt': 'text',
      'stacks/mapped.js': `//# sourceMappingURL=${outside}/kept.json`,
    });
    await fs.symlink(`${outside}/kept.json`, `${folder}/stacks/lead.json`);
    const { what } = await refusal(folder);
    expect(what).toMatch(
      /^stack code failed at stacks\/(?:main\.ts:2:8|\S+:1:1|text\.txt\S*|mapped\.js\S*): /,
    );
    expect(what).toContain(why);
  });
});

describe('stack code that prints', () => {
  it('is reported as a warning, without control characters or secrets, and is not a result', async () => {
    const folder = await checkout(`${app}console.log('{"stacks":{}}');
      console.error('\\u001b[31mred\\u202e token=abcdef123456');
      for (let i = 0; i < 100; i += 1) console.log('line ' + i);
      app.synth();`);
    const run = await synth(folder);
    expect([...run.stacks.keys()]).toEqual(['acme-production']);
    expect(run.warnings).toContain('stack code printed: {"stacks":{}}');
    expect(run.warnings).toContain(String.raw`stack code printed: \u{1b}[31mred\u{202e} token=[redacted]`);
    expect(run.warnings).toHaveLength(22);
    expect(run.warnings).toContain('stack code printed 81 more lines');
  });

  it('passes on what its constructs warn about, and refuses what they call an error', async () => {
    expect((await synth(await checkout(annotated('addWarning')))).warnings).toEqual([
      'acme-production/acme-production: look here',
    ]);
    expect((await refusal(await checkout(annotated('addError')))).what).toContain(
      '[acme-production] look here',
    );
    const goingOn = `process.env['CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS'] = 'true';\n${annotated('addError')}`;
    expect((await refusal(await checkout(goingOn))).what).toBe(
      'stack code reports an error on a construct: acme-production/acme-production: look here',
    );
  });
});

describe('stack code that throws', () => {
  it('is refused with file, line and column of the checkout, and without a JavaScript stack', async () => {
    const folder = await checkout(`import { zone } from './clients/zone.ts';\nzone('x');\n`, {
      'stacks/clients/zone.ts': `export function zone(name: string): void {\n  const label: string = name;\n  throw new RangeError(\`bad zone \${label}\`);\n}\n`,
    });
    expect(await refusal(folder)).toEqual({
      what: 'stack code failed at stacks/clients/zone.ts:3:9: bad zone x',
      published: 'stack code failed at stacks/clients/zone.ts:3:9',
      why: 'RangeError was thrown and not caught, so there are no stacks to compare',
      fix: 'correct the stack code at that line',
      next: 'npx tsc --noEmit',
      diagnostics: [
        {
          location: { file: 'stacks/clients/zone.ts', line: 3, column: 9 },
          message: 'bad zone x',
          fix: 'correct the stack code at that line',
        },
      ],
    });
  });

  it('is refused at its own line when a package throws', async () => {
    const folder = await checkout(`${app}\nnew TerraformStack(app, 'acme-production');\n`);
    const parts = await refusal(folder);
    expect(parts.what).toMatch(
      /^stack code failed at stacks\/main\.ts:5:1: There is already a Construct with name/,
    );
  });

  it('is refused at the place of a syntax error', async () => {
    const folder = await checkout(`import './broken.ts';\n`, {
      'stacks/broken.ts': `const a = 1;\nconst b = = 2;\n`,
    });
    expect((await refusal(folder)).what).toBe('stack code failed at stacks/broken.ts:2:11: Unexpected "="');
  });

  it.each([
    ['a value that is not an error', `throw 'just text';`, 'just text'],
    ['an unhandled rejection', `void Promise.reject(new Error('too late'));`, 'too late'],
    ['a missing file', `await import('./none.ts');`, "Cannot find module 'stacks/none.ts'"],
    ['a secret in the message', `throw new Error('Bearer abcdefghijklmnop');`, 'Bearer [redacted]'],
  ])('is refused with %s', async (_name, main, message) => {
    expect((await refusal(await checkout(`${main}\n`))).what).toContain(message);
  });
});

describe('data that a construct refuses', () => {
  const refusing = (where: string, problem: string): string =>
    `import { records } from './clients/acme/dns/shop.ts';
class EstateError extends Error {
  override readonly name = 'EstateError';
  readonly where = '${where}';
  readonly problem = '${problem}';
  readonly fix = 'Write another';
}
if (records.length > 0) throw new EstateError('refused');`;
  const records = `export const records = [
  { id: 'www_a', type: 'A', ttl: 5 },
];`;

  it('is refused at the line that names the resource, with what to write instead', async () => {
    const main = refusing('acme-production/cloudflare_dns_record.shop_www_a', 'TTL 5 is out of range');
    const parts = await refusal(await checkout(main, { 'stacks/clients/acme/dns/shop.ts': records }));
    const location = { file: 'stacks/clients/acme/dns/shop.ts', line: 2, column: 5 };
    expect(parts).toMatchObject({
      what: 'acme-production/cloudflare_dns_record.shop_www_a: TTL 5 is out of range at stacks/clients/acme/dns/shop.ts:2:5',
      published: 'stack code refuses its own data at stacks/clients/acme/dns/shop.ts:2:5',
      fix: 'Edit stacks/clients/acme/dns/shop.ts, line 2: Write another',
      diagnostics: [{ location, message: 'TTL 5 is out of range', fix: 'Write another' }],
    });
  });

  it('is refused at every line that could be meant, and at the line that declares it where none is', async () => {
    const twice = records.replace('];', "  { id: 'www_a', type: 'AAAA' },\n];");
    const main = refusing(
      'acme-production/cloudflare_dns_record.shop_www_a',
      'the address is declared twice',
    );
    const both = await refusal(await checkout(main, { 'stacks/clients/acme/dns/shop.ts': twice }));
    expect(both.diagnostics?.map(({ location }) => location?.line)).toEqual([2, 3]);
    const nowhere = await refusal(
      await checkout(refusing('acme-production/cloudflare_zone.other', 'no'), {
        'stacks/clients/acme/dns/shop.ts': records,
      }),
    );
    expect(nowhere.diagnostics?.[0]?.location).toMatchObject({ file: 'stacks/main.ts' });
  });
});

describe('stack code that would not repeat', () => {
  it.each([
    ['the clock', `const at = new Date();`, 'new Date()', 12],
    ['the clock as text', `const at = Date();`, 'Date()', 12],
    ['the clock as a number', `const at = Date.now();`, 'Date.now()', 17],
    ['the clock of the process', `const at = process.hrtime.bigint();`, 'process.hrtime.bigint()', 27],
    ['the timer', `const at = performance.now();`, 'performance.now()', 24],
    ['a random number', `const at = Math.random();`, 'Math.random()', 17],
    ['a random identifier', `const at = crypto.randomUUID();`, 'crypto.randomUUID()', 19],
    ['the name of the machine', `import { hostname } from 'node:os'; hostname();`, 'os.hostname()', 37],
    [
      'an imported random function',
      `import { randomBytes } from 'node:crypto'; randomBytes(4);`,
      'crypto.randomBytes()',
      44,
    ],
    ['the network', `await fetch('http://127.0.0.1:1');`, 'fetch()', 7],
    ['http', `import { get } from 'node:http'; get('http://127.0.0.1:1');`, 'http.get()', 34],
    [
      'https',
      `import * as https from 'node:https'; https.request('https://127.0.0.1:1');`,
      'https.request()',
      44,
    ],
    ['a socket', `import net from 'node:net'; new net.Socket().connect(1);`, 'net.Socket.connect()', 46],
    ['a TLS connection', `import tls from 'node:tls'; tls.connect(1);`, 'tls.connect()', 33],
    [
      'a datagram',
      `import { createSocket } from 'node:dgram'; createSocket('udp4');`,
      'dgram.createSocket()',
      44,
    ],
    [
      'a name lookup',
      `import { promises } from 'node:dns'; await promises.lookup('localhost');`,
      'dns.promises.lookup()',
      53,
    ],
    [
      'another program',
      `import { execSync } from 'node:child_process'; execSync('id');`,
      'child_process.execSync()',
      48,
    ],
    [
      'a worker',
      `import { Worker } from 'node:worker_threads'; new Worker('', { eval: true });`,
      'worker_threads.Worker()',
      47,
    ],
    ['an early end', `process.exit(0);`, 'process.exit()', 9],
  ])('is refused when it uses %s', async (_name, line, what, column) => {
    const parts = await refusal(await checkout(`export {};\n${line}\n`));
    expect(parts.what).toBe(`stack code uses ${what} at stacks/main.ts:2:${column}`);
    expect(parts.fix).not.toBe('');
    expect(parts.next).toBe('sluice check');
  });

  it('is refused also when it catches the error and goes on', async () => {
    const folder = await checkout(`${app}let at = 'unknown';
      try { at = String(Date.now()); } catch { at = 'caught'; }
      new TerraformOutput(stack, 'x', { value: at });
      app.synth();`);
    expect((await refusal(folder)).what).toBe('stack code uses Date.now() at stacks/main.ts:5:30');
  });

  it('is refused when a constructor of a date leads back to the clock', async () => {
    const folder = await checkout(
      `const Again = new Date(0).constructor as DateConstructor;\nnew Again();\n`,
    );
    expect((await refusal(folder)).what).toContain('stack code uses new Date() at stacks/main.ts:2:');
  });

  it('is refused at its own line when a package does it', async () => {
    const folder = await checkout(
      `${app}import { nanoid } from 'nanoid';\nnew TerraformOutput(stack, nanoid(), { value: 1 });\napp.synth();`,
    );
    expect((await refusal(folder)).what).toMatch(
      /^stack code uses crypto\.[A-Za-z]+\(\) at stacks\/main\.ts:5:/,
    );
  });

  it('is refused with stack and path when two runs differ', async () => {
    const folder = await checkout(
      `${app}new TerraformOutput(stack, 'x', { value: process.env.CDKTF_OUTDIR });\napp.synth();`,
    );
    expect((await synth(folder)).stacks.size).toBe(1);
    expect((await refusal(folder, { synthTwice: true })).what).toBe(
      'the stack acme-production is not the same when it is built twice: output.x.value',
    );
  });

  it('passes the comparison when two runs are the same', async () => {
    const folder = await checkout(
      `${app}new TerraformOutput(stack, 'x', { value: 'y' });\nconsole.log('once');\napp.synth();`,
    );
    const run = await synth(folder, { synthTwice: true });
    expect(outputOf(run, 'x')).toBe('y');
    expect(run.warnings).toEqual(['stack code printed: once']);
  });
});

describe('a stack program that does not end well', () => {
  it('is refused when it makes a link, which would lead out of what it may read', async () => {
    const program = `import { symlinkSync } from 'node:fs';
symlinkSync('/etc', process.env['CDKTF_OUTDIR'] + '/stacks');`;
    expect((await refusal(await checkout(program))).what).toContain(
      'stack code failed at stacks/main.ts:2:1: ',
    );
  });

  it('is stopped at the time limit', async () => {
    const parts = await refusal(await checkout(`setInterval(() => undefined, 1000);\n`), {
      timeoutMs: 1_500,
    });
    expect(parts.what).toBe('stack code did not end within 1.5 s');
  });

  it.each([
    ['sets a failing status', `process.exitCode = 4;`, 'stack code ended with status 4'],
    ['writes nothing', `export {};`, 'stack code wrote no manifest.json'],
    ['declares no stack', `import { App } from 'cdktf'; new App().synth();`, 'stack code declares no stack'],
    [
      'uses a name that is not a stack name',
      `import { App, TerraformStack } from 'cdktf'; const a = new App(); new TerraformStack(a, 'Acme_Prod'); a.synth();`,
      '"Acme_Prod" is not a stack name',
    ],
  ])('is refused when it %s', async (_name, main, what) => {
    expect((await refusal(await checkout(main))).what).toBe(what);
  });

  it('is refused when it writes a file beside the configuration', async () => {
    const folder = await checkout(
      `import { App, TerraformAsset, TerraformStack } from 'cdktf';
      const app = new App();
      new TerraformAsset(new TerraformStack(app, 'acme'), 'page', { path: process.cwd() + '/page.html' });
      app.synth();`,
      { 'page.html': '<p>sorry</p>' },
    );
    // cdktf 0.21 is refused a step earlier: it reads the clock to make a file.
    expect((await refusal(folder)).what).toMatch(
      /^the stack acme writes assets besides its configuration$|^stack code uses Date\.now\(\) at stacks\/main\.ts:/,
    );
  });

  it('is refused when there is none', async () => {
    const folder = await tempFolder();
    expect((await refusal(folder)).what).toBe(`there is no stack program stacks/main.ts in ${folder}`);
  });

  it('says when the packages are not installed', async () => {
    const error = await rejection(synth(await checkout(app), { nodeModules: '/nowhere' }));
    expect(error).toBeInstanceOf(ExternalError);
    expect((error as ExternalError).parts).toMatchObject({
      what: 'the packages that stack code needs are not installed',
      next: 'npm ci',
    });
  });

  it('ends when the caller aborts', async () => {
    const folder = await checkout(`setInterval(() => undefined, 1000);\n`);
    const error = await rejection(synth(folder, { signal: AbortSignal.timeout(500) }));
    expect(error).toBeInstanceOf(ExternalError);
    expect((error as ExternalError).message).toBe('building the stacks was interrupted');
  });

  it('says that the caller aborted, whatever it reports at that moment', async () => {
    const folder = await checkout(
      `process.on('SIGTERM', () => { throw new Error('The service was stopped'); });
      setInterval(() => undefined, 1000);\n`,
    );
    const error = await rejection(synth(folder, { signal: AbortSignal.timeout(1_500) }));
    expect((error as ExternalError).message).toBe('building the stacks was interrupted');
  });
});
