import { describe, expect, it } from 'vitest';
import { runNew, type Ask, type NewIo, type NewOptions } from '../../scripts/cli/record/new.ts';
import { InputError, UsageError, type SluiceError } from '../../scripts/contract/errors.ts';
import { readRecord } from '../../scripts/read/record/record.ts';
import { fieldsLacking } from '../../policies/record/needed.ts';
import { findPlaceholders } from '../../policies/model/placeholder.ts';
import type { CatalogueEntry, Register } from '../../policies/model/facts.ts';

const acme: Register = {
  client: 'acme',
  name: 'Acme Retail',
  tier: 1,
  lifecycle: 'live',
  accountId: 'a',
  services: [
    { id: 'storefront', name: 'Web shop', zones: ['shop.example'] },
    { id: 'trade-portal', name: 'Trade portal', zones: ['shop-trade.example'] },
  ],
  stacks: [
    { name: 'acme-production', environment: 'production', zones: ['shop.example'] },
    { name: 'acme-staging', environment: 'staging', zones: ['staging-shop.example'] },
  ],
  freezes: [],
  relations: [],
  windows: [
    {
      id: 'acme-weeknight',
      days: ['MO', 'TU', 'WE', 'TH'],
      start: '20:00',
      end: '23:00',
      timezone: 'Europe/London',
    },
    { id: 'acme-sunday', days: ['SU'], start: '06:00', end: '10:00', timezone: 'Europe/London' },
  ],
  clientApprovalRequired: false,
  standardChanges: ['dns-verification-txt'],
};

const platform: Register = {
  ...acme,
  client: 'platform',
  services: [{ id: 'account', name: 'Account', zones: [] }],
  stacks: [{ name: 'platform', environment: 'account', zones: [] }],
  freezes: [],
  relations: [],
  windows: [],
  clientApprovalRequired: true,
  standardChanges: [],
};

const entry = {
  id: 'dns-verification-txt',
  version: '1.0.0',
  status: 'active',
  category: 'dns',
} as unknown as CatalogueEntry;

class Memory {
  readonly written = new Map<string, string>();
  exists(path: string): Promise<boolean> {
    return Promise.resolve(this.written.has(path));
  }
  writeText(path: string, text: string): Promise<void> {
    this.written.set(path, text);
    return Promise.resolve();
  }
}

function io(parts: Partial<NewIo> = {}): { readonly io: NewIo; readonly files: Memory } {
  const files = new Memory();
  return {
    files,
    io: {
      files,
      clock: { now: () => '2026-11-23T09:45:00Z' },
      ask: null,
      root: '/repo',
      knownIds: ['CHG-2026-0015', 'CHG-2026-0007', 'CHG-2025-0400'],
      registers: [acme, platform],
      catalogue: [entry],
      engineers: [],
      planned: {},
      ...parts,
    },
  };
}

const common: NewOptions = {
  client: 'acme',
  service: 'storefront',
  category: 'waf',
  title: 'Block the retired checkout API: "v1"',
  reason: 'Version 1 was retired in October; nobody honest calls it any more: # see REQ-2026-0190.',
  stacks: ['acme-staging', 'acme-production'],
  risk: 'low',
  requester: 'r.okafor',
  owner: 's.haddad',
};
const normal: NewOptions = { ...common, implementer: 'r.okafor', backupImplementer: 'm.lind' };
const sample = `sha256:${'5'.repeat(64)}`;
const emergency: NewOptions = { ...normal, type: 'emergency', incident: 'INC-51', severity: 'P1' };
const standard: NewOptions = {
  ...common,
  type: 'standard',
  category: 'dns',
  standardChange: 'dns-verification-txt',
};

async function failure(options: NewOptions, parts: Partial<NewIo> = {}): Promise<SluiceError> {
  const { io: ports, files } = io(parts);
  const error: unknown = await runNew(options, ports).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(files.written.size).toBe(0);
  if (!(error instanceof UsageError || error instanceof InputError)) {
    throw new Error('expected a usage or input error', { cause: error });
  }
  return error;
}

