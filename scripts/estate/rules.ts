/** What a new rule of an estate begins with: an example that works, with its cases beside it. */

export interface NewRule {
  /** With the prefix. */
  readonly id: string;
  readonly title: string;
  readonly why: string;
  /** YYYY-MM-DD. */
  readonly since: string;
}

/** The files by their path. */
export function ruleSources(rule: NewRule): ReadonlyMap<string, string> {
  return new Map([
    [`policies/rules/${rule.id}.ts`, ruleText(rule)],
    [`policies/rules/${rule.id}.cases.ts`, casesText],
  ]);
}

function ruleText({ id, title, why, since }: NewRule): string {
  return `/** Judges from the moment it is on the default branch; its cases are beside it. */
import { defineRule, fine, finding, judgeEach } from 'sluice/policies';

export const rule = defineRule({
  id: '${id}',
  title: ${text(title)},
  area: 'plan',
  severity: 'deny',
  why: ${text(why)},
  fix: 'Give the record a TTL of 300 or more, or 1 for automatic.',
  since: '${since}',
  source: 'Agreed by the team',
  waivable: true,
  evaluate: ({ index }) =>
    judgeEach(
      index.changes.filter(({ type, after }) => type === 'cloudflare_dns_record' && after !== null),
      'no DNS record is created or changed',
      ({ stack, address, after }) => {
        const ttl = after?.['ttl'];
        return typeof ttl === 'number' && ttl !== 1 && ttl < 300
          ? finding(\`\${stack}/\${address}\`, \`ttl \${ttl}\`, 'ttl 300 or more, or 1 for automatic')
          : fine;
      },
    ),
});
`;
}

const casesText = `/** Tried by \`sluice doctor\`: one that the rule fires on, and its honest twin. */
import type { RuleCase } from 'sluice/policies';

const record = (ttl: number) => ({
  cloudflare_dns_record: {
    www: { zone_id: 'a'.repeat(32), name: 'www.shop.example', type: 'A', content: '192.0.2.1', ttl },
  },
});

export const cases: readonly RuleCase[] = [
  {
    name: 'an answer that is kept for a minute',
    stack: 'example',
    before: record(300),
    after: record(60),
    finds: ['example/cloudflare_dns_record.www'],
  },
  {
    name: 'an answer that is kept for ten minutes',
    stack: 'example',
    before: record(300),
    after: record(600),
    finds: [],
  },
];
`;

/** As a literal of TypeScript in single quotes. */
function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll(/\s+/g, ' ')}'`;
}
