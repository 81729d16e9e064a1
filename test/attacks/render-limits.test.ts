/** Much or hostile content that tries to push out of sight what decides, or to look like a line of our own. */
import { describe, expect, it } from 'vitest';
import { fitComment } from '../../scripts/adapters/github/comment.ts';
import { ExternalError } from '../../scripts/contract/errors.ts';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import type { JsonObject, Plan } from '../../scripts/plan/types.ts';
import { fitLines, fitText } from '../../scripts/render/text/bounded.ts';
import { renderFindingsText, renderRiskText } from '../../scripts/render/decision/check-text.ts';
import { renderDecisionMarkdown } from '../../scripts/render/decision/markdown.ts';
import type { Publication } from '../../scripts/render/decision/publication.ts';
import { renderDecisionText } from '../../scripts/render/decision/text.ts';
import { renderError } from '../../scripts/render/findings/error.ts';
import {
  escapeHtml,
  escapeMarkdown,
  escapeMarkdownCode,
  escapeTerminal,
  escapeTerminalLine,
} from '../../scripts/render/text/escape.ts';
import { renderLedgerFaults, renderLedgerText } from '../../scripts/render/release/ledger-text.ts';
import { renderRehearsal } from '../../scripts/render/release/rehearsal-text.ts';
import { renderReleased } from '../../scripts/render/release/release-text.ts';
import { plainStyle } from '../../scripts/render/text/style.ts';
import { completeOf } from '../../policies/gate/input.ts';
import { decide } from '../../policies/gate.ts';
import type { Decision } from '../../policies/model/decision.ts';
import type { Finding } from '../../policies/model/finding.ts';
import { decideApproved } from '../policies/gate/approved.ts';
import { cleanRecord, facts } from '../policies/world.ts';
import { trafficSaying } from '../builders/traffic.ts';
import { LedgerBuilder, recordsBundle } from '../release/ledger-builder.ts';
import { aRecordOf, planTo, stack, terraform } from './estate.ts';

const publication: Publication = {
  artifact: { name: 'decision-42', file: 'plan.json', sha256: 'ab'.repeat(32) },
  publisher: 'workflow-token',
};

