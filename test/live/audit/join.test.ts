/** The audit log joined with releases, on months whose answers are known because they were made so. */
import { describe, expect, it } from 'vitest';
import { Bursts } from '../../../scripts/live/audit/bursts.ts';
import { daysOf, joinedGaps, retainedSince } from '../../../scripts/live/audit/coverage.ts';
import { AuditJoin } from '../../../scripts/live/audit/join.ts';
import type { AuditEntry } from '../../../scripts/live/audit/types.ts';
import { typesWrittenBy } from '../../../scripts/provider/writes.ts';
import { account, from, makeMonth, MonthMaker, person, tokens, until } from './months.ts';

const question = { from, until, accounts: [account], tokens };

describe('a made month', () => {
  it.each(Array.from({ length: 12 }, (_, index) => index + 1))(
    'of seed %i is judged without a mistake',
    (seed) => {
      const { releases, entries, answer } = makeMonth(seed, 200);
      const join = new AuditJoin({ ...question, releases });
      entries.forEach((entry) => join.add(entry));
      const report = join.report([]);
      expect(report.counts).toEqual(answer.counts);
      expect(Object.values<number>({ ...report.counts }).reduce((sum, count) => sum + count, 0)).toBe(
        entries.length,
      );
      expect(
        report.unauthorised
          .map(({ reason, first, entries: count, entry }) =>
            [reason, entry.actor.email ?? entry.actor.tokenName, entry.resource.id, first, count].join(' '),
          )
          .toSorted(),
      ).toEqual(answer.bursts);
      expect(
        Object.fromEntries(
          report.releases.filter((one) => one.entries > 0).map((one) => [one.id, one.entries]),
        ),
      ).toEqual(answer.released);
      expect(report.releases.filter(({ state }) => state === 'missing').map(({ id }) => id)).toEqual(
        answer.missing,
      );
      expect(report.months).toEqual([
        {
          month: '2026-11',
          account,
          unauthorised: answer.bursts.length,
          released: answer.counts.released,
          isCovered: true,
        },
      ]);
    },
  );

  it('gives the same answer in every order', () => {
    const { releases, entries } = makeMonth(7, 100);
    const [one, other] = [entries, entries.toReversed()].map((order) => {
      const join = new AuditJoin({ ...question, releases });
      order.forEach((entry) => join.add(entry));
      return join.report([]);
    });
    expect(one).toEqual(other);
  });
});

describe('a release', () => {
  const { releases } = makeMonth(1, 40);
  const [first] = releases;

  it('that is not recorded as ended has what its token did since, and is told as open', () => {
    const join = new AuditJoin({
      ...question,
      releases: releases.map((one) => ({ ...one, until: null, changed: null })).slice(0, 1),
    });
    join.add(
      new MonthMaker(1).entry((first?.from ?? 0) + 60_000, { request: { uri: '/zones/z/settings/ssl' } }),
    );
    const { releases: told, counts } = join.report([]);
    expect([told[0]?.state, told[0]?.entries, counts.unauthorised]).toEqual(['open', 1, 0]);
  });

  it('of which the log has nothing is not missing where the log does not cover its time', () => {
    const join = new AuditJoin({ ...question, releases: releases.slice(0, 1) });
    const day = new Date(first?.from ?? 0).toISOString().slice(0, 10);
    const gap = { account, from: `${day}T00:00:00.000Z`, until: `${day}T23:00:00.000Z`, reason: 'HTTP 500' };
    expect(join.report([]).releases[0]?.state).toBe('missing');
    const report = join.report([gap]);
    expect([report.releases[0]?.state, report.months[0]?.isCovered]).toEqual(['not-covered', false]);
  });
});

it('what is no known actor of Cloudflare counts as somebody', () => {
  const join = new AuditJoin({ ...question, releases: [] });
  const maker = new MonthMaker(1);
  for (const type of ['delegated_service', 'robot', null]) {
    join.add(maker.entry(from, { actor: { ...person('x'), type }, resource: { id: String(type) } }));
  }
  expect(join.report([]).unauthorised).toHaveLength(3);
});

it('a scope of a profile hides nothing that is written to a zone or an account', () => {
  const join = new AuditJoin({ ...question, releases: [] });
  const maker = new MonthMaker(1);
  join.add(maker.entry(from, { actor: person('x'), resource: { scope: 'user' } }));
  join.add(
    maker.entry(from, {
      actor: person('x'),
      resource: { scope: 'memberships', id: 'm' },
      zone: { id: null, name: null },
      request: { uri: `/accounts/${account}/members/m` },
    }),
  );
  expect(join.report([]).counts).toMatchObject({ profile: 0, unauthorised: 2 });
});

describe('bursts', () => {
  const maker = new MonthMaker(1);
  const at = (minutes: number): AuditEntry => maker.entry(from + minutes * 60_000, { actor: person('x') });

  it('are joined by an entry between them, whenever it comes', () => {
    const bursts = new Bursts();
    [at(0), at(120), at(60)].forEach((entry) => bursts.add(entry, 'other-actor'));
    expect(bursts.all().map(({ entries }) => entries)).toEqual([3]);
  });

  it('beyond what is kept are counted, and never lost', () => {
    const bursts = new Bursts(2);
    [at(0), at(120), at(240), at(300), at(10)].forEach((entry) => bursts.add(entry, 'other-actor'));
    expect([bursts.all().map(({ entries }) => entries), bursts.beyond]).toEqual([[2, 1], 2]);
  });
});

describe('a request', () => {
  it.each([
    ['PUT', '/zones/z/dns_records/r', ['cloudflare_dns_record']],
    ['post', 'https://api.cloudflare.com/client/v4/zones', ['cloudflare_zone']],
    ['PUT', '/zones/z/custom_hostnames/fallback_origin', ['cloudflare_custom_hostname_fallback_origin']],
    ['PUT', '/accounts/a/rulesets/r?x=/zones', ['cloudflare_ruleset']],
    ['PATCH', '/zones/z/settings/ssl', ['cloudflare_zone_setting']],
    ['POST', '/zones/z/purge_cache', []],
  ])('%s %s is of %j', (method, uri, types) => {
    expect(typesWrittenBy(method, uri)).toEqual(expect.arrayContaining(types));
    expect(typesWrittenBy(method, uri).length).toBe(types.length);
  });
});

describe('a period', () => {
  it('is asked about day by day, and gaps of one reason are one', () => {
    const days = daysOf({ from: from + 3_600_000, until: from + 2.5 * 86_400_000 });
    expect(days.map(({ from: begin, until: end }) => (end - begin) / 3_600_000)).toEqual([23, 24, 12]);
    const gap = (day: number, reason: string) => ({
      account,
      from: `2026-11-0${String(day)}T00:00:00Z`,
      until: `2026-11-0${String(day + 1)}T00:00:00Z`,
      reason,
    });
    expect(joinedGaps([gap(1, 'a'), gap(2, 'a'), gap(3, 'b')])).toHaveLength(2);
  });

  it('goes back eighteen months', () => {
    expect(new Date(retainedSince(Date.parse('2026-11-30T03:00:00Z'))).toISOString()).toBe(
      '2025-05-30T00:00:00.000Z',
    );
  });
});
