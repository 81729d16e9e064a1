/**
 * Months of an audit log that are made so that the answer is known: every entry is put where it belongs before anybody judges it.
 * The answers here come of how the month was made, and of nothing that the product computes.
 */
import type { AuditEntry, AuditedRelease } from '../../../scripts/live/audit/types.ts';
import { randomFrom } from '../../provider/made.ts';

export const from = Date.parse('2026-11-01T00:00:00Z');
export const until = Date.parse('2026-12-01T00:00:00Z');
export const account = 'a'.repeat(32);
export const tokens = [{ name: 'sluice-release-acme', id: 'f'.repeat(32) }];

const minute = 60_000;
const day = 24 * 60 * minute;

export interface MadeMonth {
  readonly releases: readonly AuditedRelease[];
  /** In no order, some of them twice. */
  readonly entries: readonly AuditEntry[];
  readonly answer: {
    readonly released: Readonly<Record<string, number>>;
    /** `reason actor object first entries`, sorted. */
    readonly bursts: readonly string[];
    readonly counts: Readonly<
      Record<
        | 'duplicates'
        | 'outside'
        | 'foreign'
        | 'reads'
        | 'failed'
        | 'profile'
        | 'cloudflare'
        | 'released'
        | 'unauthorised',
        number
      >
    >;
    /** Releases of which the log has nothing of what they changed. */
    readonly missing: readonly string[];
  };
}

type Parts = Readonly<{
  [Part in 'account' | 'action' | 'actor' | 'request' | 'resource' | 'zone']?: Partial<AuditEntry[Part]>;
}>;

const release: AuditEntry['actor'] = {
  type: 'account',
  context: 'api_token',
  id: account,
  email: null,
  ip: '192.0.2.1',
  tokenId: tokens[0]?.id ?? '',
  tokenName: tokens[0]?.name ?? '',
};

export function person(name: string): AuditEntry['actor'] {
  return {
    type: 'user',
    context: 'dash',
    id: name,
    email: `${name}@shop.example`,
    ip: '198.51.100.1',
    tokenId: null,
    tokenName: null,
  };
}

export class MonthMaker {
  readonly #random: () => number;
  readonly #entries: AuditEntry[] = [];
  #id = 0;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  entry(at: number, parts: Parts): AuditEntry {
    this.#id += 1;
    const made: AuditEntry = {
      id: this.#id.toString(16).padStart(32, '0'),
      at,
      account: { id: account, name: 'Acme', ...parts.account },
      action: { type: 'update', description: 'Update', result: 'success', ...parts.action },
      actor: { ...release, ...parts.actor },
      request: { method: 'PUT', uri: '/zones/z/dns_records/r', ray: 'ray', ...parts.request },
      resource: { type: 'dns_record', id: 'r', product: 'dns_records', scope: 'zones', ...parts.resource },
      zone: { id: 'z', name: 'shop.example', ...parts.zone },
    };
    this.#entries.push(made);
    return made;
  }

  /** The month with some entries twice, shuffled. */
  shuffled(): { readonly entries: readonly AuditEntry[]; readonly duplicates: number } {
    const twice = this.#entries.filter(
      ({ at, account: of }) => at >= from && at < until && of.id === account && this.below(20) === 0,
    );
    const all = [...this.#entries, ...twice];
    for (let index = all.length - 1; index > 0; index -= 1) {
      const other = this.below(index + 1);
      [all[index], all[other]] = [all[other] as AuditEntry, all[index] as AuditEntry];
    }
    return { entries: all, duplicates: twice.length };
  }
}

