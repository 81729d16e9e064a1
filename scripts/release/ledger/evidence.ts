/**
 * What ties an entry to what allowed it: the files that it names, the commit and the bundle that it was made from, the
 * decision that said allow for this tuple, and the people whose approvals counted.
 */
import { canonicalJson, isObject } from '../../json/json.ts';
import { bundleDigest, bundleText, canonicalBundle } from '../../plan/bundle.ts';
import type { JsonObject } from '../../plan/types.ts';
import type { Intent, LedgerApproval, LedgerFault, LedgerSignature, ReleaseEntry } from '../types.ts';
import { endFiles, type LedgerTrust } from './branch.ts';
import { textDigest, type LedgerDocument } from './format.ts';
import { signatureProblem } from './signature.ts';

/** The parts of a decision that the ledger relies on; its schema says that they are there. */
interface DecisionEvidence {
  readonly verdict: string;
  readonly changeId: string | null;
  readonly tuple: JsonObject;
  readonly checks: readonly { readonly verdict: string }[];
  readonly approvals: {
    readonly reviewers: readonly {
      readonly login: string;
      readonly personId: string | null;
      readonly counted: LedgerApproval['seat'] | null;
    }[];
  };
}

/** The approvals that a decision counted, as an intent names them. */
export function countedApprovals({
  approvals,
}: Pick<DecisionEvidence, 'approvals'>): readonly LedgerApproval[] {
  return approvals.reviewers.flatMap(({ login, personId, counted }) =>
    counted === null || personId === null ? [] : [{ personId, login, seat: counted }],
  );
}

/** One folder whose documents were read and follow their schemas. */
export interface FolderParts {
  readonly folder: string;
  readonly intent: Intent;
  readonly entry: ReleaseEntry | null;
  /** Text of every file, by name. */
  readonly texts: ReadonlyMap<string, string>;
  /** Value of every file that is there, by name. */
  readonly values: ReadonlyMap<string, JsonObject>;
}

/** One document of a folder, as far as the order of the ledger needs it. */
interface SignedDocument {
  /** sha256 of the document. */
  readonly digest: string;
  readonly signature: LedgerSignature | null;
  /** Why its bytes are not signed; null when they are. */
  readonly problem: string | null;
}

/** What stays of a folder once everything was checked that can be checked without the others. */
export interface CheckedFolder {
  readonly folder: string;
  readonly intent: Intent;
  readonly entry: ReleaseEntry | null;
  readonly documents: Readonly<Partial<Record<LedgerDocument, SignedDocument>>>;
}

/** The folder without its texts. */
export function checkedFolder(parts: FolderParts, trust: LedgerTrust): CheckedFolder {
  const { folder, intent, entry } = parts;
  const release = entry === null ? {} : { release: signedDocument(parts, 'release', trust) };
  return { folder, intent, entry, documents: { intent: signedDocument(parts, 'intent', trust), ...release } };
}

function signedDocument(
  { folder, intent, texts, values }: FolderParts,
  document: LedgerDocument,
  trust: LedgerTrust,
): SignedDocument {
  const name = `${document}.json`;
  const signature = (values.get(`${document}.sig.json`) as unknown as LedgerSignature | undefined) ?? null;
  const text = texts.get(name) ?? '';
  const signed = { path: `${folder}/${name}`, text };
  const problem =
    signature === null ? 'is not signed' : signatureProblem(trust[intent.target], signed, signature);
  return { digest: textDigest(text), signature, problem };
}

/** Everything about one folder that can be checked without the others. */
export function evidenceFaults(parts: FolderParts, trust: LedgerTrust): readonly LedgerFault[] {
  return [
    ...pairFaults(parts),
    ...namedFileFaults(parts),
    ...bundleFaults(parts),
    ...permissionFaults(parts),
    ...commitFaults(parts, trust),
  ];
}

const sharedFields = [
  'id',
  'action',
  'stack',
  'client',
  'changeId',
  'startedAt',
  'by',
  'target',
  'commit',
  'tuple',
  'bundleDigest',
  'undoes',
] as const;

function pairFaults({ folder, intent, entry }: FolderParts): readonly LedgerFault[] {
  if (entry === null) {
    return [];
  }
  return sharedFields
    .filter((name) => canonicalJson(intent[name] ?? null) !== canonicalJson(entry[name] ?? null))
    .map((field) => ({ place: `${folder}/release.json`, what: `${field} differs from intent.json` }));
}

/** Files that are there by the time the document that names them is written, and their names. */
function namedFileFaults({ folder, intent, entry, texts }: FolderParts): readonly LedgerFault[] {
  const announced = new Set([...texts.keys()].filter((name) => !isOf('intent', name) && !endFiles.has(name)));
  const faults = digestFaults({ folder, by: 'intent.json', files: intent.files, texts, present: announced });
  if (entry === null) {
    return faults;
  }
  const all = new Set([...texts.keys()].filter((name) => !isOf('release', name)));
  return [
    ...faults,
    ...digestFaults({ folder, by: 'release.json', files: entry.files, texts, present: all }),
  ];
}

/** The document and its signature: they cannot name themselves. */
function isOf(document: LedgerDocument, name: string): boolean {
  return name === `${document}.json` || name === `${document}.sig.json`;
}

