#!/usr/bin/env node
/**
 * Switches package.json between the two publications of the same library: cdktn, which is maintained, and cdktf, which
 * is archived. Both are installed under the import name `cdktf`, so no source changes. The suite passes on both.
 *
 *   npm run switch-cdktf -- cdktf    then npm install, npm test
 *   npm run switch-cdktf -- cdktn    back again
 */
import { readFileSync, writeFileSync } from 'node:fs';

const versions = { cdktn: 'npm:cdktn@0.24.0', cdktf: '0.21.0' };
const wanted = versions[process.argv[2]];
if (wanted === undefined) {
  process.stderr.write(
    `switch-cdktf: name the publication to use.\n  Fix: npm run switch-cdktf -- ${Object.keys(versions).join('|')}\n`,
  );
  process.exit(2);
}
const file = new URL('../../package.json', import.meta.url);
const before = readFileSync(file, 'utf8');
if (!/"cdktf": "[^"$]+"/.test(before)) {
  process.stderr.write('switch-cdktf: package.json has no dependency cdktf.\n');
  process.exit(3);
}
// The override of the provider's peer reads "$cdktf" and follows by itself.
const after = before.replace(/"cdktf": "[^"$]+"/, `"cdktf": "${wanted}"`);
writeFileSync(file, after);
process.stdout.write(`${before === after ? 'already' : 'now'} ${wanted}\nNext: npm install, then npm test\n`);
