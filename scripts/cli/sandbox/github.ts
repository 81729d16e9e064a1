/** `sluice sandbox github`, and what people do there: `sluice sandbox as`, `approve`, `merge`. */
import { runCommandLine } from '../run.ts';
import type { Services, SluiceContext } from '../../contract/context.ts';
import { checkName } from '../../contract/check-name.ts';
import { DeniedError, UsageError } from '../../contract/errors.ts';
import { approve, closeIssue, comment, conclusionOf, merge, openIssue } from '../../sandbox/github/acts.ts';
import { startServedGitHub, type ServedUser } from '../../sandbox/github/served.ts';
import { fromWorkingTree, loadPolicy } from '../../facts/policy.ts';
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import { incidentText } from '../../read/incident/form.ts';
import type { ProcessMark } from '../../contract/ports.ts';
import type { RosterPerson } from '../../../policies/model/facts.ts';
import type { IncidentLevel } from '../../../policies/model/incident.ts';

/** The account that runs Sluice: publishes verdicts and releases, never reviews. On no roster. */
const robot = { id: 'sluice', login: 'sluice-bot', name: 'Sluice', account: 9_007_199_254_740_991 } as const;

interface Person extends ServedUser {
  readonly id: string;
}

/** What the other commands need of it. */
interface Serving {
  readonly process: ProcessMark;
  readonly url: string;
  readonly repository: string;
  /** By the id of the roster. */
  readonly accounts: Readonly<Record<string, { readonly login: string; readonly token: string }>>;
}

export interface GitHubFlags {
  readonly pusher?: string;
}

/** Serves the repository at hand until it is interrupted, with everybody on its roster. */
export async function sandboxGitHub(this: SluiceContext, { pusher }: GitHubFlags): Promise<void> {
  const services = await this.services();
  const root = await services.git.root();
  await refuseServed(services, root);
  const people = peopleOf((await loadPolicy(fromWorkingTree(services.files, root))).roster.people);
  const first = pusherAmong(people, pusher);
  const repository = `${first.login}/estate`;
  const github = await startServedGitHub({
    folder: root,
    repository,
    defaultBranch: await defaultBranchOf(services),
    users: [...people, robot],
    pusher: first.login,
    now: () => services.clock.now(),
    environment: this.surroundings.env,
  });
  const serving: Serving = {
    process: services.processes.self(),
    url: github.url,
    repository,
    accounts: Object.fromEntries(
      [...people, robot].map(({ id, login }) => [id, { login, token: github.tokens.get(login) ?? '' }]),
    ),
  };
  await services.files.writeText(noteAt(root), JSON.stringify(serving));
  this.print(`${introduction(serving, first.id)}\n`);
  await interrupted(this.surroundings.signal);
  await services.files.remove(noteAt(root));
  await github.close();
}

function introduction({ url, repository }: Serving, id: string): string {
  return [
    `GitHub for this repository is served at ${url} as ${repository} until you press Ctrl-C; origin is its git.`,
    'In another terminal, on the branch of a change:',
    `  ./sluice sandbox as ${id} -- raise`,
    `  ./sluice sandbox as ${robot.id} -- gate --pr 1 --publish`,
    '  ./sluice sandbox approve 1 --as <person>',
    '  ./sluice sandbox merge 1 --as <person>',
    `  ./sluice sandbox as ${robot.id} -- release --pr 1`,
  ].join('\n');
}

/** Runs a command line with the local GitHub in its surroundings, and the token of one account. */
export async function sandboxAs(
  this: SluiceContext,
  _flags: object,
  ...[id = '', ...args]: readonly string[]
): Promise<void> {
  const services = await this.services();
  const serving = await servingOf(services);
  const { token } = accountOf(serving, id);
  const ended = await runCommandLine(
    args,
    {
      ...this.surroundings,
      env: {
        ...this.surroundings.env,
        GITHUB_API_URL: serving.url,
        GITHUB_REPOSITORY: serving.repository,
        GITHUB_ACTOR: id,
        SLUICE_GITHUB_TOKEN: token,
      },
    },
    services.home,
  );
  this.exit(ended);
}

export interface ActFlags {
  readonly as: string;
}

export interface ApproveFlags extends ActFlags {
  readonly text: string;
}

export interface IncidentFlags extends ActFlags {
  readonly service: string;
  readonly impact: IncidentLevel;
  readonly urgency: IncidentLevel;
}

/** Opens an issue as the incident form does. */
export async function sandboxIncident(
  this: SluiceContext,
  { as, service, impact, urgency }: IncidentFlags,
  title: string,
): Promise<void> {
  const serving = await servingOf(await this.services());
  const { login } = accountOf(serving, as);
  const body = incidentText({ services: [service], impact, urgency, causedBy: null });
  const number = await openIssue(placeOf(serving), { login, title, body });
  this.print(`${as} opened incident ${String(number)}.\n`);
}

/** Closes an issue: the incident is over. */
export async function sandboxClose(this: SluiceContext, flags: ActFlags, issue: number): Promise<void> {
  const serving = await servingOf(await this.services());
  await closeIssue(placeOf(serving), accountOf(serving, flags.as).login, issue);
  this.print(`${flags.as} closed issue ${String(issue)}.\n`);
}