/** `size` is about how many entries of each kind there are. */
export function makeMonth(seed: number, size: number): MadeMonth {
  const maker = new MonthMaker(seed);
  const released: Record<string, number> = {};
  const missing: string[] = [];
  const releases = Array.from({ length: 20 }, (_, index): AuditedRelease => {
    const id = `R${String(index + 1).padStart(4, '0')}`;
    // One a day, at noon, for ten minutes: no other one is near.
    const begun = from + (index + 1) * day + 12 * 60 * minute;
    const type = index % 2 === 0 ? 'cloudflare_dns_record' : 'cloudflare_ruleset';
    const changes = index % 5 === 4 ? 0 : 1 + maker.below(size / 20);
    const isSilent = changes > 0 && index % 7 === 6;
    for (let count = 0; count < (isSilent ? 0 : changes); count += 1) {
      // The clocks of the two differ by up to two minutes.
      const at = begun - 2 * minute + maker.below(14 * minute);
      maker.entry(at, {
        actor: { ...release },
        request: {
          method: 'PUT',
          uri:
            index % 2 === 0 ? `/zones/z/dns_records/${String(count)}` : '/client/v4/zones/z/rulesets/w?x=1',
        },
      });
      released[id] = (released[id] ?? 0) + 1;
    }
    if (isSilent) {
      missing.push(id);
    }
    return {
      id,
      stack: 'acme-production',
      account,
      zones: ['shop.example'],
      from: begun,
      until: begun + 10 * minute,
      changed: new Map(changes === 0 ? [] : [[type, changes]]),
      tokens,
    };
  });
  const bursts: string[] = [];
  let unauthorised = 0;
  const burst = (reason: string, parts: Parts, times: readonly number[]): void => {
    const object = `o${String(bursts.length)}`;
    const made = times.map((at) =>
      maker.entry(at, { ...parts, resource: { ...parts.resource, id: object } }),
    );
    unauthorised += times.length;
    const who = made[0]?.actor.email ?? made[0]?.actor.tokenName ?? '';
    bursts.push(
      `${reason} ${who} ${object} ${new Date(Math.min(...times)).toISOString()} ${String(times.length)}`,
    );
  };
  for (let count = 0; count < size / 4; count += 1) {
    const start = from + maker.below(28 * day);
    // None more than an hour after the one before, over up to five hours.
    const steps = Array.from({ length: maker.below(6) }, () => maker.below(60 * minute + 1));
    const times = steps.reduce<readonly number[]>(
      (all, step) => [...all, (all.at(-1) ?? start) + step],
      [start],
    );
    burst('other-actor', { actor: person(`p${String(maker.below(5))}`) }, times);
  }
  // The same person and object an hour and a millisecond later: another burst.
  const apart = from + 3 * day;
  const twin = { actor: person('twin'), resource: { type: 'apart' } };
  for (const at of [apart, apart + 60 * minute + 1]) {
    const object = 'twin';
    maker.entry(at, { ...twin, resource: { ...twin.resource, id: object } });
    unauthorised += 1;
    bursts.push(`other-actor twin@shop.example twin ${new Date(at).toISOString()} 1`);
  }
  for (const [index, { from: begun }] of releases.entries()) {
    burst('other-actor', { actor: person('mallory') }, [begun + minute]);
    burst(
      'token-elsewhere',
      {
        zone: { id: 'other', name: 'other.example' },
        request: { uri: index % 2 === 0 ? '/zones/other/dns_records/x' : '/zones/other/rulesets/x' },
      },
      [begun + 2 * minute],
    );
    burst(
      'token-elsewhere',
      { request: { uri: index % 2 === 0 ? '/zones/z/rulesets/x' : '/zones/z/dns_records/x' } },
      [begun + 3 * minute],
    );
    burst('token-outside-release', {}, [begun + 10 * minute + 2 * minute + 1]);
    // A token that only has the name.
    burst('other-actor', { actor: { ...release, tokenId: 'e'.repeat(32) } }, [begun + 4 * minute]);
  }
  const each = (parts: (at: number) => Parts, at = (): number => from + maker.below(30 * day)): number => {
    const count = maker.below(size);
    for (let done = 0; done < count; done += 1) {
      const when = at();
      maker.entry(when, parts(when));
    }
    return count;
  };
  const cloudflare =
    each(() => ({ actor: { ...person('system'), type: 'system', email: null } })) +
    each(() => ({ actor: { ...person('staff'), type: 'Cloudflare_admin' } }));
  const reads =
    each(() => ({ action: { type: 'view' }, actor: person('reader') })) +
    each(() => ({ request: { method: 'GET' } }));
  const failed = each(() => ({ action: { result: 'failure' }, actor: person('clumsy') }));
  const profile = each(() => ({
    actor: person('self'),
    resource: { scope: 'user', type: 'login', product: 'login' },
    zone: { id: null, name: null },
    request: { method: 'POST', uri: '/user/tokens' },
  }));
  const foreign = each(() => ({ account: { id: 'b'.repeat(32) }, actor: person('elsewhere') }));
  const outside = each(
    () => ({ actor: person('late') }),
    () => (maker.below(2) === 0 ? from - 1 - maker.below(day) : until + maker.below(day)),
  );
  const { entries, duplicates } = maker.shuffled();
  return {
    releases,
    entries,
    answer: {
      released,
      bursts: bursts.toSorted(),
      missing,
      counts: {
        duplicates,
        outside,
        foreign,
        reads,
        failed,
        profile,
        cloudflare,
        released: Object.values(released).reduce((sum, count) => sum + count, 0),
        unauthorised,
      },
    },
  };
}
