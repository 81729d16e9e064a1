/** One table of exit codes, the same under every format; and no output of any command has a secret in it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes, exitName } from '../../scripts/contract/exit-codes.ts';
import type { Facts } from '../../policies/model/facts.ts';
import { approve, inWindow } from './change/approved-facts.ts';
import { merge, recordPath, release, releasedEstate, type Change } from './change.ts';
import { withKeptSynth } from './cached-synth.ts';
import { makeSmallEstate, type Ended, type SmallEstate } from './small-estate.ts';

describe('the table of exit codes', () => {
  it('is this, and nothing else', () => {
    expect(exitCodes).toEqual({
      ok: 0,
      internal: 1,
      usage: 2,
      invalidInput: 3,
      denied: 4,
      undetermined: 5,
      stale: 6,
      externalTool: 7,
      partialApply: 8,
      drift: 9,
    });
    expect(Object.entries(exitCodes).every(([name, code]) => exitName(code) === name)).toBe(true);
    expect(exitName(99)).toBe('internal');
  });
});

const change: Change = { id: 'CHG-2026-0101', edits: [["action: 'log'", "action: 'block'"]] };

/** Documents that are a result; a plan and a list of releases are data, whose outcome is that they are there. */
function carriesOutcome(args: readonly string[]): boolean {
  return args[0] === 'check' || args[0] === 'gate' || args[1] === 'verify';
}

describe('under every format', () => {
  let estate: SmallEstate;
  beforeAll(async () => {
    estate = await releasedEstate();
    merge(estate, change);
    const documents: Readonly<Record<string, (facts: Facts) => Facts>> = {
      allowed: (facts) => facts,
      denied: (facts) => ({ ...facts, reviews: [] }),
      unknown: (facts) => ({
        ...facts,
        pull:
          facts.pull === null
            ? null
            : {
                ...facts.pull,
                merge: facts.pull.merge === null ? null : { ...facts.pull.merge, tree: 'unknown' },
              },
      }),
    };
    for (const [name, edit] of Object.entries(documents)) {
      await approve(estate, recordPath(change), (facts) =>
        edit({ ...facts, moment: 'apply', now: inWindow }),
      );
      estate.write(`.sluice/${name}.json`, estate.read('.sluice/facts.json'));
    }
    estate.write('.sluice/bad.json', '{');
    estate.write(
      '.sluice/open.tf.json',
      '{"resource":{"cloudflare_zone_dnssec":{"d":{"zone_id":"z","status":"disabled"}}}}',
    );
    estate.write(
      '.sluice/before.tf.json',
      '{"resource":{"cloudflare_zone_dnssec":{"d":{"zone_id":"z","status":"active"}}}}',
    );
  });
  afterAll(() => estate.remove());

  const commands: readonly (readonly [args: readonly string[], formats: readonly string[], exit: string])[] =
    [
      [['plan'], ['text', 'json', 'markdown'], 'ok'],
      [['plan', 'nowhere'], ['text', 'json', 'markdown'], 'usage'],
      [['plan', '--terraform-plan', '.sluice/bad.json'], ['text', 'json', 'markdown'], 'invalidInput'],
      [['check', '--record', recordPath(change)], ['text', 'json', 'sarif'], 'ok'],
      [
        ['check', '--before', '.sluice/before.tf.json', '--after', '.sluice/open.tf.json'],
        ['text', 'json', 'sarif'],
        'denied',
      ],
      [['check', '--terraform-plan', '.sluice/bad.json'], ['text', 'json', 'sarif'], 'invalidInput'],
      [['gate', '--facts', '.sluice/allowed.json'], ['text', 'json', 'markdown'], 'ok'],
      [['gate', '--facts', '.sluice/denied.json'], ['text', 'json', 'markdown'], 'denied'],
      [['gate', '--facts', '.sluice/unknown.json'], ['text', 'json', 'markdown'], 'undetermined'],
      [['gate', '--facts', '.sluice/bad.json'], ['text', 'json', 'markdown'], 'invalidInput'],
      [['ledger', 'verify'], ['text', 'json'], 'ok'],
      [['ledger', 'verify', '--head', `sha256:${'0'.repeat(64)}`], ['text', 'json'], 'invalidInput'],
      [['ledger', 'show'], ['text', 'json'], 'ok'],
    ];

  it.each(commands)('sluice %j ends the same in %j: %s', async (args, formats, exit) => {
    for (const format of formats) {
      const ended = await estate.sluice([...args, '--format', format], { TEST_NOW: inWindow }, withKeptSynth);
      expect([format, ended.exit]).toEqual([format, exit]);
      const said =
        format === 'json' && carriesOutcome(args) && ended.stdout !== ''
          ? (JSON.parse(ended.stdout) as object)
          : { outcome: exit };
      expect(said).toMatchObject({ outcome: exit });
    }
  });
});