/** A comment on a pull request or an issue: what people say to the gate. */
export async function sandboxComment(
  this: SluiceContext,
  flags: ActFlags,
  number: number,
  body: string,
): Promise<void> {
  const serving = await servingOf(await this.services());
  const { login } = accountOf(serving, flags.as);
  await comment(placeOf(serving), { login, number, body });
  this.print(`${flags.as} said on ${String(number)}: ${body}\n`);
}

/** An approving review, in the name of somebody on the roster. */
export async function sandboxApprove(this: SluiceContext, flags: ApproveFlags, pull: number): Promise<void> {
  const serving = await servingOf(await this.services());
  const { login } = accountOf(serving, flags.as);
  await approve(placeOf(serving), { login, number: pull, body: flags.text });
  this.print(`${flags.as} approved pull request ${String(pull)}.\n`);
}

/**
 * Merges, and says how the merge comes into the clone. Refused unless the gate's check allows it, as GitHub does where
 * `sluice guard` has set it up.
 */
export async function sandboxMerge(this: SluiceContext, flags: ActFlags, pull: number): Promise<void> {
  const serving = await servingOf(await this.services());
  const { login } = accountOf(serving, flags.as);
  const conclusion = await conclusionOf(placeOf(serving), login, pull, checkName);
  if (conclusion !== 'success') {
    throw new DeniedError({
      what: `Pull request ${String(pull)} cannot be merged: the gate's check ${conclusion === null ? 'has not run' : `ended with ${conclusion}`}.`,
      fix: 'Let the gate decide, and get what it says is missing.',
      next: `sluice sandbox as ${robot.id} -- gate --pr ${String(pull)} --publish`,
    });
  }
  const { sha } = await merge(placeOf(serving), login, pull);
  this.print(`Pull request ${String(pull)} is merged as ${sha}. Next: git switch main && git pull\n`);
}

function placeOf({ url, repository, accounts }: Serving): Parameters<typeof approve>[0] {
  const tokens = new Map(Object.values(accounts).map(({ login, token }) => [login, token]));
  return { github: { url, tokens }, repository };
}

function peopleOf(roster: readonly RosterPerson[]): readonly Person[] {
  if (roster.length === 0) {
    throw new UsageError({
      what: 'There is nobody on the roster.',
      why: 'The local GitHub has the accounts of the roster.',
      fix: 'Add somebody.',
      next: 'sluice person add --help',
    });
  }
  return roster.map(({ id, name, accounts: [account = 0] }) => ({
    id,
    name,
    login: id.replaceAll('.', '-'),
    account,
  }));
}

function pusherAmong(people: readonly Person[], wanted: string | undefined): Person {
  const found = people.find(({ id }) => id === (wanted ?? people[0]?.id));
  if (found === undefined) {
    throw unknownPerson(
      wanted ?? '',
      people.map(({ id }) => id),
    );
  }
  return found;
}

function unknownPerson(id: string, known: readonly string[]): UsageError {
  return new UsageError({
    what: `${id} is nobody on the roster.`,
    why: `There are ${known.join(', ')}.`,
    fix: 'Check the spelling.',
    next: 'sluice person add --help',
  });
}

function accountOf({ accounts }: Serving, id: string): Serving['accounts'][string] {
  const account = Object.hasOwn(accounts, id) ? accounts[id] : undefined;
  if (account === undefined) {
    throw unknownPerson(id, Object.keys(accounts));
  }
  return account;
}

async function defaultBranchOf(services: Services): Promise<string> {
  const refs = await services.git.refs();
  const wanted = services.defaultBranch ?? 'main';
  return refs.some(({ ref }) => ref === `refs/heads/${wanted}`)
    ? wanted
    : ((await services.git.branch()) ?? wanted);
}

function noteAt(root: string): string {
  return `${root}/.sluice/github.json`;
}

async function servedNow({ files, processes }: Services, root: string): Promise<Serving | null> {
  const path = noteAt(root);
  if (!(await files.exists(path))) {
    return null;
  }
  const serving = parseJson(await files.readText(path), limits.line) as Serving;
  return processes.state(serving.process) === 'running' ? serving : null;
}

async function servingOf(services: Services): Promise<Serving> {
  const serving = await servedNow(services, await services.git.root());
  if (serving === null) {
    throw new UsageError({
      what: 'No local GitHub serves this repository.',
      fix: 'Start it in another terminal.',
      next: 'sluice sandbox github',
    });
  }
  return serving;
}

async function refuseServed(services: Services, root: string): Promise<void> {
  const serving = await servedNow(services, root);
  if (serving !== null) {
    throw new UsageError({
      what: `This repository is served already, by process ${String(serving.process.pid)}, at ${serving.url}`,
      fix: 'Use that one, or end it first.',
      next: `kill -INT ${String(serving.process.pid)}`,
    });
  }
}

async function interrupted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) {
      resolve();
    }
  });
}
