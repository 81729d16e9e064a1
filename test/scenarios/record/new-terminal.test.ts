/** `sluice new` where somebody sits at a terminal: in their editor, which is a script here, or question by question. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { releasedEstate } from '../change.ts';
import { runAtTerminal, type Ended, type SmallEstate } from '../small-estate.ts';

const data = 'stacks/clients/acme/records.ts';
const now = { TEST_NOW: '2026-11-10T09:00:00Z' };
const news = ["www: '203.0.113.1',", "www: '203.0.113.1', news: '203.0.113.9',"] as const;

let estate: SmallEstate;
let asked: string[] = [];
beforeAll(async () => {
  estate = await releasedEstate();
  // Where a team keeps its data: stacks/estate.ts itself is control.
  estate.write(data, estate.read('stacks/estate.ts'));
  estate.write('stacks/estate.ts', "export { estate } from './clients/acme/records.ts';\n");
  estate.git('add', '--all');
  estate.git('commit', '--quiet', '--message', 'data');
  const [from, to] = news;
  estate.write(data, estate.read(data).replace(from, to));
});
afterAll(() => estate.remove());

/** The answers to the questions that begin with these words; an empty one takes the proposal. */
async function newWith(
  answers: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<Ended & { readonly path: string }> {
  asked = [];
  const ask = (question: string): Promise<string> => {
    asked.push(question);
    const known = Object.keys(answers).find((text) => question.startsWith(text));
    // Who is asked twice has given an answer that will not do.
    return asked.indexOf(question) < asked.length - 1
      ? Promise.reject(new Error(`asked again: ${question}`))
      : Promise.resolve(known === undefined ? '' : (answers[known] ?? ''));
  };
  const ended = await runAtTerminal({
    folder: estate.folder,
    args: ['new', ...args],
    env: { ...now, ...env },
    ask,
  });
  return { ...ended, path: ended.stdout.trim() };
}

/** A script in place of an editor. It keeps what it was given as `seen`, runs `work` on it, and counts how often it was opened. */
function editor(work: string): string {
  const path = join(estate.folder, '.sluice', 'editor.sh');
  estate.write(
    '.sluice/editor.sh',
    `#!/bin/sh\ncp "$1" ${estate.folder}/.sluice/seen\necho opened >> ${estate.folder}/.sluice/times\n${work}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

const filled =
  "sed -i -e 's/<Reason.*>/Marketing publishes the archive of the newsletter from next week on./' -e 's/<[^<>]*>/nobody notices/' -e 's/assessed: false/assessed: true/' \"$1\"";

describe('with an editor', () => {
  it('fills the record from the plan, opens it, and asks only for people', async () => {
    const ended = await newWith(
      { 'Requested by': 'r.okafor', 'Backup implementer': 'm.lind' },
      { EDITOR: editor(filled) },
    );
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('missing')]);
    expect(asked.map((text) => text.split(':')[0])).toEqual(['Requested by', 'Backup implementer']);
    const seen = estate.read('.sluice/seen');
    expect(seen).toContain('title: Add DNS record news.shop.example\n');
    expect(seen).toContain('users: <who would notice, and how many>');
    expect(seen).not.toMatch(/benefit|monitoring|declared/u);
    expect(ended.stderr).toContain('affectedHosts: news.shop.example (from the plan)');
    const checked = await estate.sluice(['check', '--base', 'main', '--record', ended.path], now);
    expect([checked.exit, checked.stdout]).toEqual(['ok', expect.anything()]);
  });

  it('takes whom git is set up for as who asks for it', async () => {
    estate.git('config', 'user.name', 'Ruth Okafor');
    const ended = await newWith({ 'Backup implementer': 'm.lind' }, { EDITOR: editor(filled) });
    estate.git('config', '--unset', 'user.name');
    expect(asked.map((text) => text.split(':')[0])).toEqual(['Backup implementer']);
    expect(estate.read(ended.path)).toMatch(/^requester: r\.okafor$/mu);
  });

  it('says what is still missing of what was not filled in', async () => {
    const ended = await newWith(
      { 'Requested by': 'r.okafor', 'Backup implementer': 'm.lind' },
      { VISUAL: editor('true'), EDITOR: 'false' },
    );
    expect(ended.exit).toBe('ok');
    expect(ended.stderr).toMatch(/Still missing, at risk medium:\n {2}reason: .*\n {2}impact\.users: who/u);
  });

  it('names the place of what does not read, and opens it again', async () => {
    estate.write('.sluice/times', '');
    const breaks = 'grep -q mistake "$1" && sed -i "/mistake/d" "$1" || echo "mistake: 1" >> "$1"';
    const ended = await newWith(
      { 'Requested by': 'r.okafor', 'Backup implementer': 'm.lind' },
      { EDITOR: editor(breaks) },
    );
    expect(ended.stderr).toMatch(/CHG-\d{4}-\d{4}\.yaml:\d+:\d+: .*mistake/u);
    expect(estate.read('.sluice/times').trim().split('\n')).toHaveLength(2);
    expect(ended.exit).toBe('ok');
  });

  it('keeps the record when the editor does not start', async () => {
    const ended = await newWith(
      { 'Requested by': 'r.okafor', 'Backup implementer': 'm.lind', 'Open it again': 'no' },
      { EDITOR: '/nowhere/vi' },
    );
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.stringContaining('ENOENT')]);
    expect(estate.read(ended.path)).toContain('title: Add DNS record news.shop.example\n');
  });

  it('gives the editor no secret', async () => {
    const env = {
      EDITOR: editor('env > ${1%/*}/../../.sluice/env'),
      SLUICE_GITHUB_TOKEN: 'ghs_0123456789abcdef',
    };
    await newWith({ 'Requested by': 'r.okafor', 'Backup implementer': 'm.lind' }, env);
    expect(estate.read('.sluice/env')).toMatch(/^EDITOR=/mu);
    expect(estate.read('.sluice/env')).not.toContain('ghs_0123456789abcdef');
  });
});

describe('without one', () => {
  it('asks for what only the author knows and the risk asks for, and for nothing else', async () => {
    const ended = await newWith({
      Reason: 'Marketing publishes the archive of the newsletter from next week on.',
      'Requested by': 'r.okafor',
      'Backup implementer': 'm.lind',
      'impact.users': 'nobody: the name is new',
      'securityImpact.summary': 'a public page more, behind the proxy',
      'acceptanceCriteria[1].statement': 'news.shop.example answers with 200',
    });
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('missing')]);
    expect(asked.map((text) => text.split(/[:,[]/u)[0])).toEqual([
      'Client ',
      'Type',
      'Title',
      'Reason',
      'Requested by',
      'Accountable owner ',
      'Implementer ',
      'Planned start ',
      'Backup implementer',
      'impact.users',
      'securityImpact.summary',
      'acceptanceCriteria',
    ]);
    const checked = await estate.sluice(['check', '--base', 'main', '--record', ended.path], now);
    expect([checked.exit, checked.stdout]).toEqual(['ok', expect.anything()]);
  });
});
