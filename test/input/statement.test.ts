import { describe, expect, it } from 'vitest';
import { readSaid, statementForms } from '../../scripts/input/statement.ts';

const sha = 'a'.repeat(40);
const digest = `sha256:${'4'.repeat(64)}`;

describe('a comment that is a statement', () => {
  it.each([
    [
      `/sluice waive-commit ${sha} written by our contractor`,
      { kind: 'waive-commit', sha, reason: 'written by our contractor' },
    ],
    [
      '/sluice exempt christmas-2026 the shop is down',
      { kind: 'freeze-exemption', freeze: 'christmas-2026', reason: 'the shop is down' },
    ],
    [
      '/sluice reclassify normal nothing is on fire',
      { kind: 'reclassify', to: 'normal', reason: 'nothing is on fire' },
    ],
    [
      '/sluice condition c1 m.lind tell the help line',
      { kind: 'condition', condition: 'c1', closer: 'm.lind', reason: 'tell the help line' },
    ],
    ['/sluice close c1', { kind: 'condition-closed', condition: 'c1', reason: '' }],
    [
      `/sluice client-approval acme changes/acme/evidence/mail.eml ${digest}`,
      { kind: 'client-approval', client: 'acme', path: 'changes/acme/evidence/mail.eml', digest, reason: '' },
    ],
    ['/sluice break-glass nobody answers', { kind: 'break-glass', reason: 'nobody answers' }],
    ['/sluice ratify', { kind: 'ratify', decision: 'ratified', reason: '' }],
    [
      '/sluice refuse it broke the checkout',
      { kind: 'ratify', decision: 'refused', reason: 'it broke the checkout' },
    ],
  ])('%s', (text, said) => {
    expect(readSaid(text)).toEqual(said);
  });

  it('may have its reason on the next lines', () => {
    expect(readSaid('/sluice break-glass\nnobody\nanswers')).toEqual({
      kind: 'break-glass',
      reason: 'nobody answers',
    });
  });

  it('has a form in the list for every verb', () => {
    expect(statementForms).toContain('/sluice condition <condition> <closer> <reason>');
    expect(new Set(statementForms).size).toBe(9);
  });
});

describe('a comment that is none', () => {
  it.each([
    'I would write /sluice ratify here',
    ' /sluice ratify',
    '> /sluice ratify',
    'Looks good\n/sluice ratify',
    '/sluiceratify',
    '',
  ])('says nothing: %j', (text) => {
    expect(readSaid(text)).toBeNull();
  });
});

describe('a statement that cannot be read', () => {
  it.each([
    ['/sluice', 'there is no statement of that name'],
    ['/sluice approve', 'there is no statement of that name'],
    ['/sluice waive-commit abc because', 'not a sha'],
    ['/sluice waive-commit', 'no sha'],
    [`/sluice waive-commit ${sha}`, 'no reason'],
    ['/sluice reclassify emergency now', 'not a type'],
    ['/sluice condition c1 Mats please', 'not a closer'],
    ['/sluice exempt ../../x because', 'not a freeze'],
    [`/sluice client-approval acme ../policies/roster.yaml ${digest}`, 'not a path'],
    [`/sluice client-approval acme changes/acme/evidence/../../x ${digest}`, 'not a path'],
    ['/sluice client-approval acme changes/acme/evidence/mail.eml sha256:12', 'not a digest'],
    ['/sluice refuse', 'no reason'],
  ])('says what is wrong: %s', (text, problem) => {
    const said = readSaid(text);
    expect(said).toMatchObject({ kind: 'misread' });
    expect(said?.kind === 'misread' ? said.problem : '').toContain(problem);
  });

  it('never repeats what was written, which may be anything', () => {
    expect(JSON.stringify(readSaid('/sluice <script>@everyone'))).not.toContain('script');
    expect(JSON.stringify(readSaid('/sluice exempt @everyone x'))).not.toContain('everyone');
  });
});
