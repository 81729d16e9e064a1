/**
 * Makes the recorded answers anew, from the facts about the provider: expectations of our own, the same for the same facts
 * and seed. `--facts` is a folder with `provider-behaviour-5.14.0.json` and `cloudflare-provider-5.14.0.schema.json`, which
 * were read from the provider's sources.
 *
 *   node --import tsx test/provider/record.ts --facts FOLDER --date 2026-11-30 [--seed 1] [--each 8] [--out FILE]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Case } from './cases.ts';
import type { Facts, Rule } from './facts.ts';
import { randomFrom } from './made.ts';
import { livesOf } from './make-lives.ts';
import type { ReplaceFlags } from './make-lives.ts';
import { casesOfRule } from './make-refusals.ts';

interface SchemaAttribute {
  readonly replace?: boolean | 'conditional';
}

interface SchemaFile {
  readonly resources: Readonly<
    Record<string, { readonly attributes: Readonly<Record<string, SchemaAttribute>> }>
  >;
}

const { values } = parseArgs({
  options: {
    facts: { type: 'string' },
    date: { type: 'string' },
    seed: { type: 'string', default: '1' },
    each: { type: 'string', default: '8' },
    out: { type: 'string', default: new URL('recorded.json', import.meta.url).pathname },
  },
});
const { facts: folder, date, seed, each, out } = values;
if (folder === undefined || date === undefined) {
  throw new Error('--facts FOLDER and --date YYYY-MM-DD are needed');
}
const facts = JSON.parse(readFileSync(join(folder, 'provider-behaviour-5.14.0.json'), 'utf8')) as Facts;
const schema = JSON.parse(
  readFileSync(join(folder, 'cloudflare-provider-5.14.0.schema.json'), 'utf8'),
) as SchemaFile;
const random = randomFrom(Number(seed));

const replaces: ReplaceFlags = (type, path) => {
  const flag = schema.resources[type]?.attributes[path]?.replace;
  return flag === undefined || flag === false ? 'never' : flag === true ? 'always' : 'if configured';
};

/** Rules by kind, so that each kind has its cases however rare it is. */
function someRules(): readonly Case[] {
  const byKind = new Map<string, { type: string; path: string; rule: Rule; order: number }[]>();
  for (const [type, { validators }] of Object.entries(facts.resources)) {
    for (const [path, rules] of Object.entries(validators)) {
      for (const rule of rules) {
        const kind = rule.kind === 'custom' ? `custom ${rule.name ?? ''}` : rule.kind;
        byKind.set(kind, [...(byKind.get(kind) ?? []), { type, path, rule, order: random() }]);
      }
    }
  }
  return [...byKind.values()].flatMap((rules) => {
    const cases: Case[] = [];
    for (const { type, path, rule } of rules.toSorted((a, b) => a.order - b.order)) {
      if (cases.length < Number(each)) {
        cases.push(
          ...casesOfRule({
            type,
            path,
            rule,
            beside: facts.resources[type]?.validators ?? {},
            name: `${type} ${path} ${rule.kind}`,
          }),
        );
      }
    }
    return cases;
  });
}

const cases = [
  ...someRules(),
  ...Object.entries(facts.resources).flatMap(([type, own]) => livesOf(type, own, replaces, random)),
];
const head = {
  provider: facts.provider,
  source: 'Go sources of tag v5.14.0, read on 2026-11-29, nothing executed; made by test/provider/record.ts',
  date,
  seed: Number(seed),
};
const lines = cases.map((one) => JSON.stringify(one)).join(',\n');
writeFileSync(out, `${JSON.stringify(head, null, 1).slice(0, -2)},\n"cases": [\n${lines}\n]}\n`);
process.stdout.write(`${String(cases.length)} cases\n`);