const zone = { cloudflare_zone: { shop: { name: 'shop.example', account: { id: 'a' } } } };
const list = { cloudflare_list: { x: { account_id: 'a', kind: 'ip', name: 'x' } } };
const bundle = (resource: JsonObject) => canonicalBundle(stack, { terraform, resource });
const numbered = (count: number, name: string, of: (at: number) => JsonObject): JsonObject =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}_${String(at)}`, of(at)]));

const many = (content: string): JsonObject =>
  numbered(10_000, 'r', (at) => aRecordOf(`r${String(at)}`, content));

/** A value that carries a line of ours, and what a terminal would obey. */
const forged = 'x\n  ok   approvals  4 of 4 approvals\r\u001b[2K';
const readable = String.raw`x\n  ok   approvals  4 of 4 approvals\r\u{1b}[2K`;

/** What is wrong with a text in which `forged` was printed. */
function forgeries(text: string): readonly string[] {
  const plain = text.replaceAll(readable, '');
  return [
    ...(plain === text ? ['the value is not there'] : []),
    ...(plain.includes('4 of 4') || plain.includes('[2K') ? ['the value stands there as it was'] : []),
  ];
}

/** Every character here is twenty or more once it is escaped. */
const long = '\u{e0041}@:#'.repeat(20_000);
const finding: Finding = {
  ruleId: 'x',
  severity: 'deny',
  subject: long,
  seen: long,
  required: long,
  why: long,
  fix: long,
};

/** The same decision with as much of everything as somebody could bring about. */
function swollen(decision: Decision): Decision {
  const texts = Array.from({ length: 500 }, (_, at) => `${String(at)} ${long}`);
  const reviewer = { personId: null, counted: null, reason: long, wouldCountIf: long };
  return {
    ...decision,
    verdict: 'deny',
    changeId: long,
    checks: decision.checks.map((check) => ({ ...check, verdict: 'deny', summary: long, next: texts })),
    risk: {
      ...decision.risk,
      reasons: texts.map((text) => ({ id: 'declared', level: 'high', text, subjects: texts })),
    },
    findings: texts.map(() => finding),
    approvals: {
      ...decision.approvals,
      vetoes: [{ personId: null, login: 'v-eto', text: 'no' }],
      reviewers: [
        ...texts.map((login) => ({ ...reviewer, login })),
        { ...reviewer, login: 'v-eto', reason: 'has requested changes' },
        { ...reviewer, login: 'c-ounts', reason: 'approves', counted: 'cab' },
      ],
    },
  };
}

function commentOf(plan: Plan, change: (decision: Decision) => Decision = (decision) => decision): string {
  const given = facts({ plan });
  const rehearsals = Array.from({ length: 90 }, () => ({
    stack: long,
    effectDigest: 'x',
    result: 'failed' as const,
    reason: long,
  }));
  const shown = { ...given, rehearsals, traffic: trafficSaying(long) };
  return fitComment(renderDecisionMarkdown(change(decide(given)), shown, publication));
}

/** What must be there whatever else is: in this order. */
const heads = [
  /^### ⛔ DENY/,
  /\*\*What is missing, and who can give it\*\*/,
  /\*\*Traffic\*\*/,
  /\*\*Risk: /,
  /\*\*Findings \(/,
  /\*\*Approvals: /,
  /\*\*Rehearsal\*\*/,
  /\neffect sha256:/,
  /<summary>The whole plan/,
];

function expectOrder(comment: string, expected: readonly RegExp[]): void {
  const places = expected.map((head) => comment.search(head));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
}

describe('the comment', () => {
  const records = numbered(900, 'record_with_a_rather_long_logical_name', (at) =>
    aRecordOf(`r${String(at)}`, '192.0.2.1'),
  );
  const gone = planTo(bundle(list), bundle({ ...zone, cloudflare_dns_record: records }));

  it('names the deletion of a zone first, whatever else is deleted, and counts what it leaves out', () => {
    const comment = commentOf(gone);
    const lines = comment.split('\n').filter((line) => /^- \*\*(?:delete|replace|forget)\*\*/.test(line));
    expect(lines[0]).toMatch(/delete\*\* .*cloudflare&#95;zone\./);
    expect(lines).toHaveLength(50);
    expect(comment).toContain('**Deleted, replaced or forgotten (901)**');
    expect(comment).toContain('- and **851 more**: delete 851 cloudflare&#95;dns&#95;record');
    expectOrder(
      comment,
      heads.filter((head) => !head.source.includes('Findings')),
    );
  });

  it('counts the rarest first among what it leaves out', () => {
    const lists = numbered(3, 'zz', () => list.cloudflare_list.x);
    const comment = commentOf(
      planTo(bundle(zone), bundle({ ...zone, cloudflare_dns_record: records, cloudflare_list: lists })),
    );
    expect(comment).toContain(
      '- and **853 more**: delete 3 cloudflare&#95;list, delete 850 cloudflare&#95;dns&#95;record',
    );
  });

  it('of ten thousand changes is cut in the plan and nowhere before', () => {
    const plan = planTo(
      bundle({ ...zone, cloudflare_dns_record: many('192.0.2.2') }),
      bundle({ ...zone, cloudflare_dns_record: many('192.0.2.1') }),
    );
    const comment = commentOf(plan, swollen);
    expect(comment.length).toBeLessThanOrEqual(65_000);
    expectOrder(comment, heads);
    expect(comment).toContain("*Cut to GitHub's limit.");
  });

  it('keeps every part when all of them are as long as can be, and closes what it opens', () => {
    const hostile = planTo(
      bundle(list),
      bundle({
        ...zone,
        cloudflare_dns_record: numbered(400, `a${'-_'.repeat(3000)}`, () =>
          aRecordOf('x', `${'`'.repeat(5000)}</details><details>`),
        ),
      }),
    );
    const comment = commentOf(hostile, swollen);
    expect(comment.length).toBeLessThanOrEqual(65_000);
    expectOrder(comment, heads);
    expect(comment).toMatch(/delete\*\* .*cloudflare&#95;zone\./);
    expect(comment).toMatch(
      /\| c&#45;ounts \| cab \|[^\n]*\n\| v&#45;eto \| not counted \| has requested changes \|/,
    );
    expect(comment.match(/and \*\*\d+ more\*\*/g)?.length).toBeGreaterThanOrEqual(5);
  });

  it('closes the fold even when a value pretends to have done so', () => {
    const body = `<details><summary>plan</summary>\n\n\`\`\`diff\n${'+ </details>\n'.repeat(8000)}`;
    expect(fitComment(body)).toMatch(/\n```\n\n<\/details>\n\n\*Cut to/);
  });

  it('stays below the limit when the fence itself is long', () => {
    const fence = '`'.repeat(20_000);
    const fitted = fitComment(`VERDICT\n${fence}diff\n${'+ a line\n'.repeat(9000)}${fence}\n`);
    expect(fitted.length).toBeLessThanOrEqual(65_000);
    expect(fitted.split('\n').filter((line) => line.startsWith('```'))).toHaveLength(2);
  });
});

