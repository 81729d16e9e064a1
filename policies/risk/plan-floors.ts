/** Floors that the plan alone decides: what is destroyed, how far it reaches, what it can lock out. */
import { takesAway } from '../../scripts/provider/kind.ts';
import type { ResourceChange } from '../../scripts/plan/types.ts';
import type { ProviderType } from '../../scripts/provider/entry.ts';
import { providerType } from '../../scripts/provider/types.ts';
import { isLabelEdit } from '../reading/label-edits.ts';
import { isControlFile } from '../reading/places/control-files.ts';
import { isProduction, registerOfStack } from '../reading/estate-context.ts';
import type { RuleContext } from '../model/finding.ts';
import { changesOf, type PlanIndex } from '../reading/plan-index.ts';
import { ruleText } from '../reading/rulesets/rules.ts';
import type { RulesetRuleChange } from '../reading/rulesets/rules.ts';
import { isEnabled, stoppingActions } from '../reading/rulesets/skip-rules.ts';
import { nameLost } from '../reading/dns/state.ts';
import { carriesTraffic, isSwitchedOff } from '../reading/traffic.ts';
import { knownText } from '../reading/values.ts';
import { floorOf } from './floor.ts';
import type { Floor } from './floor.ts';

export function planFloors(context: RuleContext): readonly Floor[] {
  return [
    ...destroyTraffic(context),
    ...zoneGone(context),
    ...accountScope(context),
    ...globalRule(context),
    ...blastRadius(context),
    ...criticalService(context),
    ...foreignPlace(context),
    ...policyTouch(context),
  ];
}

function destroyTraffic({ index, estate }: RuleContext): readonly Floor[] {
  const gone = index.changes.filter(
    (change) =>
      isSwitchedOff(change) ||
      ((takesAway(change) || change.actions.includes('forget') || nameLost(change, estate) !== null) &&
        carriesTraffic(change)),
  );
  return floorOf(
    'destroy-traffic',
    'high',
    'something that carries traffic is deleted, replaced, renamed or switched off',
    gone,
  );
}

/** With a zone goes everything in it, and a zone that is made again has other name servers. */
function zoneGone({ index }: RuleContext): readonly Floor[] {
  const gone = changesOf(index, 'cloudflare_zone').filter((change) => takesAway(change));
  return floorOf('zone-gone', 'critical', 'a zone is deleted, with everything in it', gone);
}

function accountScope({ index }: RuleContext): readonly Floor[] {
  const granting = changesOfAccount(index, 'grants');
  const given = granting.filter((change) => change.after !== null);
  const others = [
    ...granting.filter((change) => change.after === null),
    ...changesOfAccount(index, 'settings'),
    ...index.rulesets.filter(isAccountRuleset),
  ];
  return [
    ...floorOf('account-scope', 'critical', 'somebody is given access to the account', given),
    ...floorOf('account-scope', 'high', 'the account itself changes', others),
  ];
}

function changesOfAccount({ changes }: PlanIndex, what: ProviderType['account']): readonly ResourceChange[] {
  return changes.filter(({ type }) => providerType(type)?.account === what);
}

function isAccountRuleset(change: ResourceChange): boolean {
  const kind = knownText(change, change.after === null ? 'before' : 'after', ['kind']);
  return change.zone === null && kind !== 'zone';
}

/** Actions whose rule decides over a request when it matches. */
const decidingActions: ReadonlySet<string> = new Set([...stoppingActions, 'redirect']);

function globalRule({ index }: RuleContext): readonly Floor[] {
  const wide = index.rulesetRules.filter(
    (pair) =>
      isEnabled(pair, 'after') &&
      decidingActions.has(ruleText(pair, 'after', ['action']) ?? '') &&
      isGlobal(pair),
  );
  return wide.length === 0
    ? []
    : [
        {
          id: 'global-rule',
          level: 'high',
          text: 'a rule that blocks, challenges or redirects matches every request, or every host of the account',
          subjects: wide.map((pair) => pair.subject),
        },
      ];
}

/** What cannot be read counts as global. In a zone, a condition of any kind confines a rule, and a redirect needs a positive one; in the account, a host must. */
function isGlobal(pair: RulesetRuleChange): boolean {
  const reading = pair.expression();
  if (reading.kind !== 'known' || !reading.analysis.parsed) {
    return true;
  }
  const { constant, scoped, hosts, confinedBy } = reading.analysis;
  const isRedirect = ruleText(pair, 'after', ['action']) === 'redirect';
  return (
    (isRedirect && confinedBy.length === 0) ||
    constant === true ||
    !scoped ||
    (pair.change.zone === null && typeof hosts === 'string')
  );
}

function blastRadius(context: RuleContext): readonly Floor[] {
  const { index, policy, reach } = context;
  const zones = new Set([
    ...index.changes.map((change) => change.zone).filter((zone) => zone !== null),
    ...[...reach.beyond.values()].flatMap(({ domains }) => domains),
  ]);
  const clients = new Set(
    reach.stacks.map((stack) => registerOfStack(policy, stack)?.client ?? `unregistered ${stack}`),
  );
  const { maxZones, maxResources } = policy.thresholds;
  return [
    ...(clients.size > 1 ? [radius('critical', `${clients.size} clients change together`)] : []),
    ...(zones.size > maxZones ? [radius('high', `${zones.size} zones change (more than ${maxZones})`)] : []),
    ...(index.changes.length > maxResources
      ? [radius('high', `${index.changes.length} resources change (more than ${maxResources})`)]
      : []),
    ...(zones.size > 1 && zones.size <= maxZones ? [radius('medium', `${zones.size} zones change`)] : []),
  ];
}

function radius(level: Floor['level'], text: string): Floor {
  return { id: 'blast-radius', level, text, subjects: [] };
}

/** A stack that no register knows is taken for production of tier 1. */
/** What only people read changes no service. */
function criticalService({ index, policy, reach }: RuleContext): readonly Floor[] {
  if (index.changes.length > 0 && index.changes.every(isLabelEdit)) {
    return [];
  }
  const critical = reach.stacks.filter(
    (stack) => isProduction(policy, stack) && (registerOfStack(policy, stack)?.tier ?? 1) === 1,
  );
  return critical.length === 0
    ? []
    : [
        {
          id: 'critical-service',
          level: 'medium',
          text: 'production of a tier 1 service changes',
          subjects: critical,
        },
      ];
}

/**
 * A change that acts on production of another stack: that stack's state does not know of it, so two configurations may
 * undo each other, and no plan of the owner shows it.
 */
function foreignPlace({ policy, reach }: RuleContext): readonly Floor[] {
  const found = [...reach.beyond].flatMap(([change, { stacks }]) => {
    const owner = [...stacks.keys()].find((stack) => isProduction(policy, stack));
    return owner === undefined ? [] : [{ change, owner, what: stacks.get(owner) ?? '' }];
  });
  const [first] = found;
  return first === undefined
    ? []
    : floorOf(
        'foreign-place',
        isProduction(policy, first.change.stack) ? 'low' : 'high',
        `${first.change.stack} acts on ${first.owner}: ${first.what}`,
        found.map(({ change }) => change),
      );
}

function policyTouch({ changedFiles }: RuleContext): readonly Floor[] {
  const touched = changedFiles.filter(isControlFile);
  return touched.length === 0
    ? []
    : [
        {
          id: 'policy-touch',
          level: 'high',
          text: 'policies, registers, workflows or the tool change: the process owner must agree',
          subjects: touched,
        },
      ];
}
