/** What people and jobs do in a world: propose, push, review, ask the gate, merge, release. */
import { recordText } from '../../scripts/demo/records.ts';
import { approve, openIssue, openPull, type Repository } from '../../scripts/sandbox/github/acts.ts';
import { incidentId } from '../../policies/emergency/incidents.ts';
import type { IncidentForm } from '../../policies/model/incident.ts';
import { incidentText } from '../../scripts/read/incident/form.ts';
import type { Decision } from '../../policies/model/decision.ts';
import type { Ended } from '../scenarios/small-estate.ts';
import { edited, estateFile, estateText, released, withRecord, type Estate } from './estate.ts';
import type { Scenario, Outcome } from './scenario.ts';
import { repository, robot, type Login, type SluiceOptions, type World } from './world.ts';

/** A change of the estate with its record. */
export interface Proposal {
  readonly id: string;
  readonly edit: (estate: Estate) => Estate;
  readonly category: string;
  readonly stacks: readonly string[];
  /** Last touch to the text of the record. */
  readonly record: (text: string) => string;
  /** Further files that the branch writes. */
  readonly files: Readonly<Record<string, string>>;
}

export interface Pull {
  readonly number: number;
  readonly branch: string;
}

/** Points one DNS record of production elsewhere: what an engineer does every day. */
export const everyday: Proposal = {
  id: 'CHG-2026-0101',
  edit: (estate) => withRecord(estate, 'www', { content: '203.0.113.50' }),
  category: 'dns',
  stacks: ['acme-production'],
  record: (text) => text,
  files: {},
};

/** The same record pointed where an attacker wants it, under an id of its own. */
export const redirected: Proposal = {
  ...everyday,
  id: 'CHG-2026-0102',
  edit: (estate) => withRecord(estate, 'www', { content: '203.0.113.66' }),
};

export function at(world: World): Repository {
  return { github: world.github, repository };
}

/** Writes a branch with the change and commits it. */
export function commitChange(world: World, proposal: Partial<Proposal> = {}): string {
  const change = { ...everyday, ...proposal };
  world.git('checkout', '--quiet', '-B', change.id, 'main');
  writeChange(world, change);
  world.git('add', '--all');
  world.git('commit', '--quiet', '--message', change.id);
  return change.id;
}

/** Writes the files of a change into the working tree. */
export function writeChange(world: World, proposal: Partial<Proposal> = {}): void {
  const change = { ...everyday, ...proposal };
  world.write(estateFile, estateText(change.edit(released)));
  world.write(`changes/acme/${change.id}.yaml`, change.record(textOf(change)));
  for (const [path, text] of Object.entries(change.files)) {
    world.write(path, text);
  }
}

function textOf(change: Proposal): string {
  const minutes = (ahead: number): string =>
    new Date(Date.now() + ahead * 60_000).toISOString().replace(/\.\d+Z$/, '+00:00');
  const parts = {
    id: change.id,
    title: `Edit for ${change.id}`,
    reason:
      'The scenario needs a change whose record is complete, so that nothing but the attack is in its way.',
    expected: 'What the plan says',
    users: 'nobody',
    probes: [],
  };
  return recordText(parts, { start: minutes(-5), end: minutes(24 * 60) })
    .replace('  probes:\n\n', '')
    .replace('category: waf', `category: ${change.category}`)
    .replace('owner: a.marsh', 'owner: k.dunne')
    .replace('window: acme-weeknight', `window: ${windowAt(minutes(-5))}`)
    .replace('stacks: [acme-production]', `stacks: [${change.stacks.join(', ')}]`);
}

/** The half of the day that an instant is in, see estate.ts. */
function windowAt(instant: string): string {
  return new Date(instant).getUTCHours() < 12 ? 'acme-morning' : 'acme-evening';
}

/** Pushes a branch as it is now. */
export async function push(world: World, branch: string, login: Login = 'r-okafor'): Promise<void> {
  const sha = world.git('rev-parse', branch);
  await world.github.push({ folder: world.folder, branch, sha, login });
  world.happened.heads.set(branch, { sha, base: world.happened.heads.get('main')?.sha ?? sha });
}

/** Pushes main and the branch, and opens the pull request. */
export async function propose(world: World, proposal: Partial<Proposal> = {}): Promise<Pull> {
  const branch = commitChange(world, proposal);
  await push(world, 'main');
  await push(world, branch);
  const number = await openPull(at(world), {
    login: 'r-okafor',
    head: branch,
    title: branch,
    body: '',
  });
  return { number, branch };
}

