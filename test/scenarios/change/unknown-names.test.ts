/** Names that do not exist: an error that says which ones do, and never the last, the first or all of them instead. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { merge, releasedEstate, type Change } from '../change.ts';
import { withKeptSynth } from '../cached-synth.ts';
import type { SmallEstate } from '../small-estate.ts';

const change: Change = { id: 'CHG-2026-0101', edits: [["action: 'log'", "action: 'block'"]] };
const stacks = 'acme-production, acme-staging';

let estate: SmallEstate;
beforeAll(async () => {
  estate = await releasedEstate();
  merge(estate, change);
});
afterAll(() => estate.remove());

const names: readonly (readonly [args: readonly string[], exit: string, says: readonly string[]])[] = [
  [['plan', 'acme-prodution'], 'usage', ['Unknown stack: acme-prodution.', `The estate has: ${stacks}.`]],
  [['check', 'acme-prodution'], 'usage', ['Unknown stack: acme-prodution.']],
  [['rehearse', 'acme-prodution'], 'usage', ['Unknown stack: acme-prodution.']],
  [['baseline', 'acme-prodution', '--reason', 'x'], 'usage', ['Unknown stack: acme-prodution.']],
  [['plan', 'acme-production', 'acme-prodution'], 'usage', ['Unknown stack: acme-prodution.']],
  [
    ['rollback', 'acme-stagging', '--reason', 'x'],
    'usage',
    ['Nothing was ever released to acme-stagging.', `Released were: ${stacks}.`, 'Next: sluice ledger show'],
  ],
  [
    ['rollback', 'acme-production', '--to', 'R0009', '--reason', 'x'],
    'usage',
    ['R0009 is not a finished release of this stack.', 'Its releases are: R0001.'],
  ],
  [
    ['rollback', 'acme-production', '--only', 'R0002', '--reason', 'x'],
    'usage',
    ['R0002 is not a finished release of this stack.'],
  ],
  [
    ['rollback', 'acme-production', '--abandon', 'R0009', '--reason', 'x'],
    'usage',
    ['R0009 is not an unfinished release of acme-production.'],
  ],
  [
    ['rollback', 'acme-production', '--including', 'CHG-2026-0001', '--reason', 'x'],
    'usage',
    ['--including does not go with the last release.'],
  ],
  [['ledger', 'show', '--stack', 'acme-prodution'], 'usage', ['acme-prodution', stacks]],
  [['plan', '--base', 'mian'], 'invalidInput', ['mian']],
  [['sandbox', 'show', '--type', 'cloudflare_dns_recrod'], 'usage', ['cloudflare_dns_recrod']],
  [['sandbox', 'fault', '--type', 'cloudflare_dns_recrod'], 'usage', ['cloudflare_dns_recrod']],
  [
    ['sandbox', 'drift', '--type', 'cloudflare_dns_recrod', '--match', 'name=www.shop.example', '--delete'],
    'usage',
    ['cloudflare_dns_recrod'],
  ],
  [
    ['sandbox', 'drift', '--type', 'cloudflare_dns_record', '--match', 'name=wwww.shop.example', '--delete'],
    'usage',
    ['No object matches'],
  ],
  [['plan', '--format', 'jsno'], 'usage', ['jsno']],
  [['plan', '--bse', 'main'], 'usage', ['bse']],
  [['plna'], 'usage', ['plna']],
  [['release', '--target', 'cloudfare', '--facts', 'x'], 'usage', ['cloudfare']],
];

describe('an unknown name', () => {
  it.each(names)('sluice %j', async (args, exit, says) => {
    const before = estate.fingerprint();
    const ended = await estate.sluice(args, {}, withKeptSynth);
    expect([ended.exit, ended.stdout]).toEqual([exit, '']);
    for (const text of says) {
      expect(ended.stderr).toContain(text);
    }
    expect(estate.fingerprint()).toBe(before);
  });
});

const inRecord: readonly (readonly [name: string, from: string, to: string, exit: string, says: string])[] = [
  ['client', 'client: acme', 'client: acmee', 'denied', 'acmee'],
  ['service', 'service: storefront', 'service: storefornt', 'denied', 'storefornt'],
  ['stack', 'stacks: [acme-production]', 'stacks: [acme-prodution]', 'denied', 'acme-prodution'],
  ['person', 'owner: a.marsh', 'owner: a.marshh', 'denied', 'a.marshh'],
  ['type', 'type: normal', 'type: norml', 'invalidInput', 'norml'],
  ['window', 'window: acme-weeknight', 'window: acme-weekngiht', 'denied', 'acme-weekngiht'],
  [
    'rule in a waiver',
    'monitoring:',
    'waivers:\n  - { rule: waf-no-such-rule, subject: record, reason: A reason that is long enough to be read by people, approvedBy: t.berg, expires: "2026-12-01T00:00:00Z" }\nmonitoring:',
    'denied',
    'waf-no-such-rule',
  ],
];

describe('a record with an unknown name of a', () => {
  it.each(inRecord)('%s', async (_name, ...[from, to, exit, says]) => {
    const text = estate.read('changes/acme/CHG-2026-0101.yaml');
    expect(text).toContain(from);
    estate.write('bad.yaml', text.replace(from, to));
    const before = estate.fingerprint();
    const ended = await estate.sluice(['check', '--record', 'bad.yaml'], {}, withKeptSynth);
    expect(ended.stdout + ended.stderr).toContain(says);
    expect(ended.stdout + ended.stderr).toMatch(/bad\.yaml:\d+:\d+/);
    expect(ended.exit).toBe(exit);
    expect(estate.fingerprint()).toBe(before);
  });
});
