import { describe, expect, it } from 'vitest';
import { readStatementLines } from '../../../scripts/read/statement/lines.ts';
import { statementForms } from '../../../scripts/read/statement/statement.ts';

const sha = 'c'.repeat(40);
const digest = `sha256:${'4'.repeat(64)}`;
const only = (text: string) => {
  const [first, ...more] = readStatementLines(text);
  expect(more).toEqual([]);
  return first?.statement ?? null;
};

describe('a statement', () => {
  it.each([
    [
      `/sluice waive-commit ${sha} because I know who wrote it`,
      { kind: 'waive-commit', sha, reason: 'I know who wrote it' },
    ],
    [
      '/sluice exempt christmas-2026 because the client asked',
      { kind: 'freeze-exemption', freeze: 'christmas-2026', reason: 'the client asked' },
    ],
    [
      '/sluice reclassify normal because it can wait',
      { kind: 'reclassify', to: 'normal', reason: 'it can wait' },
    ],
    [
      '/sluice condition c1 m.lind tell the help line',
      { kind: 'condition', condition: 'c1', closer: 'm.lind', reason: 'tell the help line' },
    ],
    ['/sluice close c1', { kind: 'condition-closed', condition: 'c1', reason: '' }],
    [
      '/sluice close c1 because they were told',
      { kind: 'condition-closed', condition: 'c1', reason: 'they were told' },
    ],
    [
      `/sluice client-approval acme changes/acme/evidence/mail.eml ${digest}`,
      { kind: 'client-approval', client: 'acme', path: 'changes/acme/evidence/mail.eml', digest },
    ],
    ['/sluice break-glass because nobody answers', { kind: 'break-glass', reason: 'nobody answers' }],
    ['/sluice ratify', { kind: 'ratify' }],
    ['/sluice ratify \t', { kind: 'ratify' }],
    ['/sluice ratify\r\n', { kind: 'ratify' }],
    ['/sluice refuse it broke the checkout', { kind: 'refuse', reason: 'it broke the checkout' }],
  ])('%s', (text, said) => {
    expect(only(text)).toEqual(said);
  });

  it('stands on a line of its own, with others or alone, and says which line', () => {
    expect(
      readStatementLines('/sluice close c1\r\n\r\n/sluice condition c2 m.lind tell the help line'),
    ).toMatchObject([
      { line: 1, statement: { kind: 'condition-closed' } },
      { line: 3, statement: { kind: 'condition', condition: 'c2', reason: 'tell the help line' } },
    ]);
  });

  it('has a form in the list for every verb', () => {
    expect(statementForms).toContain('/sluice condition <condition> <closer> <reason>');
    expect(statementForms).toContain('/sluice exempt <freeze> because <reason>');
    expect(new Set(statementForms).size).toBe(9);
  });
});

describe('a comment that is none', () => {
  it.each([
    '',
    'Looks good to me.',
    '> /sluice ratify\n\nWho has said that?',
    'An example:\n```\n/sluice refuse it broke the checkout\n```\n',
    'Write `/sluice refuse <reason>` for that.',
    'Sluice says that the window is closed.',
    'Sluice conditions are met, see the plan.',
    './sluice gate --pr 7\n$ ./sluice release --pr 7',
    'sluice check',
    '/sluice-estate/stacks/acme.ts is new',
    '/sluiceratify-estate/x',
    '/source/app.ts, /service and /since are other words',
    '| sluice | change |\n|---|---|',
  ])('says nothing: %j', (text) => {
    expect(readStatementLines(text)).toEqual([]);
  });
});

describe('a statement that cannot be read', () => {
  it.each([
    ['/sluice', 'there is no statement of that name'],
    ['/sluice approve', 'there is no statement of that name'],
    ['/sluice waive-commit abc because', 'not a sha'],
    ['/sluice waive-commit', 'no sha'],
    [`/sluice waive-commit ${sha}`, 'no reason'],
    [`/sluice waive-commit ${sha} not me`, 'words that are not `because`'],
    ['/sluice reclassify emergency now', 'not a type'],
    ['/sluice condition c1 Mats please', 'not a closer'],
    ['/sluice exempt ../../x because', 'not a freeze'],
    ['/sluice exempt xmas not before Monday', 'words that are not `because`'],
    ['/sluice exempt xmas because \u2800\u3164\u200b.', 'U+3164'],
    ['/sluice exempt xmas because ok', 'no reason of at least 8'],
    [`/sluice client-approval acme ../policies/roster.yaml ${digest}`, 'not a path'],
    [`/sluice client-approval acme changes/acme/evidence/../../x ${digest}`, 'not a path'],
    ['/sluice client-approval acme changes/acme/evidence/mail.eml sha256:12', 'not a digest'],
    [`/sluice client-approval acme changes/acme/evidence/mail.eml ${digest} pending`, 'words are left over'],
    ['/sluice close c1 is not done yet', 'words that are not `because`'],
    ['/sluice ratify not yet', 'words are left over'],
    ['/sluice ratify\u200b', 'there is no statement of that name'],
    ['/sluice  ratify', 'there is no statement of that name'],
    ['/sluice close  c1', 'two blanks'],
    ['/sluice close c1\u200b', 'U+200B'],
    ['/sluice refuse', 'no reason'],
    ['/sluice refuse no', 'no reason of at least 8'],
  ])('says what is wrong: %j', (text, problem) => {
    const said = only(text);
    expect(said).toMatchObject({ kind: 'misread' });
    expect(said?.kind === 'misread' ? said.problem : '').toContain(problem);
  });

  it('never repeats what was written, which may be anything', () => {
    expect(JSON.stringify(readStatementLines('/sluice <script>@everyone'))).not.toContain('script');
    expect(JSON.stringify(readStatementLines('/sluice exempt @everyone x'))).not.toContain('everyone');
  });

  it.each([
    ['Thanks to all of you.\n/sluice ratify', 2],
    ['/sluice ratify\nbut not before Monday', 1],
    ['/sluice close c1\n```\n/sluice ratify\n```', 1],
    ['/sluice ratify\n> is that right?', 1],
  ])('stands among other text: %j', (text, line) => {
    expect(readStatementLines(text)).toMatchObject([
      { line, statement: { kind: 'misread', stops: 'nothing' } },
    ]);
  });

  it('is answered for each line up to a number, and the rest counts as the worst of it', () => {
    const many = readStatementLines(`${'/sluice close c1\n'.repeat(30)}/sluice refuse it broke the shop`);
    expect(many).toHaveLength(21);
    expect(many.at(-1)).toMatchObject({
      line: 21,
      statement: { kind: 'misread', stops: 'change and ratification' },
    });
  });
});