/** Opens an incident of production with the form and gives its id. */
export async function openIncident(
  world: World,
  { login = 'k-dunne', ...form }: Partial<IncidentForm> & { readonly login?: Login } = {},
): Promise<string> {
  const answers = {
    services: ['storefront'],
    impact: 'high',
    urgency: 'high',
    causedBy: null,
    ...form,
  } as const;
  const body = incidentText(answers);
  return incidentId(await openIssue(at(world), { login, title: 'Incident: the shop is down', body }));
}

/** By the one who opened it: the service is back. */
export async function closeIncident(world: World, incident: string): Promise<void> {
  const path = `issues/${incident.slice('INC-'.length)}`;
  await api(world, 'k-dunne', { method: 'PATCH', path, body: { state: 'closed' } });
}

/** How the gate answered. */
export interface Decided extends Outcome {
  /** Null when it took no decision. */
  readonly decision: Decision | null;
}

/** Asks the gate about the pull request as the gate's job does, with the verdict published. */
export async function gate(
  world: World,
  { number }: Pull,
  options: SluiceOptions & { readonly flags?: readonly string[] } = {},
): Promise<Decided> {
  const args = ['gate', '--pr', String(number), '--publish', '--format', 'json', ...(options.flags ?? [])];
  return decisionIn(await world.sluice(args, options));
}

function decisionIn(ended: Ended): Decided {
  if (!ended.stdout.startsWith('{')) {
    return { ...outcomeOf(ended), decision: null };
  }
  const decision = JSON.parse(ended.stdout) as Decision;
  const failing = decision.checks.filter((check) => check.verdict !== 'allow');
  const rules = [
    ...decision.findings
      .filter((finding) => finding.severity === 'deny' && finding.waivedBy === undefined)
      .map((finding) => finding.ruleId),
    ...decision.outcomes.filter(({ kind }) => kind === 'undetermined').map(({ ruleId }) => ruleId),
  ];
  const lines = decision.approvals.reviewers.map((line) => `${line.login} ${line.reason}`);
  return {
    exit: ended.exit,
    checks: failing.flatMap(({ id }) =>
      id === 'rules' && rules.length > 0 ? [...new Set(rules)].map((rule) => `rules/${rule}`) : [id],
    ),
    text: [...failing.flatMap((check) => [check.summary, ...check.reasons]), ...lines, ended.stderr].join(
      '\n',
    ),
    decision,
  };
}

/** How a command ended that takes no decision, or tells of it in an error. */
export function outcomeOf(ended: Ended): Outcome {
  const refused = /The gate does not allow this release: ([a-z, ]+)\./.exec(ended.stderr)?.[1];
  return { exit: ended.exit, checks: refused?.split(', ') ?? [], text: `${ended.stderr}\n${ended.stdout}` };
}

/** Enough people for any change here, whatever its risk; none of them took part in it. */
export const everybody: readonly Login[] = [
  'm-lind',
  's-haddad',
  'j-novak',
  'p-iyer',
  't-berg',
  'a-marsh',
  'c-ortiz',
  'd-quist',
];

/** Just enough for the everyday change: a peer, the change manager, one more of the CAB. */
export const quorum: readonly Login[] = ['m-lind', 's-haddad', 'j-novak'];

/** Each approves what the gate shows now; the fingerprint is what a critical change asks for. */
export async function approveAll(
  world: World,
  { number }: Pull,
  { shown, by = quorum }: { readonly shown: Decision | null; readonly by?: readonly Login[] },
): Promise<void> {
  const fingerprint = shown?.tuple.effectDigest.replace('sha256:', '').slice(0, 12) ?? '';
  for (const login of by) {
    await approve(at(world), { login, number, body: `Read the plan and the rehearsal. ${fingerprint}` });
  }
}

