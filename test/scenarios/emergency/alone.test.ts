/** Nobody of the ECAB answers: the implementer announces a break-glass and goes alone, and it stays on the books until others have ratified it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startNight, type Night } from './night.ts';

const program = `/** Borough Council, production. */
import { DnsRecords, Zone, type EstateStack } from '../../constructs/library.ts';

export function declareBoroughProduction(stack: EstateStack): void {
  const services = new Zone(stack, { key: 'services', domain: 'borough-services.example' });
  new DnsRecords(services, [{ id: 'www_a', type: 'A', name: 'www', content: '192.0.2.10', proxied: true }]);
}
`;
const word = '/sluice break-glass because nobody of the ECAB answers the phone';

let night: Night;
beforeAll(async () => {
  night = await startNight(program, { cases: false });
});
afterAll(() => night.close());

it('needs a verdict to go by and the implementer; then it is live with nobody’s approval, which every answer says', async () => {
  expect((await night.job('baseline', '--reason', 'first release')).exit).toBe('ok');
  const incident = await night.incident();
  const raised = await night.sluice('r-okafor', [
    'emergency',
    'block ASN 64496 on /login',
    '--incident',
    String(incident),
  ]);
  expect([raised.exit, raised.stderr]).toEqual(['ok', expect.any(String)]);
  const id = night.git('branch', '--show-current');
  const number = incident + 1;

  await night.said('r-okafor', number, word);
  const early = await night.gated(number);
  expect([early.exit, early.stdout]).toEqual([
    'denied',
    expect.stringContaining('say it again once this verdict is published'),
  ]);
  await night.said('m-lind', number, word);
  expect((await night.gated(number)).exit).toBe('denied');
  await night.said('r-okafor', number, word);
  const allowed = await night.gated(number);
  expect([allowed.exit, allowed.stdout]).toEqual(['ok', expect.stringContaining('(break-glass)')]);
  await night.merged('r-okafor', number);
  const live = await night.job('release', '--pr', String(number));
  expect([live.exit, live.stdout]).toEqual(['ok', expect.stringContaining(id)]);

  const shown = (await night.job('show', id)).stdout;
  expect(shown).toContain(
    'approved by: nobody; unratified: Ruth Okafor goes alone because nobody of the ECAB',
  );
  expect((await night.job('status')).stdout).toContain('Emergencies that owe something (1)');
  await night.said('r-okafor', number, '/sluice ratify');
  expect((await night.job('status')).stdout).toContain('Emergencies that owe something (1)');
});