describe('from flags', () => {
  it('names the recorded traffic of a WAF change', async () => {
    const { text, path } = await runNew({ ...normal, trafficSample: sample }, io().io);
    const read = readRecord(text, path);
    expect(read.ok && read.value.record.traffic).toEqual({ sample });
  });

  it('takes the only other engineer for the backup, and nobody where there are several', async () => {
    const { backupImplementer: _, ...alone } = { ...normal, risk: 'medium' };
    const { io: two } = io({ engineers: ['r.okafor', 'm.lind'] });
    expect((await runNew(alone, two)).answers.backupImplementer).toBe('m.lind');
    const several = await failure(alone, { engineers: ['r.okafor', 'm.lind', 'k.dunne'] });
    expect(several.parts.what).toBe('Missing: --backup-implementer.');
  });

  it.each<[string, NewOptions]>([
    ['normal, low', normal],
    ['normal, medium', { ...normal, risk: 'medium' }],
    ['normal, high', { ...normal, risk: 'high' }],
    ['normal, critical', { ...normal, risk: 'critical' }],
    ['emergency', emergency],
    ['emergency, high', { ...emergency, risk: 'high' }],
    ['standard', standard],
    ['standard, high', { ...standard, risk: 'high' }],
  ])('writes a valid record: %s', async (_name, options) => {
    const { io: ports, files } = io();
    const written = await runNew(options, ports);
    expect(written.path).toBe('changes/acme/CHG-2026-0016.yaml');
    expect([...files.written]).toEqual([['/repo/changes/acme/CHG-2026-0016.yaml', written.text]]);
    const read = readRecord(written.text, written.path);
    expect(read.ok ? [] : read.diagnostics).toEqual([]);
    expect(read.ok && read.value.record).toMatchObject({
      id: 'CHG-2026-0016',
      title: common.title,
      reason: common.reason,
      stacks: ['acme-staging', 'acme-production'],
    });
    const isShort = options.risk === 'low' || options.type === 'standard' || options.type === 'emergency';
    expect(read.ok && findPlaceholders(read.value.record).length === 0).toBe(isShort);
  });

  it('points editors at the schema, and gives the same bytes again', async () => {
    const [first, second] = await Promise.all([runNew(normal, io().io), runNew(normal, io().io)]);
    expect(first.text.split('\n')[0]).toBe('# yaml-language-server: $schema=../record.schema.json');
    expect(second.text).toBe(first.text);
  });

  it('asks of a low change who, when and why, in at most fifteen lines', async () => {
    const { service: _1, category: _2, stacks: _3, risk: _4, ...least } = common;
    const { text, path } = await runNew({ ...least, implementer: 'r.okafor' }, io().io);
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    const read = readRecord(text, path);
    expect(read.ok && Object.keys(read.value.record)).not.toContain('stacks');
    expect(read.ok && findPlaceholders(read.value.record)).toEqual([]);
  });

  it.each(['low', 'medium', 'high', 'critical'] as const)('writes what %s risk asks for', async (risk) => {
    const { text, path } = await runNew({ ...normal, risk }, io().io);
    const read = readRecord(text, path);
    expect(read.ok && fieldsLacking(read.value.record, risk)).toEqual([]);
  });

  it('writes an administrative record, which releases nothing', async () => {
    const { service: _1, category: _2, stacks: _3, risk: _4, ...least } = common;
    const { text, path } = await runNew({ ...least, kind: 'administrative' }, io().io);
    expect(readRecord(text, path)).toMatchObject({ ok: true, value: { record: { kind: 'Administrative' } } });
    expect(text).not.toContain('schedule');
  });

  it('plans the next opening of the windows', async () => {
    const { text } = await runNew(normal, io().io);
    expect(text).toContain('plannedStart: 2026-11-23T20:00:00Z');
    expect(text).not.toContain('window:');
    const saturday = { clock: { now: () => '2026-11-28T12:00:00Z' } };
    expect((await runNew(normal, io(saturday).io)).text).toContain('plannedStart: 2026-11-29T06:00:00Z');
  });

  it('plans an emergency now, outside of windows', async () => {
    const now = { clock: { now: () => '2026-11-23T09:46:10Z' } };
    const { text } = await runNew(emergency, io(now).io);
    expect(text).toContain('plannedStart: 2026-11-23T09:50:00Z');
    expect(text).not.toContain('window:');
  });

  it('takes given times', async () => {
    const times = { start: '2026-11-29T07:00:00+00:00', end: '2026-11-29T07:30:00+00:00' };
    expect((await runNew({ ...normal, ...times }, io().io)).text).toContain(
      'plannedEnd: 2026-11-29T07:30:00+00:00',
    );
  });

  it('keeps hostile text as text', async () => {
    const reason =
      'x: [y\n*a &b !c {{ }} - # "quoted" \'single\' %d @e `f` 0x1F, and long enough to be a reason';
    const { text, path } = await runNew({ ...normal, reason, title: 'yes: no # !!str &a' }, io().io);
    const read = readRecord(text, path);
    expect(read.ok && read.value.record).toMatchObject({ reason, title: 'yes: no # !!str &a' });
  });
});

