/**
 * `npm run provider:schema` writes `scripts/provider/schema.json` from the installed bindings: what the sandbox tells
 * Terraform of each resource type and data source. After a change of the bindings it is written again and read by a person.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findBindings, readBindings } from './provider-bindings.ts';
import { schemaText } from './provider-schema.ts';

const file = fileURLToPath(new URL('../provider/schema.json', import.meta.url));
const before = JSON.parse(readFileSync(file, 'utf8'));
const bindings = findBindings();
const written = schemaText(bindings, readBindings(bindings), before.date);
if (written !== readFileSync(file, 'utf8')) {
  writeFileSync(file, schemaText(bindings, readBindings(bindings), new Date().toISOString().slice(0, 10)));
}
