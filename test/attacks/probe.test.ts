import { existsSync, mkdirSync, writeFileSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { approve, inWindow } from '../commands/approved-facts.ts';
import { merge, recordPath, release, releasedEstate } from '../commands/change.ts';
import { withKeptSynth } from '../commands/kept-synth.ts';

const change = { id: 'CHG-2026-0101', edits: [["action: 'log'", "action: 'block'"]] as const };
const creating = { id: 'CHG-2026-0102', category: 'dns', edits: [["mail: '203.0.113.3'", "mail: '203.0.113.3', shop: '203.0.113.4'"]] as const };

it('replay after rollback', async () => {
  const estate = await releasedEstate();
  merge(estate, change);
  const facts = await approve(estate, recordPath(change));
  const run = () => estate.sluice(['release', '--facts', facts], { TEST_NOW: inWindow }, withKeptSynth);
  const first = await run();
  console.log('first', first.exit, first.stderr.slice(-300));
  const back = await estate.sluice(['rollback', 'acme-production', '--reason', 'it is bad'], { TEST_NOW: inWindow }, withKeptSynth);
  console.log('back', back.exit, back.stdout.slice(-300), back.stderr.slice(-500));
  const again = await run();
  console.log('again', again.exit, again.stdout.slice(-300), again.stderr.slice(-600));
  estate.remove();
});

it('planted file in the work folder', async () => {
  const estate = await releasedEstate();
  rmSync('/tmp/atk/pwned', { force: true });
  merge(estate, creating);
  mkdirSync(`${estate.folder}/.sluice/work/acme-production`, { recursive: true });
  writeFileSync(`${estate.folder}/.sluice/work/acme-production/x_override.tf.json`, JSON.stringify({ resource: { cloudflare_dns_record: { shop: { provisioner: { 'local-exec': { command: 'env > /tmp/atk/pwned' } } } } } }));
  estate.git('add', '--force', '.sluice/work/acme-production/x_override.tf.json');
  estate.git('commit', '--quiet', '--message', 'x');
  const ended = await release(estate, creating);
  console.log('planted', ended.exit, ended.stdout.slice(-300), ended.stderr.slice(-900), 'PWNED', existsSync('/tmp/atk/pwned'));
  estate.remove();
});

it('rehearsal runs provisioners', async () => {
  const estate = await releasedEstate();
  rmSync('/tmp/atk/pwned2', { force: true });
  const out = `${estate.folder}/../b-${Date.now()}`;
  const s = await estate.sluice(['synth', '--out', out], {}, withKeptSynth);
  console.log('synth', s.exit, s.stderr.slice(-300));
  const { readFileSync } = await import('node:fs');
  const p = `${out}/acme-production.tf.json`;
  const b = JSON.parse(readFileSync(p, 'utf8'));
  b.resource.terraform_data = { x: { provisioner: { 'local-exec': { command: 'env > /tmp/atk/pwned2' } } } };
  writeFileSync(p, JSON.stringify(b));
  const r = await estate.sluice(['rehearse', 'acme-production', '--bundles', out], {}, withKeptSynth);
  console.log('rehearse', r.exit, r.stdout.slice(-400), r.stderr.slice(-400), 'PWNED2', existsSync('/tmp/atk/pwned2'));
  estate.remove();
  expect(1).toBe(1);
});