describe('refusals', () => {
  it('names every missing flag at once', async () => {
    const { parts } = await failure({ client: 'acme', type: 'emergency' });
    expect(parts.what).toBe(
      'Missing: --title, --reason, --requester, --owner, --implementer, --incident, --severity.',
    );
  });

  it('names every wrong flag at once', async () => {
    const { parts } = await failure({ ...normal, title: 'short', requester: 'Ruth', start: 'tomorrow' });
    expect(parts.what).toMatch(/^--title: .* --requester: .* --start: /u);
    const unknown = await failure({ client: 'akme', category: 'dsn', kind: 'admin' });
    expect(unknown.parts.what).toMatch(
      /Did you mean acme\? --kind: .* Did you mean administrative\? --category: .* Did you mean dns\? Missing as well: --title, --reason/u,
    );
  });

  it.each<[NewOptions, string]>([
    [{ ...normal, client: 'akme' }, '--client: "akme" is not one of acme, platform. Did you mean acme?'],
    [{ ...normal, service: 'shop' }, '--service: "shop" is not one of storefront, trade-portal.'],
    [{ ...normal, type: 'urgent' }, '--type: "urgent" is not one of standard, normal, emergency.'],
    [
      { ...normal, stacks: ['acme-prod'] },
      '--stack: "acme-prod" is not one of acme-production, acme-staging. Did you mean acme-production?',
    ],
    [{ ...normal, stacks: ['platform'] }, '--stack: "platform" is not one of acme-production, acme-staging.'],
    [{ ...normal, title: 'short' }, '--title: 5 characters; between 10 and 120 are needed.'],
    [
      { ...normal, backupImplementer: 'r.okafor' },
      '--backup-implementer: The implementer cannot be their own backup.',
    ],
    [
      { ...normal, requester: 'Ruth' },
      '--requester: "Ruth" does not have the form of a person id such as r.okafor.',
    ],
    [
      { ...normal, start: 'tomorrow' },
      '--start: "tomorrow" is not a time with offset such as 2026-11-23T20:00:00Z.',
    ],
    [
      { ...normal, start: '2026-11-23T20:00:00Z', end: '2026-11-23T20:00:00Z' },
      '--end: It must be after the start, 2026-11-23T20:00:00Z.',
    ],
    [{ ...normal, incident: 'INC-51' }, '--incident does not go with a normal change.'],
    [
      { ...normal, trafficSample: 'sha256:ab' },
      `--traffic-sample: "sha256:ab" does not have the form of sha256:${'0'.repeat(64)}.`,
    ],
    [
      { ...normal, category: 'dns', trafficSample: sample },
      '--traffic-sample does not go with a dns change.',
    ],
    [{ ...standard, trafficSample: sample }, '--traffic-sample does not go with a standard change.'],
    [{ ...standard, implementer: 'r.okafor' }, '--implementer does not go with a standard change.'],
    [{ ...standard, category: 'waf' }, '--category: "waf" is not one of dns.'],
    [
      { ...standard, client: 'platform', service: 'account', stacks: ['platform'] },
      '--standard-change: "dns-verification-txt" is not one of (none).',
    ],
    [
      { ...normal, start: '2026-11-23T12:00:00Z', end: '2026-11-23T13:00:00Z' },
      '2026-11-23T12:00:00Z to 2026-11-23T13:00:00Z is not inside a release window of acme.',
    ],
    [
      { ...normal, start: '2026-11-23T22:30:00Z', end: '2026-11-23T23:30:00Z' },
      '2026-11-23T22:30:00Z to 2026-11-23T23:30:00Z is not inside a release window of acme.',
    ],
  ])('%j', async (options, what) => {
    const error = await failure(options);
    expect(error).toBeInstanceOf(UsageError);
    const suggestion = error.parts.what.replace(/ Did you mean [a-z-]+\?$/, '');
    expect([error.parts.what, suggestion]).toContain(what);
    expect(error.parts.next).toMatch(/^sluice new/);
  });

  it('asks for the start when no window of the register opens', async () => {
    const options = { ...normal, client: 'platform', service: 'account', stacks: ['platform'] };
    expect((await failure(options)).parts.what).toBe('Missing: --start.');
  });

  it('never overwrites a file', async () => {
    const { io: ports, files } = io();
    files.written.set('/repo/changes/acme/CHG-2026-0016.yaml', 'mine');
    await expect(runNew(normal, ports)).rejects.toThrow('changes/acme/CHG-2026-0016.yaml exists already.');
    expect(files.written.get('/repo/changes/acme/CHG-2026-0016.yaml')).toBe('mine');
  });

  it('refuses text that a reader cannot see, with the place in the record', async () => {
    const error = await failure({ ...normal, title: 'Block the API \u202E drawkcab' });
    expect(error).toBeInstanceOf(InputError);
    expect(error.parts.diagnostics?.length).toBeGreaterThan(0);
  });
});

