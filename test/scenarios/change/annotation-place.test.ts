/** A finding about stack code stands on the line of it that the pull request changes, as GitHub shows it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startNight, type Night } from '../emergency/night.ts';

const file = 'stacks/clients/borough/production.ts';
const program = `/** Borough Council, production. */
import { DnsRecords, Zone, type EstateStack } from '../../constructs/library.ts';

export function declareBoroughProduction(stack: EstateStack): void {
  const services = new Zone(stack, { key: 'services', domain: 'borough-services.example' });
  new DnsRecords(services, [
    { id: 'www_a', type: 'A', name: 'www', content: '192.0.2.10', proxied: true },
  ]);
}
`;
const added = "    { id: 'forms_a', type: 'A', name: 'forms', content: '10.0.0.7', proxied: true },";

interface Note {
  readonly path: string;
  readonly start_line: number;
  readonly annotation_level: string;
  readonly message: string;
}

let night: Night;
beforeAll(async () => {
  night = await startNight(program);
});
afterAll(() => night.close());

it('is an annotation of the check run on that line', async () => {
  expect((await night.job('baseline', '--reason', 'first release')).exit).toBe('ok');
  night.git('switch', '--quiet', '--create', 'forms');
  night.write(file, program.replace('proxied: true },\n', `proxied: true },\n${added}\n`));
  const reason = 'The council publishes its forms under a name of their own from Monday on.';
  const made = await night.sluice('r-okafor', ['new', '--requester', 'r.okafor', '--reason', reason]);
  expect([made.exit, made.stderr]).toEqual([
    'ok',
    expect.stringContaining('affectedHosts: forms.borough-services.example'),
  ]);
  night.git('add', '--all');
  night.git('commit', '--quiet', '--message', 'forms');
  const raised = await night.sluice('r-okafor', ['raise', '--draft']);
  expect([raised.exit, raised.stderr, raised.stdout]).toEqual([
    'ok',
    expect.anything(),
    expect.stringContaining('1'),
  ]);
  const [{ number } = { number: 0 }] = (await night.asked('pulls')) as readonly { readonly number: number }[];
  expect((await night.gated(number)).exit).toBe('denied');

  const head = night.git('rev-parse', 'HEAD');
  const { check_runs: runs } = (await night.asked(`commits/${head}/check-runs`)) as {
    readonly check_runs: readonly { readonly id: number }[];
  };
  // The local GitHub wraps the list; GitHub itself answers with it alone.
  const { check_annotations: notes } = (await night.asked(
    `check-runs/${String(runs[0]?.id)}/annotations`,
  )) as { readonly check_annotations: readonly Note[] };
  const line = night.read(file).split('\n').indexOf(added) + 1;
  expect(notes.filter(({ message }) => message.includes('is proxied to 10.0.0.7'))).toMatchObject([
    { path: file, start_line: line, annotation_level: 'failure' },
  ]);
});
