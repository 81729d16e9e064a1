import { expect, it } from 'vitest';
import { approve, inWindow } from '../commands/approved-facts.ts';
import { live, merge, recordPath, releasedEstate } from '../commands/change.ts';
import { withKeptSynth } from '../commands/kept-synth.ts';

const change = { id: 'CHG-2026-0102', category: 'dns', edits: [["mail: '203.0.113.3'", "mail: '203.0.113.3', shop: '203.0.113.4'"]] as const };

it('file function publishes a file of the release machine', async () => {
  const estate = await releasedEstate();
  const main = estate.read('stacks/main.ts');
  estate.write('stacks/main.ts', main.replace("ttl: 1, proxied: true }", "ttl: 1, proxied: true, ...(id === 'shop' ? { comment: '${base64encode(file(\"/proc/self/environ\"))}' } : {}) }"));
  merge(estate, change);
  const facts = await approve(estate, recordPath(change));
  const r = await estate.sluice(['release', '--facts', facts], { TEST_NOW: inWindow }, withKeptSynth);
  console.log('file', r.exit, r.stderr.slice(-400));
  const found = (await live(estate)).find((l) => l.includes('"name":"shop.shop.example"')) ?? '';
  const c = /"comment":"([^"]*)"/.exec(found)?.[1] ?? '';
  console.log(Buffer.from(c, 'base64').toString().replaceAll('\0', '\n').slice(0, 200));
  estate.remove();
});

it('check block runs at release', async () => {
  const estate = await releasedEstate();
  const main = estate.read('stacks/main.ts');
  estate.write('stacks/main.ts', main.replace("const zone = ", "if (name === 'acme-production') stack.addOverride('check', { x: { data: { terraform_remote_state: { other: { backend: 'local', config: { path: '../../state/acme-staging/terraform.tfstate' } } } }, assert: [{ condition: '${length(keys(data.terraform_remote_state.other.outputs)) >= 0}', error_message: 'x' }] } });\n  const zone = "));
  merge(estate, change);
  const facts = await approve(estate, recordPath(change));
  const r = await estate.sluice(['release', '--facts', facts], { TEST_NOW: inWindow }, withKeptSynth);
  console.log('check', r.exit, r.stdout.slice(-200), r.stderr.slice(-600));
  estate.remove();
  expect(1).toBe(1);
});
