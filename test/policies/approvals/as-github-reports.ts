/** What GitHub, the base branch and the gate's own check runs would show of an account, as facts for the code under test. */
import { anIncident } from '../../builders/facts.ts';
import type {
  DigestTuple,
  Facts,
  PolicySet,
  Quorum,
  Review,
  RosterPerson,
} from '../../../policies/model/facts.ts';
import type { LocatedRecord } from '../../../policies/model/record.ts';
import type { Plan } from '../../../scripts/plan/types.ts';
import { policyParts } from '../../../policies/gate/policy-scope.ts';
import { rulesVersion } from '../../../policies/registry.ts';
import { effectDigest, policyDigest, recordDigest } from '../../../scripts/plan/digest.ts';
import { aDnsRecord, aPlan } from '../../builders/plan.ts';
import { aCatalogueEntry } from '../../builders/policy.ts';
import { aStandardChange, anEmergency } from '../../builders/record.ts';
import { aPolicy, aPull, accounts, cleanRecord, facts, registerWith } from '../world.ts';
import type { Who } from '../world.ts';
import { headOf } from './history.ts';
import type { Account, Commit, Grant, Head, Said, Setting, Sight } from './history.ts';
import type { Entry, Person, Rulebook } from './rulebook.ts';

const botAccount = 9000;

const ids: Readonly<Record<Person, string>> = {
  okafor: 'r.okafor',
  lind: 'm.lind',
  haddad: 's.haddad',
  novak: 'j.novak',
  iyer: 'p.iyer',
  berg: 't.berg',
  marsh: 'a.marsh',
  dunne: 'k.dunne',
  ortiz: 'c.ortiz',
  frost: 'h.frost',
  quist: 'd.quist',
  osei: 'b.osei',
};

interface Known<T> {
  readonly it: T;
  readonly digest: string;
}

/** Shows the accounts of histories. What many of them have in common is worked out once. */
export function viewer(quorum: Quorum): (account: Account, setting: Setting) => Facts {
  const empty = facts({ policy: aPolicy({ quorum }) });
  const plansOf = remembered((setting: Setting) =>
    [20, 21].map((host) => known(planOf(setting, host), effectDigest)),
  );
  const recordsOf = remembered((setting: Setting) =>
    ['a', 'b', 'c'].map((reason) => known(recordOf(setting, reason), ({ record }) => recordDigest(record))),
  );
  const policies = new WeakMap<Rulebook, Map<string, Known<PolicySet>>>();

  // What of the policies is read depends on the stacks and the kind of the record, which a setting has in common.
  const digestIn =
    (setting: Setting) =>
    (policy: PolicySet): string => {
      const [plan, record] = [at(plansOf(setting), 0).it, at(recordsOf(setting), 0).it];
      const parts = policyParts({ plan, records: [record], policy, traffic: empty.traffic });
      return policyDigest(parts, rulesVersion);
    };
  const policyOf = (account: Account, rules: number, setting: Setting): Known<PolicySet> => {
    const book = at(account.rulebooks, rules);
    const made = policies.get(book) ?? new Map<string, Known<PolicySet>>();
    policies.set(book, made);
    const key = JSON.stringify(setting);
    const policy = made.get(key) ?? known(policySetOf(book, setting, quorum), digestIn(setting));
    made.set(key, policy);
    return policy;
  };

  return (account, setting) => {
    const [plans, records] = [plansOf(setting), recordsOf(setting)];
    const tupleOf = ({ head, effect, record, rules }: Sight): DigestTuple => ({
      headSha: shaOf(head),
      effectDigest: at(plans, effect).digest,
      recordDigest: at(records, record).digest,
      policyDigest: policyOf(account, rules, setting).digest,
    });
    const head = headOf(account);
    const { head: number, rules } = account;
    const { it: record } = at(records, head.record);
    const tuple = tupleOf({ head: number, rules, effect: head.effect, record: head.record });
    return {
      ...empty,
      now: instant(account.now),
      plan: at(plans, head.effect).it,
      records: [record],
      policy: policyOf(account, rules, setting).it,
      pull: pullOf(setting, account, head),
      // Open for every other change it would close the service.
      incidents: record.record.type === 'emergency' ? [anIncident()] : [],
      rehearsals: empty.rehearsals.map((each) => ({ ...each, effectDigest: tuple.effectDigest })),
      tuple,
      reviews: account.said.map((said, index) => reviewOf(said, index, tupleOf(said))),
      statements: statementsOf(account, tupleOf),
    };
  };
}

function known<T>(it: T, digestOf: (it: T) => string): Known<T> {
  return { it, digest: digestOf(it) };
}

/** By what plans and records depend on. */
function remembered<T>(make: (setting: Setting) => T): (setting: Setting) => T {
  const made = new Map<string, T>();
  return (setting) => {
    const key = `${setting.type} ${setting.level}`;
    const found = made.get(key) ?? make(setting);
    made.set(key, found);
    return found;
  };
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) {
    throw new Error(`nothing at ${index}`);
  }
  return found;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function shaOf(number: number): string {
  return String(number).padStart(40, '0');
}

