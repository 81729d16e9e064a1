/**
 * An engineer's day on a small estate, told in commands: what it takes to add a record, to let a rule block, to allow-list an
 * address, to have an emergency, to waive, to cancel, to close and to ask. Commands, lines written by hand and approvals are
 * counted, printed, and may not grow. Seconds are printed only.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Decision } from '../../policies/model/decision.ts';
import { approve, inWindow, longBefore } from './change/approved-facts.ts';
import { startNight } from './emergency/night.ts';
import { withKeptSynth } from './cached-synth.ts';
import { makeSmallEstate, type Ended, type SmallEstate } from './small-estate.ts';

const data = 'stacks/clients/acme/records.ts';
const morning = '2026-11-10T09:00:00Z';
const evening = '2026-11-25T09:00:00Z';
const people = ['--requester', 'r.okafor', '--start', '2026-11-24T20:25:00Z'];

interface Figures {
  readonly commands: number;
  /** Lines of stack code and of the record that a person typed; what a command writes is not counted. */
  readonly lines: number;
  readonly approvals: number;
}

/** As measured; a figure that falls is written down here. */
const most: Readonly<Record<string, Figures>> = {
  'add a DNS record': { commands: 3, lines: 7, approvals: 2 },
  'change a staging record': { commands: 3, lines: 1, approvals: 1 },
  'let a rule block': { commands: 3, lines: 14, approvals: 3 },
  'allow-list an address': { commands: 3, lines: 1, approvals: 0 },
  'have an emergency': { commands: 1, lines: 0, approvals: 1 },
  'waive a rule': { commands: 2, lines: 13, approvals: 0 },
  cancel: { commands: 1, lines: 0, approvals: 0 },
  close: { commands: 1, lines: 0, approvals: 0 },
  'ask what is going on': { commands: 5, lines: 0, approvals: 0 },
};

/** What people wrote down when they first tried it; only where they counted. */
const atFirst: Readonly<Record<string, string>> = {
  'add a DNS record': '87 lines, risk high, 3 approvals',
  'have an emergency': '2 pull requests, a waiver, 8 placeholders',
};

const accountId = 'a1c0ffee5e7a11d0b5e55ed0ddba1100';

/** Of the account: the estate puts everything else into the zone. */
const allowList = `    others: {
      partners_allow: {
        type: 'cloudflare_list', zone_id: undefined, account_id: '${accountId}', kind: 'ip', name: 'partners_allow',
        items: [{ ip: '198.51.100.10' }],
      },
    },
    rules: [
      { ref: 'watch-old-api'`;

const night = `/** Borough Council, production. */
import { DnsRecords, Zone, type EstateStack } from '../../constructs/library.ts';

export function declareBoroughProduction(stack: EstateStack): void {
  const services = new Zone(stack, { key: 'services', domain: 'borough-services.example' });
  new DnsRecords(services, [{ id: 'www_a', type: 'A', name: 'www', content: '192.0.2.10', proxied: true }]);
}
`;

