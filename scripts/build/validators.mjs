/**
 * Makes the validators of all schemas at build time: ajv's own code, by the digest of the schema as scripts/read/schema
 * asks for it. The bundle has them in the place of scripts/read/schema/prepared.ts.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';

const folders = [
  'changes',
  'policies/schemas',
  'scripts/facts',
  'scripts/plan',
  'scripts/read',
  'stacks/clients',
];

/** Published for other programs: no document of it is read by its schema here, and it refers to another. */
const notRead = 'facts.schema.json';

/** Text of a module with `prepared`. */
function preparedModule(root) {
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const options = read('scripts/read/schema/ajv-options.json');
  const parts = [];
  for (const path of folders.flatMap((folder) => schemasIn(root, folder))) {
    const schema = read(path);
    const ajv = new Ajv2020({ ...options, code: { source: true, lines: false } });
    addFormats.default(ajv, { mode: 'full' });
    ajv.addVocabulary(['x-fix', 'x-expected']);
    const code = standalone.default(ajv, ajv.compile(schema));
    const digest = createHash('sha256').update(JSON.stringify(schema)).digest('hex');
    parts.push(`  ${JSON.stringify(digest)}: made((module, exports) => {${code}}),`);
  }
  return `import { createRequire } from 'node:module';
// As ajv's code asks for what it needs at run time.
const require = createRequire(import.meta.url);
const made = (write) => {
  const module = { exports: {} };
  let validate;
  const ready = () => validate ??= (write(module, module.exports), module.exports);
  const call = (data) => ready()(data);
  Object.defineProperty(call, 'errors', { get: () => ready().errors });
  return call;
};
export const prepared = {
${parts.join('\n')}
};
`;
}

function schemasIn(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.schema.json') && entry.name !== notRead)
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();
}

/** Puts the validators into a bundle. */
export function preparedValidators(root) {
  return {
    name: 'prepared-validators',
    setup(build) {
      build.onLoad({ filter: /\/read\/schema\/prepared\.ts$/ }, () => ({
        contents: preparedModule(root),
        loader: 'js',
        resolveDir: root,
      }));
    },
  };
}
