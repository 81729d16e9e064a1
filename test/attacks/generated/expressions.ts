/**
 * Expressions that read the machine, written in every way that Terraform's native syntax specification allows: blanks and
 * comments between any two tokens, inside of calls, conditions, constructors, templates and here documents.
 */
import { array, constantFrom, record, tuple, type Arbitrary } from 'fast-check';
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';
import { withBlock, withRecord, withResource, type Estate } from '../../bypass/estate.ts';
import { withProposal, type Ingredient } from './draft.ts';

/** In tokens, so that something can stand between them. */
const reads: readonly (readonly string[])[] = [
  ['file', '(', '"/proc/self/environ"', ')'],
  ['filebase64', '(', '"/proc/self/environ"', ')'],
  ['filesha256', '(', '"/etc/passwd"', ')'],
  ['core::file', '(', '"/proc/self/environ"', ')'],
  ['length', '(', 'fileset', '(', '"/proc"', ',', '"*"', ')', ')'],
  ['templatefile', '(', '"/proc/self/environ"', ',', '{', '}', ')'],
  ['pathexpand', '(', '"~"', ')'],
  ['abspath', '(', '"."', ')'],
  ['timestamp', '(', ')'],
  ['uuid', '(', ')'],
  ['path', '.', 'cwd'],
  ['path', '.', 'root'],
  ['terraform', '.', 'workspace'],
  ['nonsensitive', '(', '"x"', ')'],
];

const gaps = ['', '', '', ' ', '\t', '\n', '/**/', '/* } */', '/* ${ " */', ' # }\n', ' // "\n', ' /*\n*/ '];
/** Inside of one line nothing may break it. */
const wrappers: readonly ((inner: string) => string)[] = [
  (inner) => inner,
  (inner) => `(${inner})`,
  (inner) => `try(${inner}, "x")`,
  (inner) => `base64encode(jsonencode(${inner}))`,
  (inner) => `[for k in [${inner}] : k][0]`,
  (inner) => `{ a = ${inner} }.a`,
  (inner) => `{ "a" : ${inner} }["a"]`,
  (inner) => `"\${${inner}}"`,
  (inner) => `"a\${"b\${${inner}}"}"`,
  (inner) => `true ? ${inner} : "x"`,
  (inner) => `join("", tolist([${inner}]))`,
  (inner) => `<<EOT\n\${${inner}}\nEOT\n`,
  (inner) => `1 == 1 && true ? tostring(${inner}) : ""`,
  (inner) => `element([${inner}], 0)`,
];

const templates: readonly ((inner: string) => string)[] = [
  (inner) => `\${${inner}}`,
  (inner) => `a\${~ ${inner} ~}b`,
  (inner) => `$\${x}\${${inner}}`,
  (inner) => `%{ if tostring(${inner}) != "" }a%{ else }b%{ endif }`,
  (inner) => `%{~ for k in [${inner}] ~}\${k}%{~ endfor ~}`,
];

interface Place {
  readonly name: string;
  readonly put: (estate: Estate, text: string) => Estate;
}

const inWww = (parts: (text: string) => JsonObject): Place['put'] => {
  return (estate, text) => withRecord(estate, 'www', parts(text));
};
const block = (name: string, value: (text: string) => Json): Place['put'] => {
  return (estate, text) => withBlock(estate, name, (old) => ({ ...old, added: value(text) }));
};

const places: readonly Place[] = [
  { name: 'content', put: inWww((text) => ({ content: text })) },
  { name: 'comment', put: inWww((text) => ({ comment: text })) },
  { name: 'name', put: inWww((text) => ({ name: text })) },
  { name: 'an item of a list', put: inWww((text) => ({ tags: [text] })) },
  { name: 'a key', put: inWww((text) => ({ settings: { [text]: true } })) },
  { name: 'for_each', put: inWww((text) => ({ for_each: text })) },
  { name: 'a key of for_each', put: inWww((text) => ({ for_each: { [text]: '203.0.113.50' } })) },
  { name: 'count', put: inWww((text) => ({ count: text })) },
  {
    name: 'a precondition',
    put: inWww((text) => ({ lifecycle: { precondition: [{ condition: text, error_message: 'no' }] } })),
  },
  { name: 'locals', put: block('locals', (text) => text) },
  { name: 'an output', put: block('output', (text) => ({ value: text })) },
  {
    name: 'a variable',
    put: block('variable', (text) => ({
      default: 'x',
      validation: [{ condition: text, error_message: text }],
    })),
  },
  {
    name: 'the provider',
    put: (estate, text) => withBlock(estate, 'provider', () => ({ cloudflare: [{ base_url: text }] })),
  },
  {
    name: 'terraform_data',
    put: (estate, text) => withResource(estate, 'terraform_data', { added: { input: text } }),
  },
];

const written: Arbitrary<string> = tuple(
  constantFrom(...reads),
  array(constantFrom(...gaps), { minLength: 12, maxLength: 12 }),
  constantFrom(...wrappers),
  constantFrom(...templates),
).map(([tokens, between, wrap, template]) => {
  const inner = tokens.map((token, index) => `${between[index] ?? ''}${token}`).join('');
  return template(wrap(`${inner}${between.at(-1) ?? ''}`));
});

export const expressions: Arbitrary<Ingredient> = record({
  text: written,
  place: constantFrom(...places),
}).map(({ text, place }) => ({
  name: `${JSON.stringify(text)} as ${place.name}`,
  hostile: true,
  add: (draft) =>
    withProposal(draft, (proposal) => ({
      ...proposal,
      edit: (estate) => place.put(proposal.edit(estate), text),
    })),
}));