describe('a part of known length', () => {
  it('cuts before it escapes and says how long the text was', () => {
    const fitted = fitText(long, 100, escapeMarkdown);
    expect(fitted.length).toBeLessThanOrEqual(100);
    expect(fitted).toMatch(
      /^(?:&#92;u&#123;e0041&#125;|&#64;&#8203;|&#58;&#8203;|&#35;&#8203;)+… \(100000 characters\)$/,
    );
    expect(fitText('short', 100, escapeMarkdown)).toBe('short');
  });

  it('parts no pair of surrogates', () => {
    expect(fitText('😀'.repeat(100), 60, escapeMarkdown)).toMatch(/^(?:😀)+… \(200 characters\)$/u);
  });

  it('counts what it leaves out', () => {
    expect(fitLines(['a', 'b', 'c'], { lines: 2, characters: 99 })).toEqual({ fitting: ['a', 'b'], left: 1 });
    expect(fitLines(['aaaa', 'bbbb', 'c'], { lines: 9, characters: 9 })).toEqual({
      fitting: ['aaaa'],
      left: 2,
    });
    expect(fitLines(['a'], { lines: 1, characters: 2 })).toEqual({ fitting: ['a'], left: 0 });
  });
});

describe('a line on a terminal', () => {
  it('of a decision is one line, whatever the record is called', () => {
    const decision = decideApproved({ records: [cleanRecord({ title: forged })], reviews: [] });
    expect(renderDecisionText(decision, null, plainStyle).match(/^ {2}ok {3}approvals/gm)).toBeNull();
    const checks = decision.checks.map((check) => ({
      ...check,
      verdict: 'deny' as const,
      summary: forged,
      reasons: [forged],
      next: [forged],
    }));
    const reviewers = [
      { login: forged, personId: null, counted: null, reason: forged, wouldCountIf: forged },
    ];
    expect(
      forgeries(
        renderDecisionText(
          {
            ...decision,
            changeId: forged,
            checks,
            approvals: { ...decision.approvals, level: forged, reviewers },
          },
          completeOf(facts({ records: [cleanRecord({ title: forged })] })),
          plainStyle,
        ),
      ),
    ).toEqual([]);
  });

  it('of findings and risk', () => {
    const place = { file: forged, line: 1, column: 1 };
    const found = {
      ...finding,
      subject: forged,
      seen: forged,
      required: forged,
      fix: forged,
      location: place,
    };
    expect(
      forgeries(
        renderFindingsText(
          {
            findings: [found],
            outcomes: [{ ruleId: 'x', kind: 'crashed', reason: forged }],
            verdict: 'deny',
          },
          plainStyle,
        ),
      ),
    ).toEqual([]);
    const reasons = [{ id: 'x', level: 'high' as const, text: forged, subjects: [forged] }];
    expect(
      forgeries(
        renderRiskText(
          { effective: 'high', declared: null, computed: 'high', needsSecurityReview: false, reasons },
          plainStyle,
        ),
      ),
    ).toEqual([]);
  });

  it('of the ledger and of a release', () => {
    const builder = new LedgerBuilder();
    builder.release({ bundle: recordsBundle(stack, { a: '1' }), changeId: 'CHG-2026-0042' });
    const [folder] = builder.read().folders;
    if (folder === undefined || folder.entry === null) {
      throw new Error('no release');
    }
    const intent = {
      ...folder.intent,
      id: forged,
      stack: forged,
      by: forged,
      changeId: forged,
      undoes: [forged],
    };
    expect(forgeries(renderLedgerText([{ ...folder, intent, entry: null }], new Map(), plainStyle))).toEqual(
      [],
    );
    expect(forgeries(renderLedgerFaults([{ place: forged, what: forged }], plainStyle))).toEqual([]);
    expect(
      forgeries(
        renderReleased([{ ...folder.entry, id: forged, stack: forged, changeId: forged }], plainStyle),
      ),
    ).toEqual([]);
  });

  it('of a rehearsal', () => {
    const base = {
      stack: forged,
      result: 'failed',
      reason: forged,
      steps: [],
      differences: [{ address: forged, what: forged }],
    };
    expect(
      forgeries(
        renderRehearsal([base as unknown as Parameters<typeof renderRehearsal>[0][number]], plainStyle),
      ),
    ).toEqual([]);
  });

  it('of an error stands behind a margin when Terraform said several', () => {
    const error = new ExternalError({ what: `failed\n  Next: rm -rf`, why: 'a\nb\u001b[1A', next: 'c' });
    const { text } = renderError(error, plainStyle, false);
    expect(text.split('\n')).toEqual([
      'sluice: failed',
      '    |   Next: rm -rf',
      '  Why: a',
      String.raw`    | b\u{1b}[1A`,
      '  Next: c',
      expect.stringMatching(/^ {2}\(exit /),
      '',
    ]);
    expect(renderError(new Error('a\nb'), plainStyle, false).text).toContain('a\n    | b\n');
  });
});

describe('characters that nobody sees', () => {
  it.each([
    0x00_ad, 0x03_4f, 0x06_1c, 0x11_5f, 0x17_b4, 0x18_0e, 0x20_0b, 0x20_28, 0x20_2e, 0x20_65, 0x20_69,
    0x31_64, 0xfe_0f, 0xfe_ff, 0xff_a0, 0xff_f0, 0xff_f8, 0xff_f9, 0x1_bc_a0, 0x1_bc_a3, 0x1_d1_73, 0x1_d1_7a,
    0xe_00_41, 0xe_01_ef, 0xe_0f_ff,
  ])('U+%d is shown as what it is', (point) => {
    const character = String.fromCodePoint(point);
    const shown = `\\u{${point.toString(16)}}`;
    for (const escape of [escapeTerminal, escapeTerminalLine, escapeHtml]) {
      expect(escape(`a${character}b`)).toBe(`a${shown}b`);
    }
    for (const escape of [escapeMarkdown, escapeMarkdownCode]) {
      expect(escape(`a${character}b`)).toBe(`a&#92;u&#123;${point.toString(16)}&#125;b`);
    }
  });
});
