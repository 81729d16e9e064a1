/**
 * Writes `policies/registry.ts`, `policies/protecting.ts` and the tables of rules in `policies/README.md` from the files
 * below `policies/rules`: a rule exists as soon as its file does. `--check` only says whether they are up to date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const policies = fileURLToPath(new URL('../../policies/', import.meta.url));

/** Path below `policies/rules`, id, exported name and what it protects, of each rule, sorted by id. */
function rules() {
  return readdirSync(`${policies}rules`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => {
      const text = readFileSync(`${policies}rules/${path}`, 'utf8');
      const name = /^export const (\w+) = defineRule\(/m.exec(text)?.[1];
      if (name === undefined) throw new Error(`policies/rules/${path} exports no rule`);
      return {
        path,
        id: basename(path, '.ts'),
        name,
        isProtecting: /^ {2}protects: 'security',$/m.test(text),
      };
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function imports(list) {
  return list.map(({ name, path }) => `import { ${name} } from './rules/${path}';\n`).join('');
}

function array(list) {
  return `[\n${list.map(({ name }) => `  ${name},\n`).join('')}]`;
}

const all = rules();
const protecting = all.filter(({ isProtecting }) => isProtecting);
const texts = {
  'registry.ts': `/** Every rule, sorted by id; written by \`npm run rules\` from the files below \`rules/\`. */
import type { Rule } from './model/finding.ts';
${imports(all)}
export const allRules: readonly Rule[] = ${array(all)};

/** What the policy digest says of the rules: a rule that came, went or changed its severity voids earlier approvals. */
export const rulesVersion: readonly string[] = allRules.map(
  ({ id, severity, since }) => \`\${id} \${severity} \${since}\`,
);
`,
  'protecting.ts': `/** The rules that protect a security control, sorted by id; written by \`npm run rules\`. Apart from the registry: a rule may ask for the risk. */
import type { Rule } from './model/finding.ts';
${imports(protecting)}
export const protectingSecurity: readonly Rule[] = ${array(protecting)};
`,
};

const headings = { record: '### The change record', estate: '### The estate', plan: '### The plan' };

/** The README with its tables as the rules are now; each stands below its heading, up to the next line without `|`. */
function readme(text, list) {
  return Object.entries(headings).reduce((before, [area, heading]) => {
    const rows = list
      .filter((rule) => rule.area === area)
      .map((rule) => {
        const mark = `${rule.severity}${rule.waivable ? '' : ', never waived'}`;
        return `| \`${rule.id}\` | ${mark} | ${rule.title} |\n`;
      });
    const table = `${heading}\n\n| rule | | says |\n|---|---|---|\n${rows.join('')}`;
    const start = before.indexOf(`${heading}\n\n|`);
    if (start < 0) throw new Error(`policies/README.md has no table below "${heading}"`);
    const end = before.slice(start).search(/\|\n(?!\|)/) + start + 2;
    return `${before.slice(0, start)}${table}${before.slice(end)}`;
  }, text);
}

const isCheck = process.argv.includes('--check');

function settle(name, text) {
  const path = `${policies}${name}`;
  if (readFileSync(path, 'utf8') === text) return;
  if (!isCheck) {
    writeFileSync(path, text);
    return;
  }
  process.stderr.write(`policies/${name} is not what the rules say. Fix: npm run rules\n`);
  process.exitCode = 1;
}

for (const [name, text] of Object.entries(texts)) settle(name, text);
const { allRules } = await import('../../policies/registry.ts');
settle('README.md', readme(readFileSync(`${policies}README.md`, 'utf8'), allRules));