describe('a secret', () => {
  const key = [
    '-----BEGIN PRIVATE',
    'KEY-----MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7-----END PRIVATE',
    'KEY-----',
  ].join(' ');
  const planted = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7';
  const token = `v1.0-${'Q7w9Zk3'.repeat(6)}`;
  const env = {
    CLOUDFLARE_API_TOKEN: token,
    GITHUB_TOKEN: `ghp_${'A1b2C3d4'.repeat(5)}`,
    AWS_SECRET_ACCESS_KEY: 'Kx9/'.repeat(10),
  };
  let estate: SmallEstate;
  const said: Ended[] = [];
  beforeAll(async () => {
    estate = await releasedEstate();
  });
  afterAll(() => estate.remove());

  it('in a record of the estate or in the environment is in no output, no ledger and no evidence', async () => {
    const main = estate.read('stacks/main.ts');
    const txt = `  new DnsRecord(stack, 'txt', { zoneId: zone.id, name: '_key.' + stackOf.zone, type: 'TXT', content: '"${key}"', ttl: 300 }).overrideLogicalId('txt');\n`;
    estate.write('stacks/main.ts', main.replace('  const waf =', `${txt}  const waf =`));
    const secret: Change = {
      id: 'CHG-2026-0101',
      category: 'dns',
      stacks: ['acme-production', 'acme-staging'],
      edits: [["www: '203.0.113.1'", "www: '203.0.113.9'"]],
    };
    merge(estate, secret);
    mkdirSync(`${estate.folder}/.sluice`, { recursive: true });
    const say = async (...args: readonly string[]): Promise<Ended> => {
      const ended = await estate.sluice(
        args,
        { ...env, TEST_NOW: inWindow, SLUICE_VERBOSE: '1' },
        withKeptSynth,
      );
      said.push({ ...ended, stdout: `${args.join(' ')}\n${ended.stdout}` });
      return ended;
    };
    for (const format of ['text', 'json', 'markdown']) {
      expect((await say('plan', '--format', format)).stdout).toContain('_key.shop.example');
    }
    for (const format of ['text', 'json', 'sarif']) {
      expect((await say('check', '--record', recordPath(secret), '--format', format)).exit).toBe('denied');
    }
    await say('rehearse', 'acme-staging', '--format', 'json', '--out', '.sluice/evidence');
    const facts = await approve(estate, recordPath(secret));
    for (const format of ['text', 'json', 'markdown']) {
      expect((await say('gate', '--facts', facts, '--format', format)).exit).toBe('denied');
    }
    said.push(await release(estate, secret, { env }));
    const fresh = makeSmallEstate();
    try {
      fresh.write('stacks/main.ts', estate.read('stacks/main.ts'));
      fresh.git('commit', '--quiet', '--all', '--message', 'key');
      const refused = await fresh.sluice(['baseline', '--reason', 'first'], env, withKeptSynth);
      said.push(refused);
      expect([refused.exit, refused.stderr]).toEqual([
        'denied',
        expect.stringContaining('cloudflare_dns_record.txt.content looks like a secret'),
      ]);
      expect((await fresh.sluice(['ledger', 'verify'])).stdout).toContain('nothing was ever released');
    } finally {
      fresh.remove();
    }
    const stored = execFileSync('sh', ['-c', 'git log -p --no-color releases; cat .sluice/evidence/*'], {
      cwd: estate.folder,
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    said.push({ exit: 'ok', stdout: stored, stderr: '' });
    for (const { stdout, stderr } of said) {
      for (const text of [planted, token, ...Object.values(env)]) {
        const leaks = [stdout, stderr].flatMap((output) =>
          output.includes(text)
            ? [output.slice(Math.max(0, output.indexOf(text) - 200), output.indexOf(text))]
            : [],
        );
        expect(leaks).toEqual([]);
      }
    }
  });
});
