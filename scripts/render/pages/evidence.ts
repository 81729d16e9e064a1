/** The page of an evidence pack: what an auditor asks of one change, in the order in which they ask it. */
import { h } from 'preact';
import type { MissingEvidence, PackedFile } from '../../release/evidence-pack.ts';
import type { Ledger, LedgerFolder, ReleaseEntry } from '../../release/types.ts';
import { computedText, type Decision, type Verdict } from '../../../policies/model/decision.ts';
import type { KnownRecord } from '../../../policies/record/known.ts';
import { forWhomText, stacksText } from '../questions/lines.ts';
import { ledgerDocument } from '../release/ledger-document.ts';
import { renderPlanText } from '../plan/text.ts';
import { plainStyle } from '../text/style.ts';
import { answeredClauses } from './evidence-clauses.ts';
import { block, code, htmlPage, mark, pairs, paragraph, section, table, type PagePart } from './page.ts';

export interface EvidencePack {
  /** `CHG-2026-0004` or `R0006`. */
  readonly subject: string;
  readonly record: KnownRecord | null;
  readonly ledger: Ledger;
  readonly folders: readonly LedgerFolder[];
  readonly files: readonly (PackedFile & { readonly digest: string })[];
  readonly missing: readonly MissingEvidence[];
  /** RFC 3339: when the pack was made. */
  readonly at: string;
}

/** Self-contained HTML. */
export function evidencePage(report: EvidencePack): string {
  const { subject, record, folders, ledger } = report;
  return htmlPage(`Evidence: ${subject}`, [
    h('h1', null, record === null ? subject : `${record.id}: ${record.title}`),
    paragraph(
      `Made ${report.at} from the ledger, which verified, up to ${ledger.head ?? 'nothing'}. It answers samples of ISO/IEC 20000-1 8.5.1 (change management) and ISO/IEC 27001 A.8.32 (change management).`,
    ),
    clausesSection(report),
    ...(record === null ? [] : [recordSection(record)]),
    ...folders.flatMap((folder) => releaseSections(folder, ledger)),
    section(
      'Files',
      paragraph(
        'Each is in this folder; SHA256SUMS has the digests in the form that sha256sum --check reads.',
      ),
      table(
        ['File', 'What it is', 'From', 'sha256'],
        report.files.map(({ path, what, source, digest }) => [
          code(path),
          what,
          source,
          code(digest.slice('sha256:'.length)),
        ]),
      ),
    ),
    section(
      'What is not in this pack',
      table(
        ['What', 'Why'],
        report.missing.map(({ what, why }) => [what, why]),
      ),
    ),
  ]);
}

function clausesSection({ record, files }: EvidencePack): PagePart {
  return section(
    'What the standards ask, and where it is',
    table(
      ['Clause', 'Asks', 'The record says', 'Files'],
      answeredClauses(record, files).map(({ clause, asks, record: says, files: paths }) => [
        clause,
        asks,
        says,
        paths.length === 0
          ? says === ''
            ? mark('open', 'not in this pack')
            : ''
          : h('span', null, ...paths.flatMap((path) => [code(path), h('br', null)])),
      ]),
    ),
  );
}

function recordSection(record: KnownRecord): PagePart {
  const { schedule, rollback } = record;
  return section(
    'The request',
    pairs([
      ['Why', record.reason],
      ['For', `${forWhomText(record)}: ${stacksText(record)}`],
      [
        'Type',
        `${record.type}, ${record.category ?? 'no category'}, risk declared ${record.risk?.declared ?? 'nothing'}`,
      ],
      [
        'Impact',
        `level ${String(record.impact.level ?? 'by the plan')}, ${record.impact.users}, planned loss of service ${record.impact.expectedOutage}`,
      ],
      [
        'People',
        `requester ${record.requester}, owner ${record.owner}, implementer ${record.implementer ?? 'none'}`,
      ],
      [
        'Slot',
        schedule === undefined
          ? 'none'
          : `${schedule.plannedStart} to ${schedule.plannedEnd}${schedule.window === undefined ? '' : `, window ${schedule.window}`}`,
      ],
      ['Way back', `${rollback.strategy}: ${rollback.steps.join('; ')}`],
      [
        'Outcome',
        record.outcome === undefined
          ? 'not closed when it was released'
          : `${record.outcome.result}, by ${record.outcome.closedBy} at ${record.outcome.closedAt}`,
      ],
    ]),
  );
}

