/**
 * A made-up day of traffic, as Logpush `http_requests` would deliver it, always the same bytes. What was done with each
 * request is what the present rules decide; managed rules and rate limits, whose work nobody can replay, act on a few.
 */
import { compileReplay } from '../replay.ts';
import type { Configurations } from '../replay.ts';
import { actionOf, judgeRequest } from '../judge.ts';
import { zoneOf } from '../zone-rules.ts';
import type { ZoneReplay } from '../zone-rules.ts';
import { lineReader } from '../../traffic/lines.ts';
import { acme } from './acme.ts';
import { borough } from './borough.ts';
import type { Profile, VisitorProfile } from './profile.ts';
import { seededRandom } from './random.ts';
import type { Random } from './random.ts';

export const profiles: readonly Profile[] = [acme, borough];

export interface Corpus {
  readonly lines: readonly string[];
  /** Requests by kind of visitor. */
  readonly kinds: ReadonlyMap<string, number>;
}

/** Midnight of the day, UTC, in seconds since 1970: 2026-11-24. */
const midnight = 1_795_478_400;
const words = ['boots', 'jacket', 'tent', 'lamp', 'stove', 'rope', 'map', 'flask', 'gloves', 'pack'];

/** `estate` is what is live: all stacks, for the rules that decide. */
export function generateCorpus(profile: Profile, requests: number, estate: Configurations): Corpus {
  const random = seededRandom(profile.seed);
  const zones = compileReplay({ before: estate, after: estate, stacks: [...estate.keys()] });
  const kinds = new Map<string, number>();
  const lines = Array.from({ length: requests }, (_, nth) => {
    const visitor = random.weighted(profile.visitors);
    kinds.set(visitor.kind, (kinds.get(visitor.kind) ?? 0) + 1);
    const row = rowOf(random, visitor, { nth, requests, client: profile.client });
    return JSON.stringify({ ...row, ...outcomeOf(random, zones, row) });
  });
  return { lines, kinds };
}

interface Nth {
  readonly nth: number;
  readonly requests: number;
  readonly client: string;
}

type CorpusRow = Readonly<Record<string, string | number>>;

function rowOf(random: Random, visitor: VisitorProfile, { nth, requests, client }: Nth): CorpusRow {
  const { method, host, uris } = random.weighted(visitor.asked);
  const uri = random
    .one(uris)
    .replaceAll('{w}', () => random.one(words))
    .replaceAll('{n}', () => String(1 + random.below(999)))
    .replaceAll('{n5}', () => String(10_000 + random.below(90_000)))
    .replaceAll('{n8}', () => String(10_000_000 + random.below(90_000_000)));
  const [path = ''] = uri.split('?');
  const tls = random.one(visitor.tls);
  const seconds = midnight + secondOfDay(nth / requests);
  return {
    RayID: `${client.slice(0, 2)}${(nth + 0x10_00_00).toString(16).padStart(14, '0')}`,
    EdgeStartTimestamp: new Date(seconds * 1000).toISOString(),
    ClientIP: addressOf(random, visitor),
    ClientASN: random.one(visitor.asns),
    ClientCountry: random.weighted(visitor.countries).code,
    ClientRequestHost: host,
    ClientRequestMethod: method,
    ClientRequestURI: uri,
    ClientRequestPath: path,
    ClientRequestScheme: tls === 'none' ? 'http' : 'https',
    ClientRequestProtocol: random.one(visitor.protocols),
    ClientRequestUserAgent: random.one(visitor.agents),
    ClientRequestReferer: random.below(3) === 0 ? `https://${host}/` : '',
    ClientSSLProtocol: tls,
    BotScore: between(random, visitor.botScore),
    VerifiedBotCategory: visitor.botCategory,
    WAFAttackScore: between(random, visitor.attackScore),
  };
}

/** Requests by hour of the day, of a hundred: little at night, most in the evening. */
const hours = [1, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 5, 6, 5, 5, 5, 5, 6, 7, 8, 8, 6, 4, 1];

/** The moment by which this part of the day's requests has come. */
function secondOfDay(part: number): number {
  const total = hours.reduce((sum, weight) => sum + weight, 0);
  let left = part * total;
  const hour = hours.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  const weight = hours[hour] ?? 1;
  return Math.floor((hour + (left + weight) / weight) * 3600);
}

function between(random: Random, [low, high]: readonly [number, number]): number {
  return low + random.below(high - low + 1);
}

/** The upper half of each documentation network is for the lists of the clients: offices, probes, blocked addresses. */
const lastVisitor = 127;

function addressOf(random: Random, { addresses }: VisitorProfile): string {
  const address = random.one(addresses);
  if (address.endsWith(':')) {
    return `${address}${address.endsWith('::') ? '' : ':'}${(1 + random.below(0xff_fe)).toString(16)}`;
  }
  return address.endsWith('.') ? `${address}${1 + random.below(lastVisitor)}` : address;
}

/** One request in so many that gets through the custom rules is stopped by something whose counters or rules are not ours. */
const stoppedElsewhere = 120;
/** Of twice as many posts, those that a rate limit stops. */
const limitedPosts = 12;

function outcomeOf(random: Random, zones: readonly ZoneReplay[], row: CorpusRow): object {
  const chance = random.below(stoppedElsewhere * 2);
  const decided = decision(zones, row);
  if (decided !== null) {
    return outcome(decided.action, decided.rule, 'firewallCustom');
  }
  if (chance === 0) {
    return outcome('block', 'managed-rule', 'firewallManaged');
  }
  return chance <= limitedPosts && row['ClientRequestMethod'] === 'POST'
    ? outcome('block', 'rate-limit', 'ratelimit')
    : { EdgeResponseStatus: 200, SecurityActions: [], SecurityRuleIDs: [], SecuritySources: [] };
}

function outcome(action: string, rule: string, source: string): object {
  return {
    EdgeResponseStatus: 403,
    SecurityActions: [action],
    SecurityRuleIDs: [rule],
    SecuritySources: [source],
  };
}

/** What the custom rules do; null when they let the request through, or when it cannot be told from a log. */
function decision(
  zones: readonly ZoneReplay[],
  row: CorpusRow,
): { readonly action: string; readonly rule: string } | null {
  const read = lineReader('logpush-http-requests', null).read(JSON.stringify(row), { file: '', line: 0 });
  if (read === null || 'bad' in read || 'apart' in read) {
    return null;
  }
  const zone = zoneOf(zones, read.request.host);
  const verdict = zone === undefined ? null : judgeRequest(zone, read.request).before;
  const effect = verdict?.outcome?.effect;
  return verdict !== null && (effect === 'block' || effect === 'challenge')
    ? { action: actionOf(verdict), rule: verdict.outcome?.rule ?? '' }
    : null;
}