function digestFaults(named: {
  readonly folder: string;
  readonly by: string;
  readonly files: Readonly<Record<string, string>>;
  readonly texts: ReadonlyMap<string, string>;
  readonly present: ReadonlySet<string>;
}): readonly LedgerFault[] {
  const { folder, by, files, texts, present } = named;
  const wrong = Object.entries(files).flatMap(([name, digest]): readonly LedgerFault[] => {
    const text = texts.get(name);
    if (text === undefined) {
      return [{ place: `${folder}/${name}`, what: `is missing: ${by} names it` }];
    }
    return textDigest(text) === digest
      ? []
      : [
          {
            place: `${folder}/${name}`,
            what: `was changed: ${by} names ${digest}, the file has ${textDigest(text)}`,
          },
        ];
  });
  const extra = [...present]
    .filter((name) => !Object.hasOwn(files, name))
    .map((name) => ({ place: `${folder}/${name}`, what: `is not named by ${by}` }));
  return [...wrong, ...extra];
}

function bundleFaults({ folder, intent, texts, values }: FolderParts): readonly LedgerFault[] {
  const place = `${folder}/bundle.tf.json`;
  const configuration = values.get('bundle.tf.json');
  if (configuration === undefined) {
    return [{ place, what: 'is missing: nothing could be rolled back to it' }];
  }
  const bundle = canonicalBundle(intent.stack, configuration);
  if (bundleText(bundle) !== texts.get('bundle.tf.json')) {
    return [{ place, what: 'is not in canonical form: it was edited by hand' }];
  }
  const digest = bundleDigest(bundle);
  return digest === intent.bundleDigest
    ? []
    : [{ place, what: `has digest ${digest}, intent.json names ${intent.bundleDigest}` }];
}

/** A release has the decision that allowed it; what no pull request allowed must not look as if one had. */
function permissionFaults(parts: FolderParts): readonly LedgerFault[] {
  const { folder, intent, values } = parts;
  const place = `${folder}/intent.json`;
  const decision = values.get('decision.json');
  if (intent.action !== 'release') {
    const claims = intent.tuple !== null || intent.approvals.length > 0 || decision !== undefined;
    return [
      ...(claims ? [{ place, what: `is a ${intent.action}, but names approvals or a decision` }] : []),
      ...((intent.action === 'rollback') === intent.undoes.length > 0
        ? []
        : [{ place, what: `is a ${intent.action} that undoes ${intent.undoes.join(', ') || 'nothing'}` }]),
    ];
  }
  if (decision === undefined || intent.tuple === null) {
    return [{ place, what: 'is a release without the decision that allowed it' }];
  }
  return [
    ...decisionFaults(parts, decision as unknown as DecisionEvidence),
    ...rehearsalFaults(parts),
    ...planFaults(parts),
  ];
}

function decisionFaults({ folder, intent }: FolderParts, decision: DecisionEvidence): readonly LedgerFault[] {
  const place = `${folder}/decision.json`;
  const isAllowed =
    decision.verdict === 'allow' && decision.checks.every(({ verdict }) => verdict === 'allow');
  return [
    ...(isAllowed ? [] : [{ place, what: 'does not allow this release' }]),
    ...(canonicalJson(decision.tuple) === canonicalJson(intent.tuple)
      ? []
      : [{ place, what: 'is for another tuple than intent.json' }]),
    ...(decision.changeId === intent.changeId
      ? []
      : [{ place, what: 'is about another change than intent.json' }]),
    ...(canonicalJson(countedApprovals(decision)) === canonicalJson(intent.approvals)
      ? []
      : [{ place, what: 'counts other approvals than intent.json names' }]),
    ...(intent.undoes.length === 0
      ? []
      : [{ place: `${folder}/intent.json`, what: 'is a release that undoes others' }]),
  ];
}

function rehearsalFaults({ folder, intent, values }: FolderParts): readonly LedgerFault[] {
  const rehearsal = values.get('rehearsal.json');
  if (rehearsal === undefined) {
    return [];
  }
  const { stack, effectDigest, bundles } = rehearsal;
  const proposed = isObject(bundles) ? bundles['proposed'] : null;
  const isOfThis =
    stack === intent.stack && effectDigest === intent.tuple?.effectDigest && proposed === intent.bundleDigest;
  return isOfThis
    ? []
    : [{ place: `${folder}/rehearsal.json`, what: 'is of another stack, effect or bundle' }];
}

function planFaults({ folder, intent, values }: FolderParts): readonly LedgerFault[] {
  const place = `${folder}/plan.json`;
  const plan = values.get('plan.json');
  if (plan === undefined) {
    return [{ place, what: 'is missing: what was allowed to change is not known' }];
  }
  const stacks = plan['stacks'] as readonly { readonly stack: string; readonly bundles: JsonObject }[];
  const [only, ...others] = stacks;
  return only?.stack === intent.stack && others.length === 0 && only.bundles['after'] === intent.bundleDigest
    ? []
    : [{ place, what: 'is of another stack or bundle' }];
}

function commitFaults(
  { folder, intent }: FolderParts,
  { defaultBranch }: LedgerTrust,
): readonly LedgerFault[] {
  if (intent.target === 'sandbox') {
    // Played in a clone, from whatever branch; the key of that clone is all that it rests on.
    return [];
  }
  const place = `${folder}/intent.json`;
  if (defaultBranch === null) {
    return [
      {
        place,
        what: 'names a commit, but this clone does not know which branch is the default one',
        next: 'git remote set-head origin --auto',
      },
    ];
  }
  return defaultBranch.commits.has(intent.commit)
    ? []
    : [
        {
          place,
          what: `was made from ${intent.commit.slice(0, 12)}, which ${defaultBranch.name} does not have`,
          next: 'git fetch origin',
        },
      ];
}