describe('an engineer’s day', () => {
  const taken = new Map<string, Figures & { readonly seconds: number }>();
  let estate: SmallEstate;
  let baseline: Ended;
  let commands = 0;
  beforeAll(async () => {
    estate = makeSmallEstate();
    // Where a team keeps its data: stacks/estate.ts itself is control.
    const begin = "    rules: [\n      { ref: 'watch-old-api'";
    estate.write(data, estate.read('stacks/estate.ts').replace(begin, allowList));
    estate.write('stacks/estate.ts', "export { estate } from './clients/acme/records.ts';\n");
    estate.git('add', '--all');
    estate.git('commit', '--quiet', '--message', 'data');
    baseline = await estate.sluice(
      ['baseline', '--reason', 'first release'],
      { TEST_NOW: longBefore },
      withKeptSynth,
    );
  });
  afterAll(() => {
    const rows = [...taken].map(([task, { commands: run, lines, approvals, seconds }]) =>
      `${task.padEnd(22)} ${String(run).padStart(8)} ${String(lines).padStart(6)} ${String(approvals).padStart(10)} ${seconds.toFixed(1).padStart(8)}  ${atFirst[task] ?? ''}`.trimEnd(),
    );
    process.stdout.write(
      `${['task                   commands  lines  approvals  seconds  at first', ...rows].join('\n')}\n`,
    );
    estate.remove();
  });

  async function sluice(args: readonly string[], now = morning): Promise<Ended> {
    commands += 1;
    return estate.sluice(args, { TEST_NOW: now }, withKeptSynth);
  }

  /** Edits the stack code; the number of lines that a person typed. */
  function edit(from: string, to: string): number {
    const text = estate.read(data);
    expect(text).toContain(from);
    estate.write(data, text.replace(from, to));
    return to.split('\n').length;
  }

  /** Writes what `sluice new` left open, and what is added to the record. */
  function fill(path: string, added = ''): number {
    const text = estate.read(path);
    const filled = text
      .replaceAll(/<[^>]*>/gu, 'It answers as the plan says')
      .replace('assessed: false', 'assessed: true\n  reviewer: t.berg');
    estate.write(path, `${filled}${added}`);
    const before = new Set(text.split('\n'));
    const changed = filled.split('\n').filter((line) => !before.has(line)).length;
    return changed + added.split('\n').length - 1;
  }

  /** The figures that are greater than they were. */
  async function grown(
    name: string,
    work: () => Promise<Omit<Figures, 'commands'>>,
  ): Promise<readonly string[]> {
    commands = 0;
    const start = performance.now();
    const counted = await work();
    const figures: Figures = { commands, ...counted };
    taken.set(name, { ...figures, seconds: (performance.now() - start) / 1000 });
    return (['commands', 'lines', 'approvals'] as const)
      .filter((key) => figures[key] > (most[name]?.[key] ?? 0))
      .map((key) => `${key}: ${String(figures[key])}`);
  }

  /** Lines of a record, with the comments above it. */
  function lengthOf(path: string): number {
    return estate.read(path).trimEnd().split('\n').length;
  }

  async function newRecord(reason: string, risk = 'medium', more: readonly string[] = []): Promise<string> {
    const backup = ['--risk', risk, '--backup-implementer', 'm.lind', ...more];
    const made = await sluice(['new', ...people, ...backup, '--reason', reason]);
    expect([made.exit, made.stderr]).toEqual(['ok', expect.stringContaining('model: ')]);
    return made.stdout.trim();
  }

  /** Checked, approved by as many as its risk asks for, released; the number of approvals. */
  async function through(path: string): Promise<number> {
    const checked = await sluice(['check', '--base', 'main']);
    expect([checked.exit, checked.stdout.slice(checked.stdout.indexOf('Rules:'))]).toEqual([
      'ok',
      expect.anything(),
    ]);
    estate.git('add', '--all');
    estate.git('commit', '--quiet', '--message', path);
    const facts = await approve(estate, path);
    const gate = await estate.sluice(['gate', '--facts', facts, '--format', 'json'], {}, withKeptSynth);
    const { approvals } = JSON.parse(gate.stdout) as Pick<Decision, 'approvals'>;
    const released = await sluice(['release', '--facts', facts], inWindow);
    expect([released.exit, released.stderr]).toEqual(['ok', expect.anything()]);
    return approvals.required;
  }

  let first = '';

  it('adds a DNS record', async () => {
    expect([baseline.exit, baseline.stderr]).toEqual(['ok', expect.anything()]);
    expect(
      await grown('add a DNS record', async () => {
        const typed = edit("mail: '203.0.113.3'", "mail: '203.0.113.3',\n      news: '203.0.113.9'") - 1;
        first = await newRecord('Marketing publishes the archive of the newsletter from next week on.');
        const filled = fill(first);
        return { lines: typed + filled, approvals: await through(first) };
      }),
    ).toEqual([]);
  });

  it('changes a record of staging again, whose own record is as short as the change', async () => {
    edit("www: '198.51.100.1'", "www: '198.51.100.9'");
    const before = await newRecord('The test server moves to its new rack, for the first time.', 'medium', [
      '--service',
      'storefront',
    ]);
    fill(before);
    await through(before);
    expect(
      await grown('change a staging record', async () => {
        const lines = edit("www: '198.51.100.9'", "www: '198.51.100.10'");
        const reason = 'The test server moves to another rack once more.';
        const service = ['--requester', 'r.okafor', '--service', 'storefront'];
        const made = await sluice(['new', ...service, '--reason', reason], evening);
        expect([made.exit, made.stderr]).toEqual(['ok', expect.stringContaining('Risk low.')]);
        const path = made.stdout.trim();
        expect(lengthOf(path)).toBeLessThanOrEqual(15);
        const checked = await sluice(['check', '--base', 'main'], evening);
        expect([checked.exit, checked.stdout]).toEqual(['ok', expect.stringContaining('Risk: low')]);
        estate.git('add', '--all');
        estate.git('commit', '--quiet', '--message', path);
        const who = await sluice(['who-can', idOf(path), '--format', 'json'], evening);
        const { seats } = JSON.parse(who.stdout) as { readonly seats: readonly object[] };
        return { lines, approvals: seats.length };
      }),
    ).toEqual([]);
  });

  it('lets a rule block that was watched', async () => {
    expect(
      await grown('let a rule block', async () => {
        const typed = edit("action: 'log'", "action: 'block'");
        const path = await newRecord('Nobody has called the old API for a month but scanners.', 'high');
        const filled = fill(path);
        return { lines: typed + filled, approvals: await through(path) };
      }),
    ).toEqual([]);
  });

  it('allow-lists an address', async () => {
    expect(
      await grown('allow-list an address', async () => {
        const lines = edit(
          "items: [{ ip: '198.51.100.10' }]",
          "items: [{ ip: '198.51.100.10' }, { ip: '198.51.100.11' }]",
        );
        // A list is of no zone, so that only the author knows for which service it is.
        const standard = ['--type', 'standard', '--service', 'storefront', '--requester', 'r.okafor'];
        const reason = 'A partner calls the API from one address more from today on.';
        const made = await sluice(['new', ...standard, '--reason', reason]);
        expect([made.exit, made.stderr]).toEqual(['ok', expect.stringContaining('Risk ')]);
        const path = made.stdout.trim();
        expect(lengthOf(path)).toBeLessThanOrEqual(15);
        return { lines, approvals: await through(path) };
      }),
    ).toEqual([]);
  });

  it('has an emergency', async () => {
    const world = await startNight(night);
    try {
      expect((await world.job('baseline', '--reason', 'first release')).exit).toBe('ok');
      expect(
        await grown('have an emergency', async () => {
          const incident = await world.incident();
          commands += 1;
          const raised = await world.sluice('r-okafor', [
            'emergency',
            'block ASN 64496 on /login',
            '--incident',
            String(incident),
          ]);
          expect([raised.exit, raised.stderr]).toEqual(['ok', expect.anything()]);
          const number = incident + 1;
          await world.gated(number);
          await world.approved('p-iyer', number);
          const allowed = await world.job('gate', '--pr', String(number), '--publish', '--format', 'json');
          const { verdict, approvals } = JSON.parse(allowed.stdout) as Pick<
            Decision,
            'approvals' | 'verdict'
          >;
          expect(verdict).toBe('allow');
          await world.merged('p-iyer', number);
          const live = await world.job('release', '--pr', String(number));
          expect([live.exit, live.stderr]).toEqual(['ok', expect.anything()]);
          return { lines: 0, approvals: approvals.required };
        }),
      ).toEqual([]);
    } finally {
      await world.close();
    }
  });

  it('closes a change', async () => {
    expect(
      await grown('close', async () => {
        const closed = await sluice(['close', idOf(first), '--by', 'm.lind', '--register-updated'], evening);
        expect([closed.exit, closed.stderr]).toEqual(['ok', expect.anything()]);
        return { lines: 0, approvals: 0 };
      }),
    ).toEqual([]);
    estate.git('add', '--all');
    estate.git('commit', '--quiet', '--message', 'close');
  });

  it('asks what is going on', async () => {
    expect(
      await grown('ask what is going on', async () => {
        const id = idOf(first);
        for (const args of [['status'], ['changes'], ['show', id], ['who-can', id], ['schedule']]) {
          const answered = await sluice(args, evening);
          expect([args, answered.exit, answered.stderr]).toEqual([args, 'ok', expect.anything()]);
        }
        return { lines: 0, approvals: 0 };
      }),
    ).toEqual([]);
  });

  it('waives a rule, and cancels the change', async () => {
    let path = '';
    expect(
      await grown('waive a rule', async () => {
        const typed = edit(
          "    rules: [\n      { ref: 'watch-old-api'",
          `    rules: [\n      { ref: 'block-scanner', description: 'Scanner of last night', action: 'block', expression: '(http.host eq "api.shop.example" and http.user_agent contains "scan")' },\n      { ref: 'watch-old-api'`,
        );
        path = await newRecord('One scanner fills the log of the API since last night.');
        const waiver = [
          'waivers:',
          '  - rule: waf-log-first',
          '    subject: acme-production/cloudflare_ruleset.waf#block-scanner',
          '    reason: The agent is used by one scanner only, seen in the log of last night.',
          '    approvedBy: t.berg',
          '    expires: 2026-12-20T00:00:00Z',
        ];
        const filled = fill(path, `${waiver.join('\n')}\n`);
        const checked = await sluice(['check', '--base', 'main']);
        expect(checked.stdout).toMatch(/waived .*waf-log-first/u);
        return { lines: typed + filled - 2, approvals: 0 };
      }),
    ).toEqual([]);
    estate.git('add', '--all');
    estate.git('commit', '--quiet', '--message', path);
    expect(
      await grown('cancel', async () => {
        const ended = await sluice(
          ['cancel', idOf(path), '--by', 'm.lind', '--reason', 'the scanner is gone'],
          evening,
        );
        expect([ended.exit, ended.stderr]).toEqual(['ok', expect.anything()]);
        return { lines: 0, approvals: 0 };
      }),
    ).toEqual([]);
  });
});

function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace('.yaml', '');
}
