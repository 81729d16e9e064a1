/** Changes of security controls, for the top of the CAB comment: each with what changes in it, never folded. */
import { changeKind } from '../../provider/kind.ts';
import { byGravity } from '../../plan/difference/summary.ts';
import type { Plan, ResourceChange } from '../../plan/types.ts';
import { isSecurityRelevant } from '../../../policies/reading/security-relevance.ts';
import type { Risk } from '../../../policies/model/assessment.ts';
import { fitLines, fitText } from '../text/bounded.ts';
import type { Expressions } from '../../waf/reason/expressions.ts';
import { changeSummary } from './change-summary.ts';
import { escapeMarkdownCode } from '../text/escape.ts';

const limits = { lines: 25, characters: 6000 };
const addressLength = 260;
const pieceLength = 640;
const maxPieces = 3;

/** Reasons of the risk that name a security control; see policies/risk/security-floors.ts. */
const securityReasons: ReadonlyMap<string, string> = new Map([
  ['security-weaken', 'weakened, skipped or removed'],
  ['unreviewed-type', 'a type that no rule was written for'],
  ['list-emptied', 'a list that rules use is emptied or goes away'],
  ['exception-wider', 'lets through what was stopped'],
  ['block-wider', 'stops more requests than before'],
  ['block-new', 'begins to stop requests unwatched'],
]);

export interface SecurityChanges {
  /** What touches a control: by its type, or because a security floor names it. */
  readonly touched: ReadonlySet<ResourceChange>;
  /** What a security floor names, with the words for it. */
  readonly named: ReadonlyMap<ResourceChange, string>;
}

/** Which changes of the plan are security-relevant. A floor names `stack/address`, or a rule in it after a `#`. */
export function securityChanges(plan: Plan, risk: Risk): SecurityChanges {
  const reasons = new Map<string, string>();
  for (const { id, subjects } of risk.reasons.filter((reason) => securityReasons.has(reason.id))) {
    for (const subject of subjects) {
      const whole = subject.split('#', 1)[0] ?? subject;
      reasons.set(whole, reasons.get(whole) ?? securityReasons.get(id) ?? id);
    }
  }
  const named = new Map<ResourceChange, string>();
  const touched = new Set<ResourceChange>();
  for (const change of plan.stacks.flatMap(({ changes }) => changes)) {
    const reason = reasons.get(`${change.stack}/${change.address}`);
    if (reason !== undefined) {
      named.set(change, reason);
    }
    const isIdle = ['no-op', 'read'].includes(changeKind(change));
    if (reason !== undefined || (!isIdle && isSecurityRelevant(change))) {
      touched.add(change);
    }
  }
  return { touched, named };
}

/** What a floor names comes first. What is deleted or forgotten stands in the part above, marked, and is counted here. */
export function renderSecurity(changes: SecurityChanges, expressions: Expressions): string {
  if (changes.touched.size === 0) {
    return 'No security control changes.';
  }
  const listed = [...changes.touched].filter((change) => !isLost(change));
  const lost = changes.touched.size - listed.length;
  if (listed.length === 0) {
    return `Security controls change only where ${String(lost)} of them ${lost === 1 ? 'is' : 'are'} deleted or forgotten, see above.`;
  }
  const sorted = listed.toSorted(
    (a, b) => Number(changes.named.has(b)) - Number(changes.named.has(a)) || byGravity(a, b),
  );
  const entries = sorted.map((change) => entry(change, changes.named.get(change), expressions));
  const { fitting, left } = fitLines(entries, limits);
  const rest = left === 0 ? [] : [`- and **${String(left)} more**`];
  const above = lost === 0 ? '' : `, and ${String(lost)} deleted or forgotten above`;
  return [
    `**Security controls that change (${String(sorted.length)}${above})**`,
    '',
    ...fitting,
    ...rest,
  ].join('\n');
}

function isLost(change: ResourceChange): boolean {
  return ['delete', 'forget'].includes(changeKind(change));
}

function entry(change: ResourceChange, reason: string | undefined, expressions: Expressions): string {
  const pieces = changeSummary(change, expressions);
  const more = pieces.length - maxPieces;
  const address = code(`${change.stack}/${change.address}`, addressLength);
  return [
    `- **${changeKind(change)}** ${address}${reason === undefined ? '' : ` · **${reason}**`}`,
    ...pieces.slice(0, maxPieces).map((text) => `  - ${code(text, pieceLength)}`),
    ...(more > 0 ? [`  - and ${String(more)} more attributes`] : []),
  ].join('\n');
}

function code(text: string, most: number): string {
  return `<code>${fitText(text, most, escapeMarkdownCode)}</code>`;
}