function releaseSections(folder: LedgerFolder, ledger: Ledger): readonly PagePart[] {
  const { intent, entry } = folder;
  const decision = ledgerDocument(ledger, folder, 'decision.json');
  const plan = ledgerDocument(ledger, folder, 'plan.json');
  return [
    section(
      `${intent.id}: ${intent.action} of ${intent.stack}`,
      pairs([
        [
          'Result',
          entry === null
            ? mark('open', 'begun and not ended')
            : mark(entry.result === 'successful' ? 'good' : 'bad', entry.result),
        ],
        ['Begun', intent.startedAt],
        ['Ended', entry?.finishedAt ?? 'not yet'],
        ['By', intent.by],
        ['Target', intent.target],
        ['Commit', code(intent.commit)],
        ['Reason', intent.reason ?? 'the change record'],
        ['Undoes', intent.undoes.length === 0 ? 'nothing' : intent.undoes.join(', ')],
        ['Entry', code(folder.digest ?? 'none')],
        ['Before it', code(intent.previous ?? 'none')],
      ]),
      ...(decision === null
        ? [
            paragraph(
              'No decision of the gate stands behind it: a baseline or a rollback needs no pull request.',
            ),
          ]
        : decisionParts(decision, folder)),
      ...(plan === null
        ? []
        : [h('h3', null, 'The plan that was approved'), block(renderPlanText(plan, { style: plainStyle }))]),
      ...(entry === null ? [] : verificationParts(entry)),
    ),
  ];
}

function decisionParts(decision: Decision, { intent }: LedgerFolder): readonly PagePart[] {
  return [
    h('h3', null, `Decision of ${decision.at}`),
    pairs([
      ['Verdict', verdictMark(decision.verdict)],
      [
        'Risk',
        `${decision.risk.effective} (declared ${decision.risk.declared ?? 'nothing'}, computed ${decision.risk.computed})`,
      ],
      [
        'Approved by',
        intent.approvals.map(({ login, seat, personId }) => `${login} (${personId}) as ${seat}`).join(', ') ||
          'nobody',
      ],
    ]),
    table(
      ['Check', 'Verdict', 'Says'],
      decision.checks.map(({ id, verdict, summary, reasons }) => [
        id,
        verdictMark(verdict),
        [summary, ...reasons].join('; '),
      ]),
    ),
    ...computedParts(decision),
    h('h3', null, 'Why this risk'),
    table(
      ['Level', 'Reason', 'Says'],
      decision.risk.reasons.map(({ id, level, text }) => [level, id, text]),
    ),
    h('h3', null, 'Reviews'),
    decision.approvals.reviewers.length === 0
      ? paragraph('None.')
      : table(
          ['Account', 'Counted as', 'Why'],
          decision.approvals.reviewers.map(({ login, counted, reason }) => [
            login,
            counted ?? 'not counted',
            reason,
          ]),
        ),
    h('h3', null, `Findings (${String(decision.findings.length)})`),
    decision.findings.length === 0
      ? paragraph('None.')
      : table(
          ['Rule', 'Where', 'Seen', 'Required', 'Waived by'],
          decision.findings.map(({ ruleId, subject, seen, required, waivedBy }) => [
            code(ruleId),
            subject,
            seen,
            required,
            waivedBy === undefined
              ? ''
              : `${waivedBy.approvedBy} until ${waivedBy.expires}: ${waivedBy.reason}`,
          ]),
        ),
  ];
}

/** What the author left out, as the decision read it. */
function computedParts({ computed = [] }: Decision): readonly PagePart[] {
  return computed.length === 0
    ? []
    : [
        h('h3', null, 'Computed, not written by the author'),
        table(
          ['Field', 'Value', 'From'],
          computed.map((field) => [code(field.field), computedText(field), field.from]),
        ),
      ];
}

function verificationParts({ completed, errors, verification }: ReleaseEntry): readonly PagePart[] {
  const { converged, probes, pending = [], unread = [] } = verification;
  return [
    h('h3', null, 'What was done and verified'),
    table(
      ['Action', 'Resource'],
      completed.map(({ action, address }) => [action, code(address)]),
    ),
    pairs([
      [
        'A plan after it',
        converged === null
          ? 'not looked at'
          : converged
            ? mark('good', 'was empty')
            : mark('bad', 'was not empty'),
      ],
      [
        'On the way at Cloudflare',
        pending.map(({ address, path }) => `${address}: ${path}`).join(', ') || 'nothing',
      ],
      ['Sent, not read back', unread.map(({ address }) => address).join(', ') || 'nothing'],
    ]),
    ...(probes.length === 0
      ? [paragraph('No probes.')]
      : [
          table(
            ['Probe', 'Before', 'Result', 'Says', 'Milliseconds'],
            probes.map(({ name, ok, detail, ms, before, counts }) => [
              name,
              before?.detail ?? '',
              ok
                ? mark('good', 'passed')
                : counts === false
                  ? mark('open', 'failed, as before')
                  : mark('bad', 'failed'),
              detail,
              String(Math.round(ms)),
            ]),
          ),
        ]),
    ...(errors.length === 0
      ? []
      : [
          table(
            ['Resource', 'Error'],
            errors.map(({ address, summary }) => [address ?? '', summary]),
          ),
        ]),
  ];
}

function verdictMark(verdict: Verdict): PagePart {
  return mark(verdict === 'allow' ? 'good' : verdict === 'deny' ? 'bad' : 'open', verdict);
}
