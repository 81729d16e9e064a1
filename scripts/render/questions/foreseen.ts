/** What a change that was not released comes to, for a person. */
import type { Risk } from '../../../policies/model/assessment.ts';
import type { ReviewRequests } from '../../../policies/approvals.ts';
import { byGravity } from '../../plan/difference/summary.ts';
import type { Plan } from '../../plan/types.ts';
import type { KnownChange } from '../../questions/types.ts';
import { headingOf } from '../plan/lines.ts';
import { whoOf } from '../decision/pull-body.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';

export interface ForeseenReport {
  readonly from: 'pull' | 'record' | 'tree';
  readonly plan: Plan | null;
  readonly hosts: readonly string[];
  readonly risk: Risk;
  readonly asking: ReviewRequests;
  readonly missing: readonly string[] | null;
  readonly instead: { readonly why: string; readonly next: string } | null;
}

/** Changes that are listed; the others are counted. */
const mostListed = 12;

/** Plan, risk with its reasons, seats, and what is missing; where the code was not looked at, why and what does. */
export function foreseenLines(change: KnownChange, report: ForeseenReport, style: Style): readonly string[] {
  const { plan, hosts, risk, missing, instead } = report;
  return [
    style.bold(basisOf(change, report)),
    ...(plan === null ? [] : planLines(plan, hosts)),
    `  risk ${risk.effective}${risk.reasons.length === 0 ? '' : ', because:'}`,
    ...risk.reasons.map(({ level, text }) => escapeTerminalLine(`    ${level.padEnd(9)}${text}`)),
    `  who may approve, the ${report.asking.level} quorum:`,
    ...seatLines(report.asking).map((line) => `  ${line}`),
    ...(missing === null
      ? []
      : [
          missing.length === 0 ? '  nothing denies it' : '  missing:',
          ...missing.map((line) => escapeTerminalLine(`    ${line}`)),
        ]),
    ...(instead === null ? [] : [escapeTerminalLine(`  Next: ${instead.next}`)]),
  ];
}

/** What an answer rests on, in a sentence. */
export function basisOf({ pull }: KnownChange, { from, risk, instead }: ForeseenReport): string {
  switch (from) {
    case 'pull':
      return `From pull request ${String(pull?.number ?? '')}, risk ${risk.effective}.`;
    case 'tree':
      return escapeTerminalLine(
        `From the working tree, risk ${risk.effective}: ${(instead?.why ?? '').replace(/\.$/, '')}.`,
      );
    case 'record':
      return escapeTerminalLine(
        `From the record alone, risk ${risk.effective}${risk.declared === null ? ' at least' : ' as it declares'}: ${(instead?.why ?? '').replace(/\.$/, '')}. The gate computes its own, and asks for more where that is higher.`,
      );
    default:
      throw new Error(`source that is not known: ${JSON.stringify(from satisfies never)}`);
  }
}

/** Each seat with who is proposed for it and who else could fill it. */
export function seatLines({ seats }: ReviewRequests): readonly string[] {
  return seats.map((seat) => {
    const also = seat.alternates.length === 0 ? '' : ` or ${seat.alternates.join(', ')}`;
    const requested = seat.isAsked ? ' (asked)' : '';
    return escapeTerminalLine(`  ${seat.seat.padEnd(24)} ${whoOf(seat)}${requested}${also}`);
  });
}

function planLines({ stacks }: Plan, hosts: readonly string[]): readonly string[] {
  const changes = stacks.flatMap((stack) => stack.changes).toSorted(byGravity);
  const left = changes.length - mostListed;
  return [
    ...changes
      .slice(0, mostListed)
      .map((change) => escapeTerminalLine(`  ${headingOf(change)} ${change.stack}/${change.address}`)),
    ...(changes.length === 0 ? ['  it changes no resource'] : []),
    ...(left > 0 ? [`  and ${String(left)} more, the least grave`] : []),
    ...(hosts.length === 0 ? [] : [escapeTerminalLine(`  hosts: ${hosts.join(', ')}`)]),
  ];
}