/** Speaks GitHub's API as a person; for what scripts/sandbox/github/acts.ts has no act. */
export async function api<T = unknown>(
  world: World,
  login: string,
  request: { readonly method?: string; readonly path: string; readonly body?: object },
): Promise<T> {
  const response = await fetch(`${world.github.url}/repos/${repository}/${request.path}`, {
    method: request.method ?? 'GET',
    headers: {
      authorization: `Bearer ${world.github.tokens.get(login) ?? ''}`,
      'content-type': 'application/json',
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  if (!response.ok) {
    throw new Error(`${request.path}: ${String(response.status)} ${(await response.text()).slice(0, 200)}`);
  }
  return (await response.json()) as T;
}

/** A review other than a plain approval; without an event it stays pending. */
export async function review(
  world: World,
  login: Login,
  { number }: Pull,
  body: { readonly event?: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT'; readonly body: string },
): Promise<number> {
  const path = `pulls/${String(number)}/reviews`;
  return (await api<{ readonly id: number }>(world, login, { method: 'POST', path, body })).id;
}

/** Number of the review of a person, to be dismissed or looked at. */
export async function reviewOf(world: World, login: Login, { number }: Pull): Promise<number> {
  const list = await api<readonly { readonly id: number; readonly user: { readonly login: string } }[]>(
    world,
    robot,
    { path: `pulls/${String(number)}/reviews?per_page=100` },
  );
  const found = list.findLast(({ user }) => user.login === login);
  if (found === undefined) {
    throw new Error(`${login} has given no review`);
  }
  return found.id;
}

/** The way of an honest change up to the merge: shown by the gate, approved, allowed. */
export async function approved(world: World, pull: Pull, by: readonly Login[] = quorum): Promise<Decided> {
  const { decision } = await gate(world, pull);
  await approveAll(world, pull, { shown: decision, by });
  return gate(world, pull);
}

/** A pull request that everybody approves, whatever it is: what the gate still has against it is not a missing person. */
export async function agreed(world: World, proposal: Partial<Proposal>): Promise<Decided> {
  const pull = await propose(world, proposal);
  return approved(world, pull, everybody);
}

let lastId = 200;

/** A change record id that no other change here has. */
export function newId(): string {
  lastId += 1;
  return `CHG-2026-0${String(lastId)}`;
}

/** An honest change that went all the way: others come after it. */
export async function releasedChange(world: World, proposal: Partial<Proposal> = {}): Promise<Outcome> {
  const pull = await propose(world, proposal);
  const allowed = await approved(world, pull, everybody);
  await mergePull(world, pull);
  const done = await release(world, pull);
  if (allowed.exit !== 'ok' || done.exit !== 'ok') {
    throw new Error(`an honest change was not released: ${allowed.text}\n${done.text}`);
  }
  return done;
}

/** Policies in which a medium risk needs two people, so that what a deletion adds to it is seen. */
export function twoForMedium(world: World): Readonly<Record<string, string>> {
  const path = 'policies/quorum.yaml';
  const ease = ({ medium }: Readonly<Record<string, unknown>>) =>
    Object.assign(medium ?? {}, { approvals: 2, seats: ['cab'] });
  return { [path]: edited(world.read(path), ease) };
}

/** Main with other files, landed by its owner without any pull request. */
export async function landOnMain(world: World, files: Readonly<Record<string, string>>): Promise<void> {
  world.git('checkout', '--quiet', 'main');
  for (const [path, text] of Object.entries(files)) {
    world.write(path, text);
  }
  world.git('add', '--all');
  world.git('commit', '--quiet', '--message', 'Something on main');
  await push(world, 'main', 'd-quist');
}

/** Merges as GitHub does: a merge commit of the branch onto main as it is now, by git itself. */
export async function mergePull(world: World, { number, branch }: Pull): Promise<string> {
  world.git('checkout', '--quiet', 'main');
  world.gitAs({ login: 's-haddad' }, 'merge', '--quiet', '--no-ff', '--message', `Merge ${branch}`, branch);
  return landMerge(world, number);
}

/** What main is at now becomes the merge of the pull request. */
export async function landMerge(world: World, number: number): Promise<string> {
  const sha = world.git('rev-parse', 'main');
  await push(world, 'main', 's-haddad');
  world.happened.merged.set(number, { sha, at: new Date().toISOString() });
  return sha;
}

/** Releases the pull request. */
export async function release(
  world: World,
  { number }: Pull,
  options: SluiceOptions & { readonly stacks?: readonly string[] } = {},
): Promise<Outcome> {
  return outcomeOf(
    await world.sluice(['release', '--pr', String(number), ...(options.stacks ?? [])], options),
  );
}

/** The same scenarios where a medium risk needs two people and a high one three. */
export function whereMediumNeedsTwo(scenarios: readonly Scenario[]): readonly Scenario[] {
  return scenarios.map((scenario) => ({
    ...scenario,
    run: async (world) => {
      await landOnMain(world, twoForMedium(world));
      return scenario.run(world);
    },
  }));
}
