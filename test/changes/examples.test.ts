import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRegister } from '../../scripts/read/register/register.ts';
import { readRecord } from '../../scripts/read/record/record.ts';
import { readYaml } from '../../scripts/read/yaml/yaml.ts';
import { findPlaceholders } from '../../policies/model/placeholder.ts';
import type { Register } from '../../policies/model/facts.ts';
import type { AuthoredRecord } from '../../policies/model/record.ts';
import { isInsideOpening } from '../../policies/windows.ts';

const root = new URL('../../', import.meta.url);

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

const clients = readdirSync(new URL('changes/', root), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const paths = clients.flatMap((client) =>
  readdirSync(new URL(`changes/${client}/`, root)).map((name) => `changes/${client}/${name}`),
);
const records = new Map(
  paths.map((path) => {
    const parsed = readRecord(read(path), path);
    return [path, parsed.ok ? parsed.value.record : null] as const;
  }),
);
const valid: readonly AuthoredRecord[] = [...records.values()].filter((record) => record !== null);

function register(client: string): Register {
  const path = `stacks/clients/${client}/service.yaml`;
  const parsed = readRegister(read(path), path);
  if (!parsed.ok) {
    throw new Error(`${path}: ${parsed.diagnostics[0]?.message ?? ''}`);
  }
  return parsed.value;
}

function peopleOf(record: AuthoredRecord): readonly string[] {
  const named = [
    record.requester,
    record.owner,
    record.implementer,
    record.backupImplementer,
    record.securityImpact?.reviewer,
    record.rollback?.decider,
    record.outcome?.closedBy,
    record.emergency?.declaredBy,
    ...(record.plan?.steps ?? []).map(({ actor }) => actor),
  ];
  return named.filter((person) => person !== undefined);
}

it.each(paths)('%s is valid', (path) => {
  const parsed = readRecord(read(path), path);
  expect(parsed.ok ? [] : parsed.diagnostics).toEqual([]);
});

describe.each(valid.map((record) => [record.id, record] as const))('%s', (_id, record) => {
  const client = register(record.client);

  it('is complete', () => {
    expect(findPlaceholders(record)).toEqual([]);
    expect(record.securityImpact?.assessed).toBe(true);
  });

  it('names a service, stacks and people that exist', () => {
    const roster = readYaml(read('policies/roster.yaml'), 'policies/roster.yaml');
    const people = roster.ok ? (roster.value.value as { people: { id: string }[] }).people : [];
    const ids = new Set(people.map(({ id }) => id));
    expect(client.services.map(({ id }) => id)).toContain(record.service);
    expect(client.stacks.map(({ name }) => name)).toEqual(expect.arrayContaining([...(record.stacks ?? [])]));
    expect(peopleOf(record).filter((person) => !ids.has(person))).toEqual([]);
  });

  it('fits, with its rollback, into the window that it names', () => {
    const { schedule, rollback } = record;
    const needsNone = record.type === 'emergency' || record.kind === 'Administrative';
    const window = client.windows.find(({ id }) => id === schedule?.window);
    const start = Date.parse(schedule?.plannedStart ?? '');
    const end = Date.parse(schedule?.plannedEnd ?? '') + (rollback?.maxDurationMin ?? 0) * 60_000;
    const fits = window !== undefined && isInsideOpening([window], start, end);
    expect(needsNone ? schedule?.window === undefined : fits).toBe(true);
  });

  it('has steps that fit into its time', () => {
    const minutes = (record.plan?.steps ?? []).reduce((sum, { durationMin }) => sum + durationMin, 0);
    const { plannedStart = '', plannedEnd = '' } = record.schedule ?? {};
    const available =
      record.schedule === undefined ? 0 : (Date.parse(plannedEnd) - Date.parse(plannedStart)) / 60_000;
    expect(minutes).toBeLessThanOrEqual(available);
  });

  it('probes hosts of the zones of its service, or of any client for the account', () => {
    const zones =
      record.client === 'platform'
        ? clients.flatMap((name) => register(name).services.flatMap((service) => service.zones))
        : (client.services.find(({ id }) => id === record.service)?.zones ?? []);
    for (const probe of record.test?.probes ?? []) {
      const host = 'url' in probe ? new URL(probe.url).hostname : probe.host;
      expect([host, zones.some((zone) => host === zone || host.endsWith(`.${zone}`))]).toEqual([host, true]);
    }
  });
});

describe('together', () => {
  it('cover every type, risk and outcome, and have open ones', () => {
    expect(valid.length).toBeGreaterThanOrEqual(12);
    const has = <T>(pick: (record: AuthoredRecord) => T): ReadonlySet<T> =>
      new Set(valid.map((record) => pick(record)));
    expect([...has(({ type }) => type)].toSorted()).toEqual(['emergency', 'normal', 'standard']);
    expect([...has(({ kind }) => kind)].toSorted()).toEqual(['Administrative', 'Change']);
    expect([...has(({ outcome }) => outcome?.result ?? 'open')].toSorted()).toEqual([
      'aborted',
      'cancelled',
      'failed',
      'open',
      'rejected',
      'rolled-back',
      'successful',
      'successful-with-issues',
    ]);
    const risks = new Set(
      valid.filter(({ type }) => type === 'normal').map(({ risk }) => risk?.declared ?? ''),
    );
    expect([...risks].toSorted()).toEqual(['critical', 'high', 'low', 'medium']);
  });

  it('have ids of their own, in the order of time, below the numbers kept for trials', () => {
    const ids = valid.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^CHG-2026-00[0-9]{2}$/.test(id))).toBe(true);
    const starts = valid
      .toSorted((left, right) => (left.id < right.id ? -1 : 1))
      .flatMap(({ schedule }) => (schedule === undefined ? [] : [Date.parse(schedule.plannedStart)]));
    expect(starts).toEqual(starts.toSorted((left, right) => left - right));
  });

  it('refer only to changes that exist', () => {
    const ids = new Set(valid.map(({ id }) => id));
    const named = valid.flatMap(({ retryOf, dependsOn = [], conflictsWith = [] }) => [
      ...(retryOf === undefined ? [] : [retryOf]),
      ...dependsOn,
      ...conflictsWith,
    ]);
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  });
});
