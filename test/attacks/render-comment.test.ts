/** The comment on a pull request against text that wants to be markup, a diagram or a line of ours, and against floods. */
import { describe, expect, it } from 'vitest';
import { fitComment } from '../../scripts/adapters/github/comment.ts';
import { assemblePlan } from '../../scripts/plan/difference/diff.ts';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import type { JsonObject, Plan } from '../../scripts/plan/types.ts';
import { changeSummary } from '../../scripts/render/decision/change-summary.ts';
import { renderAnnotations } from '../../scripts/render/decision/annotations.ts';
import { renderDecisionMarkdown } from '../../scripts/render/decision/markdown.ts';
import type { Publication } from '../../scripts/render/decision/publication.ts';
import { escapeMermaidLabel } from '../../scripts/render/text/escape.ts';
import { decide } from '../../policies/gate.ts';
import type { Decision } from '../../policies/model/decision.ts';
import type { Facts } from '../../policies/model/facts.ts';
import type { Finding } from '../../policies/model/finding.ts';
import { aPolicy, cleanRecord, facts, registerWith, review, showing } from '../policies/world.ts';
import { trafficSaying } from '../builders/traffic.ts';
import { aRecordOf, bundleWith, planTo, stack, stackPlan, terraform, zoneId } from './estate.ts';
import { Expressions } from '../../scripts/waf/reason/expressions.ts';

const hostile = [
  '"]:::x\n  click zone0 "https://evil.example"\n  end',
  '"] --> x["<img src=x onerror=alert(1)>',
  '```\n\n# APPROVED\n\n<details><summary>ALLOW</summary>',
  '%%{init: {"theme": "dark", "securityLevel": "loose"}}%%',
  '#quot;] #35; &quot;] &#34;] ﬂ°34¶ß ﬂ°quot¶ß',
  '`**bold** [ok](https://evil.example)` www.evil.example fa:fa-ban',
  '1. list\n- item\n---\ntitle: x\n---',
  'end END subgraph style classDef linkStyle href call',
  '@acme/security #1 GH-7 <!-- sluice:change-control --> -->',
  '| a | b |\n|---|---|\n</code></summary></details>',
  '\u202edeined\u202c\u200b\u0000\u001b[32mALLOW\u{e0041}\u2028',
];

const publication: Publication = {
  artifact: { name: 'decision-42', file: 'plan.json', sha256: 'ab'.repeat(32) },
  publisher: 'workflow-token',
};

const ruleset = (parts: JsonObject, rule: JsonObject): JsonObject => ({
  kind: 'zone',
  name: 'waf',
  phase: 'http_request_firewall_custom',
  zone_id: zoneId,
  rules: [{ ref: 'r', action: 'block', expression: 'true', enabled: true, description: 'd', ...rule }],
  ...parts,
});

/** Everything that this text can be: names, values, rules, a zone, a service, a stack, an artifact. */
function commentWith(text: string): { readonly given: Facts; readonly decision: Decision } {
  const resources = (content: string, rule: JsonObject, more: JsonObject = {}): JsonObject => ({
    cloudflare_zone: {
      shop: { name: 'shop.example', account: { id: 'a' } },
      evil: { name: text, account: { id: 'a' } },
    },
    cloudflare_dns_record: {
      [text]: { ...aRecordOf('x', content), zone_id: '${cloudflare_zone.evil.id}' },
      www: aRecordOf('www', content),
    },
    cloudflare_ruleset: { [text]: ruleset({}, rule), ...more },
    [`cloudflare_${text}`]: { x: { name: content } },
  });
  const before = resources(
    'old',
    { expression: `http.host eq "${text}"` },
    { gone: ruleset({ name: text }, { action: text }) },
  );
  const after = resources(text, { expression: text, action: text, ref: text });
  const bundle = (resource: JsonObject) => canonicalBundle(stack, { terraform, resource });
  const plan = assemblePlan([stackPlan(bundle(after), bundle(before))], 'configuration');
  const evil: Plan = { ...plan, stacks: [...plan.stacks, ...renamed(plan, text)] };
  const services = [{ id: text, name: text, zones: [text, 'shop.example'] }];
  const stacks = [stack, text].map((name) => ({ name, environment: 'production' as const, zones: [text] }));
  const records = [cleanRecord({ title: text, reason: text, stacks: [stack, text] })];
  const policy = aPolicy({ registers: registerWith({ services, stacks }) });
  const reviews = showing({ plan: evil, records, policy }, [review('novak', { login: text })]);
  const given = facts({ plan: evil, records, policy, reviews });
  return { given, decision: decide(given) };
}

