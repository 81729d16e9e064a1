/** The judge of the generated attacks: what it must find, and what it must not take for a find. */
import { describe, expect, it } from 'vitest';
import { attacks } from './attacks.ts';
import { honestWay, mayBeAllowed, type Event } from './events.ts';
import { judge, secrets } from './judge.ts';
import { markersIn } from './markers.ts';

const [marker = ''] = Object.values(secrets);
const around = (text: string): string => `A comment with ${text} in the middle of it.`;

describe('markers', () => {
  it.each([
    ['as it is', marker],
    ['in base64', Buffer.from(`user:${marker}:x`).toString('base64')],
    ['in base64url behind other bytes', Buffer.from(`\u0001\u0002${marker}`).toString('base64url')],
    [
      'in base64 twice',
      Buffer.from(Buffer.from(`CLOUDFLARE=${marker}`).toString('base64')).toString('base64'),
    ],
    ['in hexadecimal', Buffer.from(`x${marker}`).toString('hex')],
    ['in percent', Buffer.from(marker).toString('hex').replaceAll(/../g, '%$&')],
    ['in references', marker.replaceAll(/./g, (character) => `&#${String(character.charCodeAt(0))};`)],
    ['parted by zero-width spaces', marker.replaceAll(/./g, '$&\u200b')],
  ])('are found %s', (_name, text) => {
    expect(markersIn(around(text), [marker])).toEqual([marker]);
  });

  it('are not found where they are not', () => {
    expect(
      markersIn(around(`${marker.slice(0, -1)} sha256:${'0123456789abcdef'.repeat(4)}`), [marker]),
    ).toEqual([]);
  });
});

const by = (
  ...logins: readonly ('s-haddad' | 'j-novak' | 'm-lind' | 'r-okafor' | 'o-stranger')[]
): Event => ({
  kind: 'approve',
  by: logins,
});
const show: Event = { kind: 'show' };
const push: Event = { kind: 'push', by: 'r-okafor' };

describe('the oracle', () => {
  it.each<readonly [string, readonly Event[], boolean]>([
    ['the honest way', honestWay, true],
    ['three with the change manager', [show, by('s-haddad', 'j-novak', 'm-lind')], true],
    ['two', [show, by('s-haddad', 'j-novak')], false],
    ['three without the change manager', [show, by('j-novak', 'm-lind', 'o-stranger')], false],
    ['the author and a stranger', [show, by('s-haddad', 'r-okafor', 'o-stranger')], false],
    ['before anything was shown', [by('s-haddad', 'j-novak', 'm-lind'), show], false],
    ['something else was pushed', [...honestWay, push, show], false],
    ['and agreed to', [...honestWay, push, ...honestWay], true],
    [
      'pushed by one of them',
      [{ kind: 'push', by: 'm-lind' }, show, by('s-haddad', 'j-novak', 'm-lind')],
      false,
    ],
    ['a veto', [...honestWay, { kind: 'veto', by: 's-haddad' }], false],
    ['a veto that was taken back', [show, { kind: 'veto', by: 's-haddad' }, ...honestWay], true],
    ['a dismissal', [show, by('s-haddad', 'j-novak', 'm-lind'), { kind: 'dismiss', by: 'm-lind' }], false],
  ])('%s', (_name, events, allowed) => {
    expect(mayBeAllowed(events)).toBe(allowed);
  });
});

describe('the judge', () => {
  const plain = { ingredients: [], events: honestWay };
  const poisoned = {
    ingredients: [{ name: 'x', hostile: true, add: <T>(draft: T): T => draft }],
    events: honestWay,
  };
  const ended = (exit: 'ok' | 'denied' | 'internal', stdout = ''): Parameters<typeof judge>[1] => ({
    last: { exit, stdout, stderr: '' },
    seen: [stdout],
    token: '',
  });

  it('has nothing against a gate that does as it should', () => {
    expect(judge(plain, ended('ok')).problems).toEqual([]);
    expect(judge(poisoned, ended('denied')).problems).toEqual([]);
  });

  it('objects to a hostile change that is allowed, an honest one that is not, a crash and a leak', () => {
    expect(judge(poisoned, ended('ok')).problems).toEqual(['the gate allowed what the oracle would not']);
    expect(judge(plain, ended('denied')).problems.join()).toContain('refused an honest change');
    expect(judge(poisoned, ended('internal')).problems.join()).toContain('the gate broke');
    expect(judge(poisoned, ended('denied', marker)).problems).toEqual(['CLOUDFLARE_API_TOKEN was published']);
  });
});

describe('the generator', () => {
  it('gives the same attacks for the same seed, of every kind', () => {
    const names = (seed: number): readonly string[] =>
      attacks(seed, 60).map(({ ingredients }) => ingredients.map(({ name }) => name).join());
    expect(names(1)).toEqual(names(1));
    expect(names(2)).not.toEqual(names(1));
    const all = names(1).join('\n');
    expect(['the file ', 'the record claims ', ' as ', ''].filter((part) => !all.includes(part))).toEqual([]);
    expect(names(1)).toContain('');
  });
});
