/** What is said on a pull request becomes facts: over the wire, with the files in a real repository. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Services } from '../../scripts/contract/context.ts';
import { withRatifications } from '../../scripts/facts/emergencies.ts';
import { merge } from '../../scripts/sandbox/github/acts.ts';
import { answerMisread, pullStatements, type PullStatements } from '../../scripts/change/pull-statements.ts';
import type { GitHub } from '../../scripts/contract/ports.ts';
import type { Ledger } from '../../scripts/release/types.ts';
import { buildServices } from '../../scripts/cli/services.ts';
import type { PastEmergency, Roster } from '../../policies/model/facts.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import { pullOnLocalGitHub, type PullOnGitHub } from '../adapters/github/pull-on-local-github.ts';
import { home } from '../scenarios/small-estate.ts';
import { cleanRecord, facts } from '../policies/world.ts';

let pull: PullOnGitHub;
let github: GitHub;
let services: Services;
let roster: Roster;

const mail = 'From: Carla Ortiz\n\nWe agree.\n';
const path = 'changes/acme/evidence/mail.eml';
const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const idOf = (login: string): number => pull.github.ids.get(login) ?? 0;
const comment = (login: string, body: string): Promise<unknown> =>
  pull.ask(login, 'POST', `issues/${String(pull.number)}/comments`, { body });

const emergency = cleanRecord({ type: 'emergency', implementer: 'm.lind' });
async function said(
  records: readonly LocatedRecord[] = [emergency],
  mayPage = false,
): Promise<PullStatements> {
  const found = await github.pullFacts(pull.number);
  return pullStatements(services, github, { found, records, roster, mayPage });
}

beforeAll(async () => {
  pull = await pullOnLocalGitHub('change', { [path]: mail });
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    GITHUB_API_URL: pull.github.url,
    GITHUB_REPOSITORY: pull.at.repository,
    SLUICE_GITHUB_TOKEN: pull.github.tokens.get('sluice-bot'),
  };
  const stream = { write: () => true };
  services = buildServices(
    {
      env,
      cwd: pull.estate.folder,
      stdout: stream,
      stderr: stream,
      ask: null,
      signal: new AbortController().signal,
    },
    home,
  );
  github = await services.github();
  const person = (id: string, login: string, seat: 'engineer' | 'change-manager') => ({
    id,
    name: id,
    accounts: [idOf(login)],
    seats: [{ seat, from: '2025-01-01' }],
  });
  roster = {
    people: [
      person('r.okafor', 'r-okafor', 'engineer'),
      person('m.lind', 'm-lind', 'engineer'),
      person('s.haddad', 's-haddad', 'change-manager'),
    ],
  };
});
afterAll(() => pull.close());

describe('a client’s written approval', () => {
  it('is compared with the file at the head, as bytes', async () => {
    await comment('r-okafor', `/sluice client-approval acme ${path} ${sha256(mail)}`);
    const other = path.replace('mail', 'other');
    await comment('r-okafor', `/sluice client-approval acme ${other} ${sha256(mail)}`);
    expect((await said()).evidence).toMatchObject([
      { path, recordedDigest: sha256(mail), actualDigest: sha256(mail), enteredById: idOf('r-okafor') },
      { path: other, actualDigest: null },
    ]);
  });

  it('that somebody off the roster enters is nothing, so that nobody outside can raise an alarm', async () => {
    await comment('sluice-bot', 'hello');
    const before = (await said()).evidence.length;
    roster = { people: roster.people.filter(({ id }) => id !== 's.haddad') };
    await comment('s-haddad', `/sluice client-approval acme ${path} ${sha256('forged')}`);
    expect((await said()).evidence).toHaveLength(before);
  });
});

describe('break-glass', () => {
  const asked = async (records?: readonly LocatedRecord[], mayPage?: boolean) =>
    (await said(records, mayPage)).breakGlass;

  it('is heard from the implementer of an emergency and from nobody else', async () => {
    await comment('r-okafor', '/sluice break-glass because I am in a hurry');
    expect(await asked()).toBeNull();
    await comment('m-lind', '/sluice break-glass because nobody answers');
    expect(await asked()).toMatchObject({
      accountId: idOf('m-lind'),
      reason: 'nobody answers',
      pagedAt: null,
      tuple: null,
    });
    expect(await asked([cleanRecord({ implementer: 'm.lind' })])).toBeNull();
    expect(await asked([emergency, emergency])).toBeNull();
    expect(await asked([])).toBeNull();
  });

  it('calls the change manager once, where it may, and knows of it afterwards', async () => {
    const person = { id: 's.haddad', name: 'Samir', accounts: [idOf('s-haddad')] };
    const seats = [{ seat: 'change-manager' as const, from: '2025-01-01' }];
    roster = { people: [...roster.people, { ...person, seats }] };
    const sent = await asked([emergency], true);
    expect(Date.parse(sent?.pagedAt ?? '')).not.toBeNaN();
    expect(await asked([emergency], true)).toEqual(sent);
    expect(await asked()).toEqual(sent);
    const { comments } = await github.pullFacts(pull.number);
    expect(comments.filter(({ text }) => text.includes('@s-haddad'))).toHaveLength(1);
  });
});

describe('ratifications', () => {
  const emergencies = [
    {
      changeId: 'CHG-2026-0004',
      appliedAt: '2025-12-31T20:00:00Z',
      involved: [],
      ratifications: [],
    } as unknown as PastEmergency,
  ];
  const released = (headSha: string) =>
    ({
      folders: [
        {
          intent: { action: 'release', changeId: 'CHG-2026-0004', tuple: { headSha } },
          entry: { type: 'emergency' },
        },
      ],
      files: new Map(),
    }) as unknown as Ledger;

  it('are read from the pull request whose head was released', async () => {
    await merge(pull.at, 'm-lind', pull.number);
    await comment('s-haddad', '/sluice ratify');
    await comment('r-okafor', '/sluice refuse it broke the checkout');
    const mute = (headSha: string) => ({ ledger: released(headSha), answer: null, facts: facts() });
    const [found] = await withRatifications(github, mute(pull.headSha), emergencies);
    expect(found?.ratifications.map(({ accountId, decision }) => [accountId, decision])).toEqual([
      [idOf('s-haddad'), 'ratified'],
      [idOf('r-okafor'), 'refused'],
    ]);
    expect(await withRatifications(github, mute('f'.repeat(40)), emergencies)).toEqual(emergencies);
    const closed = emergencies.map((one) => ({
      ...one,
      closed: { by: 's.haddad', at: '2026-01-01T00:00:00Z' },
    }));
    expect(await withRatifications(github, mute(pull.headSha), closed)).toEqual(closed);
  });

  it('is answered there when it is not understood, once, and only to people of the roster', async () => {
    const bodies = async (): Promise<readonly string[]> => {
      const list = `issues/${String(pull.number)}/comments?per_page=100`;
      const comments = (await pull.ask('sluice-bot', 'GET', list)) as readonly { readonly body: string }[];
      return comments.map(({ body }) => body).filter((body) => body.includes('was not understood'));
    };
    const ledger = released(pull.headSha);
    const others = { people: roster.people.filter(({ id }) => id !== 'm.lind') };
    const given = { ledger, answer: answerMisread(github, others), facts: facts() };
    await comment('s-haddad', '/sluice ratify not yet');
    await comment('m-lind', '/sluice ratify not yet');
    await withRatifications(github, { ledger, answer: null, facts: facts() }, emergencies);
    expect(await bodies()).toEqual([]);
    await withRatifications(github, given, emergencies);
    await withRatifications(github, given, emergencies);
    const [answered, ...more] = await bodies();
    expect(more).toEqual([]);
    expect(answered).toContain('@s-haddad');
    expect(answered).toContain('words are left over');
    await comment('s-haddad', '/sluice refuse no');
    await withRatifications(github, given, emergencies);
    expect((await bodies()).at(-1)).toContain('counts as one until you say it again');
  });
});