/** The standard change adds a record, the other changes move one. */
function planOf({ type }: Setting, host: number): Plan {
  const next = aDnsRecord({ content: `192.0.2.${host}` });
  return type === 'standard'
    ? aPlan().creating('cloudflare_dns_record.new', next).build()
    : aPlan()
        .updating('cloudflare_dns_record.www', aDnsRecord(), next)
        .withZoneTotals('shop.example', 60)
        .build();
}

function recordOf({ type, level }: Setting, reason: string): LocatedRecord {
  const parts = { owner: 'm.lind', reason: `The old origin is switched off (${reason}).` };
  switch (type) {
    case 'standard':
      return aStandardChange(parts);
    case 'emergency':
      return anEmergency({ ...parts, backupImplementer: undefined, risk: { declared: level } });
    case 'normal':
      return cleanRecord({ ...parts, risk: { declared: level } });
  }
}

function policySetOf(book: Rulebook, setting: Setting, quorum: Quorum): PolicySet {
  const usual = aPolicy();
  return {
    ...usual,
    quorum,
    roster: { people: book.entries.map(rosterEntry) },
    registers: registerWith({ clientApprovalRequired: setting.clientAsked }),
    catalogue: { entries: [aCatalogueEntry({ status: book.entryActive ? 'active' : 'suspended' })] },
    // Any figure that nothing in these histories depends on.
    thresholds: { ...usual.thresholds, logModeHours: 24 + book.edition },
  };
}

function rosterEntry({ person, accounts: names, places, deputies }: Entry): RosterPerson {
  return {
    id: ids[person],
    name: person,
    accounts: names.map((name) => accounts[name]),
    seats: places,
    delegations: deputies.map((deputy) => ({ ...deputy, to: ids[deputy.to] })),
  };
}

function pullOf(setting: Setting, account: Account, head: Head): Facts['pull'] {
  const isBot = setting.opener !== 'okafor';
  const clean = aPull();
  return {
    ...clean,
    authorId: isBot ? botAccount : accounts.okafor,
    authorIsBot: isBot,
    commissionerIds: setting.opener === 'bot for marsh' ? [accounts.marsh] : [],
    headSha: shaOf(account.head),
    headAt: instant(account.headAt),
    baseBranch: account.base,
    draft: account.draft,
    fork: setting.fork,
    pusherIds: [...account.pushers].map((who) => accounts[who]),
    commits: head.commits.map(commitOf),
    changedFiles: [...clean.changedFiles, ...(setting.policyFiles ? ['policies/thresholds.yaml'] : [])],
  };
}

function idOf(who: Who | null): number | null {
  return who === null ? null : accounts[who];
}

function commitOf({
  id,
  author,
  committer,
  coAuthor,
}: Commit): NonNullable<Facts['pull']>['commits'][number] {
  return {
    sha: shaOf(id),
    authorId: idOf(author),
    committerId: accounts[committer],
    coAuthorIds: coAuthor === null ? [] : [accounts[coAuthor]],
  };
}

function reviewOf(said: Said, index: number, tuple: DigestTuple): Review {
  const { dismissed, editedAt } = said;
  const by = dismissed?.by ?? null;
  return {
    id: index + 1,
    accountId: accounts[said.by],
    login: said.by,
    state: dismissed === null ? said.says : 'DISMISSED',
    submittedAt: instant(said.at),
    // GitHub moves this one forward; nothing may depend on it.
    commitId: null,
    stateBeforeDismissal: dismissed === null ? null : said.says,
    isBot: false,
    baseBranch: said.base,
    fingerprint: said.typed ? tuple.effectDigest.slice('sha256:'.length).slice(0, 12) : null,
    tuple,
    ...(editedAt === null ? {} : { editedAt: instant(editedAt) }),
    ...(dismissed === null || by === null
      ? {}
      : {
          dismissedBy: {
            accountId: accounts[by],
            at: instant(dismissed.at),
            reason: dismissed.reason ? 'has been settled' : ' ',
          },
        }),
  };
}

function statementsOf(account: Account, tupleOf: (sight: Sight) => DigestTuple): Facts['statements'] {
  const said = ({ by, at: when, reason }: Grant) => ({
    accountId: accounts[by],
    login: by,
    at: instant(when),
    reason: reason ? 'looked at it with the author' : '',
  });
  return [
    ...account.waived.map((waiver) => ({
      ...said(waiver),
      kind: 'waive-commit' as const,
      sha: shaOf(waiver.commit),
      tuple: tupleOf(waiver),
    })),
    ...account.reclassified.map((grant) => ({
      ...said(grant),
      kind: 'reclassify' as const,
      to: 'normal' as const,
      tuple: null,
    })),
  ];
}