function renamed(plan: Plan, name: string): Plan['stacks'] {
  return plan.stacks.map((each) => ({
    ...each,
    stack: name,
    changes: each.changes.map((change) => ({ ...change, stack: name })),
  }));
}

/** The lines between fences, by the word after the fence; and the text outside of all. */
function partsOf(markdown: string): { readonly outside: string; readonly mermaid: readonly string[] } {
  let fence: string | null = null;
  let word = '';
  const outside: string[] = [];
  const mermaid: string[] = [];
  for (const line of markdown.split('\n')) {
    const [, run, info = ''] = /^(`{3,})(.*)$/.exec(line) ?? [];
    if (fence === null && run !== undefined) {
      [fence, word] = [run, info];
    } else if (fence !== null && line === fence) {
      fence = null;
    } else if (fence === null) {
      outside.push(line);
    } else if (word === 'mermaid') {
      mermaid.push(line);
    }
  }
  expect(fence).toBeNull();
  return { outside: outside.join('\n').replaceAll(/<\/?(?:code|details|summary)>/g, ''), mermaid };
}

const unseen = new RegExp(
  String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]`,
  'u',
);

/** All that a diagram of ours consists of; in a label letters, digits, spaces and references, and our note of a cut. */
const label = String.raw`(?:(?!ﬂ)[\p{L}\p{N} ]|#\d+;)*(?:… \(\d+ characters\))?`;
const diagramLines = [
  'flowchart LR',
  String.raw`  stack\d+\["${label}"\]`,
  String.raw`  zone\d+\(\["${label}(?:account, in no zone)?<br/>\d+ [a-z ]+(?:, \d+ [a-z ]+)*"\]\)`,
  String.raw`  service\d+\("${label}<br/>service"\)`,
  String.raw`  (?:stack|zone)\d+ --> (?:zone|service)\d+`,
  String.raw`  classDef [a-z]+ stroke:#[0-9a-f]{6},stroke-width:\dpx(?:,stroke-dasharray:\d \d)?`,
  String.raw`  class (?:(?:stack|zone|service)\d+,?)+ [a-z]+`,
].map((line) => new RegExp(`^${line}$`, 'u'));

describe('hostile text', () => {
  it.each(hostile)('is only text in every part of the comment: %j', (text) => {
    const { given, decision } = commentWith(text);
    const shown = { ...given, traffic: trafficSaying(text) };
    const markdown = renderDecisionMarkdown(decision, shown, {
      artifact: { name: text, file: text, sha256: text },
      publisher: 'workflow-token',
    });
    const { outside, mermaid } = partsOf(markdown);
    expect(outside).not.toMatch(/[<>]|!\[|\]\(|@|https?:|onerror=|APPROVED$/mu);
    expect(markdown).not.toMatch(unseen);
    expect(mermaid.length).toBeGreaterThan(6);
    expect(mermaid.filter((line) => !diagramLines.some((known) => known.test(line)))).toEqual([]);
    for (const head of [
      '**Deleted, replaced or forgotten (',
      '**Security controls that change (',
      '**Traffic**',
      '<summary>The rest: ',
    ]) {
      expect(markdown).toContain(head);
    }
  });

  it.each(hostile)('is only text in an annotation, of which no line is made up: %j', (text) => {
    const { given } = commentWith(text);
    const annotations = renderAnnotations(
      [findingOn({ ruleId: 'x', subject: text, seen: text, fix: text })],
      given,
    );
    expect(annotations).toHaveLength(1);
    for (const { title, message } of annotations) {
      expect(`${title}\n${message}`).not.toMatch(unseen);
      expect(message.split('\n')).toHaveLength(4);
      expect(title).not.toContain('\n');
    }
  });

  it('in a label keeps letters, digits and single spaces, and reads the same when Mermaid has drawn it', () => {
    expect(escapeMermaidLabel('Web  shop 2')).toBe('Web shop 2');
    expect(escapeMermaidLabel('a-b."c"')).toBe('a#45;b#46;#34;c#34;');
    expect(escapeMermaidLabel('end END bend ends')).toBe('e#110;d E#78;D bend ends');
    expect(escapeMermaidLabel('`*x*`\n<b>')).toBe('#96;#42;x#42;#96; #60;b#62;');
    expect(escapeMermaidLabel('ﬂ°34¶ß')).toBe('#92;u#123;fb02#125;#176;34#182;ß');
    expect(escapeMermaidLabel('\u202ea😀')).toBe('#92;u#123;202e#125;a#128512;');
  });
});

function findingOn(partial: Partial<Finding>): Finding {
  return {
    ruleId: 'a-rule',
    severity: 'deny',
    subject: 'record',
    seen: 'seen',
    required: 'required',
    why: 'why',
    fix: 'fix',
    ...partial,
  };
}

const long = '\u{e0041}@:#"<`|'.repeat(7500);

describe('a flood', () => {
  const numbered = (count: number, of: (at: number) => JsonObject): JsonObject =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`n${String(at)}${'-_'.repeat(200)}`, of(at)]),
    );

  /** Hundreds of zones, services, deletions, rules and types, each with values of sixty thousand characters. */
  function flood(): { readonly given: Facts; readonly decision: Decision } {
    const zones = numbered(120, (at) => ({ name: `${String(at)}${'.-'.repeat(100)}`, account: { id: 'a' } }));
    const names = Object.keys(zones);
    const inZones = (content: string): JsonObject =>
      Object.fromEntries(
        names.map((name, at) => [
          `r${String(at)}`,
          { ...aRecordOf('r', `${content}${at < 3 ? long : ''}`), zone_id: `\${cloudflare_zone.${name}.id}` },
        ]),
      );
    const types = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [
        `cloudflare_${'x-'.repeat(120)}${String(at)}`,
        { a: { name: 'x' } },
      ]),
    );
    const rules = (text: string): JsonObject =>
      numbered(90, (at) =>
        ruleset({ name: `n${String(at)}` }, { expression: `${text}${at < 3 ? long : '-_'.repeat(300)}` }),
      );
    const resource = {
      cloudflare_zone: zones,
      cloudflare_dns_record: inZones('2'),
      cloudflare_ruleset: rules('b'),
      ...types,
    };
    const old = {
      cloudflare_zone: zones,
      cloudflare_dns_record: {
        ...inZones('1'),
        ...numbered(400, () => aRecordOf('gone', long.slice(0, 300))),
      },
      cloudflare_ruleset: rules('a'),
    };
    const plan = planTo(
      canonicalBundle(stack, { terraform, resource }),
      canonicalBundle(stack, { terraform, resource: old }),
    );
    const zoneNames = names.map((_, at) => `${String(at)}${'.-'.repeat(100)}`);
    const services = Array.from({ length: 400 }, (_, at) => ({
      id: String(at),
      name: long,
      zones: zoneNames,
    }));
    const stacks = [{ name: stack, environment: 'production' as const, zones: zoneNames }];
    const records = [cleanRecord({ title: long })];
    const given = facts({
      plan,
      records,
      policy: aPolicy({ registers: registerWith({ services, stacks }) }),
    });
    const rehearsals = Array.from({ length: 90 }, () => ({
      stack: long,
      effectDigest: 'x',
      result: 'failed' as const,
      reason: long,
    }));
    const traffic = trafficSaying(long);
    return { given: { ...given, rehearsals, traffic }, decision: swollen(decide(given)) };
  }

  function swollen(decision: Decision): Decision {
    const texts = Array.from({ length: 300 }, (_, at) => `${String(at)} ${long}`);
    const reviewer = { personId: null, counted: null, reason: long, wouldCountIf: long };
    const reasons = (['high', 'low'] as const).flatMap((level) =>
      texts.map((text) => ({ id: 'declared', level, text, subjects: texts })),
    );
    return {
      ...decision,
      verdict: 'deny',
      changeId: long,
      checks: decision.checks.map((check) => ({ ...check, verdict: 'deny', summary: long, next: texts })),
      risk: { ...decision.risk, effective: 'high', reasons: [...decision.risk.reasons, ...reasons] },
      findings: texts.map((text) => findingOn({ subject: text, seen: text, fix: long })),
      approvals: {
        ...decision.approvals,
        level: long,
        reviewers: texts.map((login) => ({ ...reviewer, login })),
      },
    };
  }

  const { given, decision } = flood();
  const markdown = renderDecisionMarkdown(decision, given, publication);

  it('cuts the plan and nothing before it: every part is there, in order, and the artifact is named', () => {
    const comment = fitComment(markdown);
    expect(comment.length).toBeLessThanOrEqual(65_000);
    const heads = [
      /^### ⛔ DENY/,
      /\*\*What is missing, and who can give it\*\*/,
      /\*\*Deleted, replaced or forgotten \(\d{3,}\)\*\*/,
      /\*\*Security controls that change \(\d+/,
      /\*\*Traffic\*\*/,
      /<summary>The rest: /,
      /\*\*Risk: high\*\*/,
      /\*\*Findings \(300\)\*\*/,
      /\*\*Approvals: /,
      /\*\*Rehearsal\*\*/,
      /\neffect sha256:/,
      /```mermaid/,
      /Published without a GitHub App/,
      /plan\.json in the artifact decision&#45;42 of the gate's run, `sha256:(?:ab){32}`/,
      /<summary>The whole plan/,
      /\*Cut to GitHub's limit\./,
    ].map((head) => comment.search(head));
    expect(heads).not.toContain(-1);
    expect(heads).toEqual(heads.toSorted((a, b) => a - b));
    expect(comment.indexOf('<summary>The whole plan')).toBeLessThan(62_000);
  });

  it('draws at most forty boxes, the gravest first, and counts the rest', () => {
    const { mermaid } = partsOf(markdown);
    const boxes = mermaid.filter((line) => /^ {2}\w+\d+[[(]/.test(line));
    expect(boxes.length).toBeGreaterThan(8);
    expect(boxes.length).toBeLessThanOrEqual(40);
    const left = /and \*\*(\d+) zones, (\d+) services\*\* more, not drawn/.exec(markdown);
    const drawn = (word: string) => boxes.filter((line) => line.startsWith(`  ${word}`)).length;
    // A hundred and twenty zones, the one of the deleted records, and what is in none.
    expect(drawn('zone') + Number(left?.[1])).toBe(122);
    expect(drawn('service') + Number(left?.[2])).toBe(400);
    expect(boxes.find((line) => line.includes('  zone0'))).toContain(' delete');
  });

  it('is, as annotations, within the limits of GitHub, with what is left out counted', () => {
    const located = decision.findings.map((finding, at) => ({
      ...finding,
      ruleId: `rule-${String(at)}`,
      location: { file: 'changes/acme/CHG-2026-0042.yaml', line: at + 1, column: 1 },
      why: long,
      required: long,
      waivedBy: { approvedBy: long, reason: long, expires: '2027-01-01T00:00:00Z' },
    }));
    const many = located.flatMap((finding) => Array.from({ length: 12 }, () => finding));
    const annotations = renderAnnotations(many, given);
    expect(annotations).toHaveLength(150);
    expect(annotations.at(-1)?.title).toBe('and 151 more');
    for (const { title, message } of annotations) {
      expect(title.length).toBeLessThanOrEqual(255);
      expect(Buffer.byteLength(message, 'utf8')).toBeLessThan(64 * 1024);
    }
    expect(annotations[0]?.message).toContain('and 2 more');
  });
});

describe('a secret', () => {
  it('of a control is never in the gist of its change', () => {
    const token = (value: string) => ({ cloudflare_api_token: { t: { name: 'ci', value, secret: value } } });
    const plan = planTo(bundleWith(null, token('aaaaaaaaaa')), bundleWith(null, token('bbbbbbbbbb')));
    const [change] = plan.stacks[0]?.changes ?? [];
    if (change === undefined) {
      throw new Error('nothing changes');
    }
    const marked = {
      ...change,
      attributes: change.attributes.map((one) => ({ ...one, sensitive: true })),
      sensitive: [['value'], ['secret']],
    };
    expect(changeSummary(marked, new Expressions()).join('\n')).not.toMatch(/a{5}|b{5}/);
    expect(changeSummary(marked, new Expressions()).join('\n')).toContain('(sensitive, changed)');
  });
});