describe('what looks like a statement', () => {
  it.each([
    ' /sluice refuse it broke the shop',
    '\t/sluice refuse it broke the shop',
    '    /sluice refuse it broke the shop',
    '\u00a0/sluice refuse it broke the shop',
    '\u200b/sluice refuse it broke the shop',
    '/Sluice refuse it broke the shop',
    '/sluice Refuse it broke the shop',
    '/SLUICE REFUSE IT BROKE THE SHOP',
    '\\sluice refuse it broke the shop',
    '\\/sluice refuse it broke the shop',
    '\uff0fsluice refuse it broke the shop',
    '\u2215sluice refuse it broke the shop',
    '\uff0f\uff53\uff4c\uff55\uff49\uff43\uff45 refuse it broke the shop',
    '/ѕluice refuse it broke the shop',
    '/sluіce rеfuse it broke the shop',
    '- /sluice refuse it broke the shop',
    '* [ ] /sluice refuse it broke the shop',
    '1. /sluice refuse it broke the shop',
    '**/sluice refuse it broke the shop**',
    '`/sluice refuse it broke the shop`',
    '<!-- /sluice refuse it broke the shop -->',
    '@sluice /refuse it broke the shop',
    '/ sluice refuse it broke the shop',
    '/sluice: refuse it broke the shop',
    '/slucie refuse it broke the shop',
    '/sluice\trefuse it broke the shop',
    '/sluice refuze it broke the shop',
    '/sluicerefuse it broke the shop',
    '/sluice-refuse it broke the shop',
    '/refuse it broke the shop',
    '/sluice reject it broke the shop',
    '/sluice do not ratify',
    '/sluice no',
    '> somebody said\n\n/sluice refuse',
  ])('stops what it may have refused: %j', (text) => {
    const stops = readStatementLines(text).map(({ statement: said }) =>
      said.kind === 'misread' ? said.stops : said.kind,
    );
    expect(stops).toEqual(text.startsWith('@') ? ['nothing'] : ['change and ratification']);
  });

  it.each([
    'Please look, /sluice refuse it broke the shop',
    '`/sluice refuse` it broke the shop',
    'sluice refuse it broke the shop',
    '@sluice refuse it broke the shop',
    '/sluice ratify not yet',
    ' /sluice ratify',
    '\uff0fsluice ratify',
    '/sluice help',
  ])('is answered, where nothing can be meant to stop or it stands in passing: %j', (text) => {
    expect(readStatementLines(text)).toMatchObject([{ statement: { kind: 'misread', stops: 'nothing' } }]);
  });

  it.each(['/sluice condition c1', ' /sluice condition c1 m.lind wait', '/sluice reclassify'])(
    'holds the change for a condition that is not one: %j',
    (text) => {
      expect(readStatementLines(text)).toMatchObject([{ statement: { kind: 'misread', stops: 'change' } }]);
    },
  );

  it('is a statement where a code block is not closed', () => {
    expect(readStatementLines('```\n/sluice refuse it broke the shop')).toMatchObject([
      { statement: { kind: 'refuse' } },
    ]);
  });

  it('takes no longer for long comments that were made to be slow', () => {
    const began = performance.now();
    for (const text of [
      ' '.repeat(65_000),
      `/sluice ratify${' '.repeat(65_000)}x`,
      '`'.repeat(65_000),
      '~~~ x\n'.repeat(10_000),
      `${'````\n'.repeat(5000)}${'~~~x\n'.repeat(5000)}`,
      '/ '.repeat(32_000),
      '/sluice x\n'.repeat(6500),
    ]) {
      readStatementLines(text);
    }
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
