/** Stack code that throws, prints, or answers differently each time: refused at its line, and nothing is written. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSmallEstate, type SmallEstate } from '../small-estate.ts';

let estate: SmallEstate;
let good: string;
beforeAll(() => {
  estate = makeSmallEstate();
  good = estate.read('stacks/estate.ts');
});
afterAll(() => estate.remove());

const bad: readonly (readonly [name: string, code: string, says: RegExp, next: string])[] = [
  [
    'throws',
    "throw new Error('no such zone');",
    /sluice: stack code failed at stacks\/estate\.ts:1:7: no such zone/,
    'npx tsc --noEmit',
  ],
  [
    'does not compile',
    'export const = 1;',
    /sluice: stack code failed at stacks\/estate\.ts:1:\d+: /,
    'npx tsc --noEmit',
  ],
  ['imports what is not there', "import './gone.ts';", /sluice: stack code failed.*gone\.ts/, 'npm ci'],
  [
    'reads the clock',
    'Date.now();',
    /sluice: stack code uses Date\.now\(\) at stacks\/estate\.ts:1:\d+/,
    'sluice check',
  ],
  [
    'reads the clock and hides it',
    'try { new Date(); } catch { /* quiet */ }',
    /sluice: stack code uses .*Date.* at stacks\/estate\.ts:1:\d+/,
    'sluice check',
  ],
  ['throws dice', 'Math.random();', /sluice: stack code uses Math\.random\(\)/, 'sluice check'],
  [
    'asks the network',
    "await fetch('https://shop.example/');",
    /sluice: stack code uses fetch\(\)/,
    'sluice check',
  ],
  [
    'starts a program',
    "(await import('node:child_process')).execSync('id');",
    /sluice: stack code uses child_process\.execSync\(\)/,
    'sluice check',
  ],
  ['ends the process', 'process.exit(0);', /sluice: stack code uses process\.exit\(\)/, 'sluice check'],
];

describe('stack code', () => {
  it.each(bad)('that %s is refused with its line', async (_name, code, says, next) => {
    estate.write('stacks/estate.ts', `${code}\n${good}`);
    const before = estate.fingerprint();
    const ended = await estate.sluice(['synth', '--out', 'out']);
    expect(ended.stderr).toMatch(says);
    expect(ended.stderr).toContain(`  Next: ${next}`);
    expect([ended.exit, ended.stdout, existsSync(join(estate.folder, 'out'))]).toEqual([
      'invalidInput',
      '',
      false,
    ]);
    expect(ended.stderr).not.toContain('at file:');
    expect(estate.fingerprint()).toBe(before);
  });

  it.each(['synth', 'plan', 'check'])(
    'that writes what the provider refuses is refused by %s, with the construct, the place and the nearest value',
    async (command) => {
      estate.write('stacks/estate.ts', good.replace("action: 'log'", "action: 'lgo'"));
      const before = estate.fingerprint();
      const out = command === 'synth' ? ['--out', 'refused'] : [];
      const ended = await estate.sluice([command, ...out]);
      expect(ended.stderr).toContain('The provider refuses 1 value that stack code writes.');
      expect(ended.stderr).toMatch(
        /acme-production\/cloudflare_ruleset\.waf \(construct acme-production\/waf\): rules\[0\]\.action is refused, it has to be one of "block", .*; the nearest is "log"\./,
      );
      expect([ended.exit, ended.stdout, existsSync(join(estate.folder, 'refused'))]).toEqual([
        'invalidInput',
        '',
        false,
      ]);
      expect(estate.fingerprint()).toBe(before);
    },
  );

  it('that mends such a value is compared with the stack as it was', async () => {
    estate.write('stacks/estate.ts', good.replace("action: 'log'", "action: 'lgo'"));
    estate.git('commit', '--quiet', '--all', '--message', 'a value that the provider refuses');
    estate.write('stacks/estate.ts', good);
    const ended = await estate.sluice(['plan', '--base', 'HEAD']);
    expect([ended.exit, ended.stdout]).toEqual(['ok', expect.stringContaining('1 to update')]);
  });

  it('that prints is heard, escaped, and its output is not a result', async () => {
    estate.write('stacks/estate.ts', `console.log('{"resource": {}} \\u001b[31mred');\n${good}`);
    const ended = await estate.sluice(['synth', '--out', 'printed']);
    expect(ended.stderr).toContain('stack code printed: {"resource": {}} \\u{1b}[31mred');
    expect([ended.exit, ended.stdout]).toEqual([
      'ok',
      'printed/acme-production.tf.json\nprinted/acme-staging.tf.json\n',
    ]);
  });

  it('whose result differs from run to run is found by building it twice', async () => {
    // A file that tells the time, so that no guard of the clock or of chance sees it; what it writes is gone after each run.
    const differs = `import { readFileSync } from 'node:fs';\nconst run = readFileSync('/proc/uptime', 'utf8').trim();\n`;
    estate.write('stacks/estate.ts', differs + good.replace("description: 'Old API'", 'description: run'));
    const before = estate.fingerprint();
    const ended = await estate.sluice(['synth', '--twice', '--out', 'out']);
    expect(ended.stderr).toContain('sluice: The stack code gives another result each time: acme-production.');
    expect(ended.stderr).toContain('Fix: Make the stack depend on its own source files only.');
    expect([ended.exit, ended.stdout, existsSync(join(estate.folder, 'out'))]).toEqual([
      'invalidInput',
      '',
      false,
    ]);
    expect(estate.fingerprint()).toBe(before);
  });

  it('with a secret of the environment finds nothing there', async () => {
    estate.write(
      'stacks/estate.ts',
      `if (Object.keys(process.env).some((name) => /TOKEN|SECRET/.test(name))) throw new Error('found one');\n${good}`,
    );
    const ended = await estate.sluice(['synth', '--out', 'clean'], {
      CLOUDFLARE_API_TOKEN: 'x'.repeat(40),
      MY_SECRET: 'y',
    });
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('found one')]);
  });
});
