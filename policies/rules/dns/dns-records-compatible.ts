import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { answerOf } from '../../reading/dns/state.ts';
import { isRepeated } from '../../reading/estate.ts';
import type { Estate } from '../../reading/estate.ts';
import { dnsName, dnsType, isApex, subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { knownText, readValue } from '../../reading/values.ts';
import type { RuleContext } from '../../model/finding.ts';
import { defineRule, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

const kinds = ['beside-alias', 'beside-cname', 'beside-delegation', 'twice', 'to-itself'] as const;

export const dnsRecordsCompatible = defineRule({
  id: 'dns-records-compatible',
  title: 'Records of one name go together',
  area: 'estate',
  severity: 'deny',
  why: 'Cloudflare refuses the record in the middle of the release, when others are changed already; or nobody finds the host.',
  fix: 'Keep one of the records; to go from one to the other, change it in place instead of adding the new one first.',
  since: '2026-11-30',
  source:
    'Cloudflare documentation of records with the same name and of CNAME flattening; API errors 81053, 81054 and 81058; RFC 1034, section 3.6.2',
  waivable: true,
  kinds,
  evaluate: (context) =>
    judgeEach(
      changesOf(context.index, 'cloudflare_dns_record').filter(
        (change) => change.after !== null && !isRepeated(change, 'after'),
      ),
      'no DNS record is created or changed',
      (change) => judge(change, context),
    ),
});

interface NamedRecord {
  readonly name: string;
  readonly type: string;
  readonly estate: Estate;
}

/** So many records of one name are looked at beside each: more say nothing that these do not. */
const maxBeside = 50;

function judge(change: ResourceChange, { estate }: RuleContext): Judgement {
  const [name, type] = [dnsName(change, 'after'), dnsType(change, 'after')];
  if (name === null || type === null) {
    return fine;
  }
  const loop = type === 'CNAME' ? loopFrom(change, name, estate) : null;
  const beside = estate
    .records('after', change.zone, name)
    .slice(0, maxBeside)
    .filter((one) => isJudgedHere(change, one));
  return [
    ...(loop === null
      ? fine
      : finding(
          subjectOf(change, 'content'),
          `${name} is a CNAME to itself${loop.length > 1 ? `, by ${loop.slice(0, -1).join(', ')}` : ''}`,
          'a target that ends at another name',
          { kind: 'to-itself' },
        )),
    ...firstOfEachKind(beside.flatMap((other) => judgePair(change, other, { name, type, estate }))),
  ];
}

/** Names that are followed from a CNAME; resolvers give up after about as many. */
const maxHops = 10;

/** The names by which a CNAME comes back to its own, or null when it does not. */
function loopFrom(change: ResourceChange, name: string, estate: Estate): readonly string[] | null {
  const passed: string[] = [];
  let here: ResourceChange | undefined = change;
  while (here !== undefined && passed.length < maxHops) {
    const target: string | undefined = knownText(here, 'after', ['content'])
      ?.toLowerCase()
      .replace(/\.$/u, '');
    if (target === undefined || passed.includes(target)) {
      return null;
    }
    passed.push(target);
    if (target === name) {
      return passed;
    }
    here = estate.records('after', change.zone, target).find((one) => dnsType(one, 'after') === 'CNAME');
  }
  return null;
}

function firstOfEachKind(judgement: Judgement): Judgement {
  return judgement.filter((one, at) => judgement.findIndex(({ kind }) => kind === one.kind) === at);
}

/** Two records that both change are said once, at the second one. What both were before is not of this change. */
function isJudgedHere(change: ResourceChange, other: ResourceChange): boolean {
  if (other === change || (other.actions[0] !== 'no-op' && subjectOf(other) > subjectOf(change))) {
    return false;
  }
  const wereTogether = [change, other].every(
    (one) =>
      one.before !== null &&
      dnsName(one, 'before') === dnsName(one, 'after') &&
      dnsType(one, 'before') === dnsType(one, 'after') &&
      answerOf(one, 'before') === answerOf(one, 'after'),
  );
  return !wereTogether;
}

const hosts: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

function judgePair(change: ResourceChange, other: ResourceChange, named: NamedRecord): Judgement {
  const { name, type } = named;
  const otherType = dnsType(other, 'after') ?? '';
  const answer = answerOf(change, 'after');
  if (answer !== null && answer === answerOf(other, 'after')) {
    return finding(
      subjectOf(change),
      `the ${type} record of ${name} is there already as ${other.address} (Cloudflare answers 81058: an identical record already exists)`,
      'one record',
      { kind: 'twice' },
    );
  }
  // The apex has both: its own name servers, and hosts.
  const isDelegated =
    !isApex(change, 'after') && [type, otherType].includes('NS') && isHost(type) !== isHost(otherType);
  if (isDelegated) {
    return finding(
      subjectOf(change),
      `${name} gets ${article(type)} record beside the ${otherType} record of ${other.address}: it is either delegated or answered here`,
      'a name that is delegated has no addresses here',
      { kind: 'beside-delegation' },
    );
  }
  if (isHost(type) && isHost(otherType)) {
    return judgeHosts(change, other, named);
  }
  return judgeAlias(change, other, named);
}

function judgeAlias(
  change: ResourceChange,
  other: ResourceChange,
  { name, type, estate }: NamedRecord,
): Judgement {
  const otherType = dnsType(other, 'after') ?? '';
  const alias = type === 'CNAME' ? change : otherType === 'CNAME' ? other : null;
  return alias === null || isAnsweredAsAddress(alias, estate)
    ? fine
    : finding(
        subjectOf(change),
        `${name} gets ${article(type)} record beside the ${otherType} record of ${other.address}: resolvers follow the CNAME and find what its target has instead (RFC 1034, 3.6.2)`,
        'a CNAME that is proxied or flattened, or a CNAME alone',
        { kind: 'beside-alias', severity: 'warn' },
      );
}

/**
 * Cloudflare takes other records beside a CNAME. Nobody ever sees one that is answered with addresses: at the apex, behind
 * the proxy, or flattened. Cloudflare documentation, CNAME flattening; records with the same name.
 */
function isAnsweredAsAddress(alias: ResourceChange, estate: Estate): boolean {
  return (
    isApex(alias, 'after') ||
    mayBeOn(alias, ['proxied']) ||
    mayBeOn(alias, ['settings', 'flatten_cname']) ||
    estate
      .all('cloudflare_zone_dns_settings')
      .some((settings) => settings.zone === alias.zone && mayBeOn(settings, ['flatten_all_cnames']))
  );
}

function mayBeOn(change: ResourceChange, path: readonly string[]): boolean {
  const value = readValue(change, 'after', path);
  return value.kind === 'unknown' || (value.kind === 'known' && value.value === true);
}

function isHost(type: string): boolean {
  return hosts.has(type);
}

function judgeHosts(change: ResourceChange, other: ResourceChange, { name, type }: NamedRecord): Judgement {
  const otherType = dnsType(other, 'after') ?? '';
  if (type !== 'CNAME' && otherType !== 'CNAME') {
    return fine;
  }
  const code = type === 'CNAME' ? '81053: an A, AAAA or CNAME record' : '81054: a CNAME record';
  return finding(
    subjectOf(change),
    `${name} gets ${article(type)} record beside the ${otherType} record of ${other.address} (Cloudflare answers ${code} with that host already exists)`,
    'a CNAME alone, or A and AAAA records without one',
    { kind: 'beside-cname' },
  );
}

function article(type: string): string {
  return `${/^[AHLMNS]/u.test(type) ? 'an' : 'a'} ${type}`;
}