describe('on a terminal', () => {
  it('asks for what flags leave open, offering what it knows', async () => {
    const asked: (readonly [string, string | null])[] = [];
    const answers: Readonly<Record<string, string>> = {
      'Title, one line': 'Lower the limit on searches',
      'Requested by': 'c.ortiz',
      Implementer: 'b.osei',
    };
    const ask: Ask = ({ text, proposal }) => {
      asked.push([text, proposal]);
      return Promise.resolve(answers[text] ?? proposal ?? '');
    };
    const { client, service, category, reason, stacks, risk, owner } = common;
    const flags = { client, service, category, reason, stacks, risk, owner, backupImplementer: 'm.lind' };
    const { text, path } = await runNew(flags as NewOptions, io({ ask }).io);
    expect(asked).toEqual([
      ['Type: standard (matches a catalogue entry), normal, emergency (open P1 or P2)', 'normal'],
      ['Title, one line', null],
      ['Requested by', null],
      ['Implementer', 's.haddad'],
      ['Planned start', '2026-11-23T20:00:00Z'],
    ]);
    const read = readRecord(text, path);
    expect(read.ok && read.value.record).toMatchObject({ requester: 'c.ortiz', implementer: 'b.osei' });
  });

  it('gives the asker what is wrong with an answer', async () => {
    let problem: string | null = null;
    const ask: Ask = (question) => {
      problem = question.problem('Ruth');
      return Promise.resolve('c.ortiz');
    };
    const { requester: _requester, ...rest } = normal;
    await runNew({ ...rest, type: 'normal', start: '2026-11-23T20:00:00Z' }, io({ ask }).io);
    expect(problem).toMatch(/^"Ruth" does not have the form of a person id/);
  });

  it('trusts no asker: an answer that does not fit is refused', async () => {
    const error = await failure({ ...common }, { ask: () => Promise.resolve('nonsense') });
    expect(error).toBeInstanceOf(UsageError);
  });
});
