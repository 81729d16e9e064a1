/**
 * The whole way of a change on embedded defaults: a real repository, a GitHub on loopback, real Terraform against the
 * sandbox. Two changes: one that is refused until the CAB has approved it, released and verified; and one that everybody
 * approved and that is wrong, which its probe finds and the release takes back.
 */
import type { Services, SluiceContext } from '../contract/context.ts';
import { approve, merge, openPull, type Repository } from '../sandbox/github/acts.ts';
import { startServedGitHub } from '../sandbox/github/served.ts';
import { startEdge } from '../sandbox/edge/edge.ts';
import { edit, makeEstate, type DemoEstate } from './estate.ts';
import { people, person, robot } from './people.ts';
import { badChange, goodChange, recordText, type DemoChange } from './records.ts';
import { tellStory, type Story } from './story.ts';

const repository = 'r-okafor/estate';
const ruleFile = 'stacks/clients/acme/waf/shop-access.ts';

interface DemoStage {
  readonly services: Services;
  readonly estate: DemoEstate;
  readonly story: Story;
  readonly at: Repository;
  readonly edge: string;
  readonly schedule: { readonly start: string; readonly end: string };
}

/** Runs the demo. Terraform is looked for first: without it nothing is started. */
export async function runDemo(context: SluiceContext): Promise<void> {
  const services = await context.services();
  const { product, version } = await services
    .terraform({ target: 'sandbox', reattach: null, cell: null })
    .version();
  const folder = `${services.home}/.sluice/demo/estate`;
  const environment = context.surroundings.env;
  const estate = await makeEstate(services, folder, environment);
  const schedule = await prepare(services, estate);
  const github = await startServedGitHub({
    folder,
    users: [...people, robot],
    repository,
    defaultBranch: 'main',
    pusher: 'r-okafor',
    now: () => services.clock.now(),
    environment,
  });
  const edge = await startEdge({ store: `${folder}/.sluice/sandbox` });
  try {
    const surroundings = {
      ...context.surroundings,
      cwd: folder,
      env: {
        ...environment,
        GITHUB_API_URL: github.url,
        GITHUB_REPOSITORY: repository,
        SLUICE_GITHUB_TOKEN: github.tokens.get(robot.login) ?? '',
        GITHUB_ACTOR: 'demo',
      },
    };
    const story = tellStory(surroundings, context.style, services.home);
    const stage: DemoStage = {
      services,
      estate,
      story,
      at: { github, repository },
      edge: edge.url,
      schedule,
    };
    story.say(`Sluice with ${product} ${version}, a GitHub on ${github.url} and an edge on ${edge.url}.`);
    await baseline(stage);
    await goodWay(stage);
    await badWay(stage);
    await evidence(stage);
  } finally {
    await edge.close();
    await github.close();
  }
}

/** What has to differ from a real estate for the story to fit into a minute. */
async function prepare(services: Services, estate: DemoEstate): Promise<DemoStage['schedule']> {
  const now = Date.parse(services.clock.now());
  const at = (minutes: number): string =>
    new Date(now + minutes * 60_000).toISOString().replace(/\.\d+Z$/, '+00:00');
  const clockTime = (minutes: number): string => new Date(now + minutes * 60_000).toISOString().slice(11, 16);
  const { folder } = estate;
  await edit(services, `${folder}/policies/quorum.yaml`, [
    [/leadTimeWorkingDays: \d+/, 'leadTimeWorkingDays: 0'],
  ]);
  await services.files.writeText(`${folder}/policies/calendar.yaml`, 'freezes: []\nholidays: []\n');
  await edit(services, `${folder}/stacks/clients/acme/service.yaml`, [
    [
      /days: \[MO, TU, WE, TH\]\n {6}start: "20:00"\n {6}end: "23:00"\n {6}timezone: Europe\/London/,
      `days: [MO, TU, WE, TH, FR, SA, SU]\n      start: "${clockTime(-60)}"\n      end: "${clockTime(180)}"\n      timezone: UTC`,
    ],
  ]);
  await estate.git(['add', '--all']);
  await estate.git(['commit', '--quiet', '--message', 'The estate as it is']);
  return { start: at(-5), end: at(90) };
}

async function baseline({ story }: DemoStage): Promise<void> {
  story.step('The estate: two clients, five stacks, released for the first time');
  story.say('Set for the demo: no lead time, a window that is open now, no freeze.');
  await story.sluice(['baseline', '--reason', 'first release'], 'ok');
}

async function goodWay(stage: DemoStage): Promise<void> {
  const { story, services, estate } = stage;
  story.step('An engineer changes a WAF rule from log to block');
  await branchFor(stage, goodChange, async () => {
    await edit(services, `${estate.folder}/${ruleFile}`, [
      [
        /(watched in log mode before it is blocked',\n {4}action: )'log'/,
        "watched in log mode before it is blocked',\n    action: 'block'",
      ],
    ]);
  });
  await story.sluice(['check', 'acme-production'], 'ok');
  const number = await raise(stage, goodChange);
  story.step('The gate refuses: nobody has agreed yet');
  await story.excerpt(['gate', '--pr', String(number), '--publish'], 'denied', 24);
  story.step('The CAB approves on the pull request');
  await approveAll(stage, number, ['m.lind', 's.haddad', 'j.novak', 't.berg']);
  await story.excerpt(
    ['gate', '--pr', String(number), '--publish', '--save-facts', '.sluice/facts.json'],
    'ok',
    16,
  );
  story.step('Merged and released: the same digests, the window open, live as expected');
  await mergePull(stage, number);
  await story.sluice(['release', '--pr', String(number), '--edge', stage.edge], 'ok');
}

async function badWay(stage: DemoStage): Promise<void> {
  const { story, services, estate } = stage;
  story.step('A second change: looks harmless, is approved, and is wrong');
  await branchFor(stage, badChange, async () => {
    await edit(services, `${estate.folder}/${ruleFile}`, [
      ['starts_with(http.request.uri.path, "/v1/checkout/")', 'http.request.uri.path contains "/checkout/"'],
    ]);
  });
  const number = await raise(stage, badChange);
  await story.excerpt(['plan', 'acme-production'], 'ok', 24);
  await story.excerpt(['gate', '--pr', String(number), '--publish'], 'denied', 6);
  await approveAll(stage, number, ['m.lind', 's.haddad', 'j.novak', 't.berg']);
  await mergePull(stage, number);
  story.step('Released, its probe fails, rolled back');
  await story.sluice(['release', '--pr', String(number), '--edge', stage.edge], 'denied');
}

async function evidence({ story, estate }: DemoStage): Promise<void> {
  story.step('The evidence');
  await story.sluice(['ledger', 'show'], 'ok');
  await story.sluice(['ledger', 'verify'], 'ok');
  story.say('');
  story.say(`The repository stays in ${estate.folder}. Look around there, for example:`);
  for (const command of [
    './sluice ledger show',
    './sluice gate --facts .sluice/facts.json',
    './sluice rollback acme-production --dry-run --reason "try it"',
    'git log --stat releases',
  ]) {
    story.say(`  ${command}`);
  }
}

async function branchFor(
  stage: DemoStage,
  change: DemoChange,
  editFiles: () => Promise<void>,
): Promise<void> {
  const { estate, services } = stage;
  await estate.git(['checkout', '--quiet', '-B', change.id, 'main']);
  await editFiles();
  await services.files.writeText(
    `${estate.folder}/changes/acme/${change.id}.yaml`,
    recordText(change, stage.schedule),
  );
}

async function raise(stage: DemoStage, change: DemoChange): Promise<number> {
  const { estate, at, story } = stage;
  await estate.git(['add', '--all']);
  await estate.git(['commit', '--quiet', '--message', `${change.id}: ${change.title}`]);
  await estate.git(['push', '--quiet', 'origin', change.id]);
  const number = await openPull(at, {
    login: 'r-okafor',
    head: change.id,
    title: `${change.id}: ${change.title}`,
    body: '',
  });
  story.say(`Pull request ${String(number)} is open: ${change.id}, ${change.title}.`);
  return number;
}

async function approveAll({ at, story }: DemoStage, number: number, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const one = person(id);
    await approve(at, { login: one.login, number, body: 'Read the plan and the rehearsal.' });
    story.say(`${one.name} approves.`);
  }
}

/** Merges on the GitHub side, and takes the merge into the clone. */
async function mergePull(stage: DemoStage, number: number): Promise<void> {
  const { estate, at } = stage;
  await merge(at, 's-haddad', number);
  await estate.git(['checkout', '--quiet', 'main']);
  await estate.git(['pull', '--quiet', '--ff-only', 'origin', 'main']);
}
