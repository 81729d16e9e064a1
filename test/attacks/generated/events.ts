/**
 * What happens on a pull request after it was opened, in an order of the attacker's choice, and who may let it through. The
 * oracle below knows nothing of the gate: it counts who has seen what stands there now and agreed to it.
 */
import { array, constantFrom, oneof, record, type Arbitrary } from 'fast-check';
import type { Login } from '../../bypass/world.ts';

export type Event =
  | { readonly kind: 'show' }
  | { readonly kind: 'approve'; readonly by: readonly Login[] }
  | { readonly kind: 'veto'; readonly by: Login }
  | { readonly kind: 'dismiss'; readonly by: Login }
  | { readonly kind: 'say'; readonly by: Login; readonly text: string }
  /** The branch gets another effect. */
  | { readonly kind: 'push'; readonly by: Login }
  /** Main gets a commit that changes nothing of the estate. */
  | { readonly kind: 'base' };

/** Three of them with the change manager are what a change of a production record needs at least. */
const cab: readonly Login[] = [
  'm-lind',
  's-haddad',
  'j-novak',
  'p-iyer',
  't-berg',
  'a-marsh',
  'c-ortiz',
  'd-quist',
];

const groups: readonly (readonly Login[])[] = [
  cab,
  cab,
  ['m-lind', 's-haddad', 'j-novak'],
  ['r-okafor'],
  ['o-stranger'],
  ['m-lind'],
  ['b-osei', 'm-lind', 'o-stranger', 'r-okafor'],
  ['j-novak', 'p-iyer'],
];

const statements = [
  '/sluice ratify',
  '/sluice ratify not yet',
  ' /sluice ratify',
  '/sluice waive-commit all of them, I have read every line of it',
  '/sluice client-approval acme has agreed on the phone, I wrote it down',
  '/sluice break-glass production is down and nobody else is awake',
  '/sluice exempt policy-change-alone because it is needed together',
  '/sluice reclassify low because it is only one record',
  '/sluice close successful',
  'LGTM, merge it',
];

const event: Arbitrary<Event> = oneof(
  { weight: 3, arbitrary: constantFrom<Event>({ kind: 'show' }) },
  {
    weight: 4,
    arbitrary: constantFrom(...groups).map((by): Event => ({ kind: 'approve', by })),
  },
  {
    weight: 1,
    arbitrary: constantFrom<Login>('s-haddad', 'm-lind').map((by): Event => ({ kind: 'veto', by })),
  },
  {
    weight: 1,
    arbitrary: constantFrom<Login>('s-haddad', 'm-lind').map((by): Event => ({ kind: 'dismiss', by })),
  },
  {
    weight: 2,
    arbitrary: record({
      by: constantFrom<Login>('r-okafor', 'o-stranger', 'b-osei'),
      text: constantFrom(...statements),
    }).map((said): Event => ({ kind: 'say', ...said })),
  },
  {
    weight: 2,
    arbitrary: constantFrom<Login>('r-okafor', 'b-osei').map((by): Event => ({ kind: 'push', by })),
  },
  { weight: 1, arbitrary: constantFrom<Event>({ kind: 'base' }) },
);

const show: Event = { kind: 'show' };
const agree: Event = { kind: 'approve', by: cab };

/** The way of an honest change, which half of the histories end with or are. */
export const honestWay: readonly Event[] = [show, agree];

export const histories: Arbitrary<readonly Event[]> = oneof(
  constantFrom(honestWay),
  array(event, { maxLength: 6 }),
  array(event, { maxLength: 4 }).map((events) => [...events, ...honestWay]),
  array(event, { minLength: 1, maxLength: 2 }).map((events) => [...honestWay, ...events]),
);

interface Stand {
  readonly version: number;
  readonly shown: number | null;
  /** Who agreed, to which version. */
  readonly agreed: ReadonlyMap<Login, number>;
  readonly vetoed: ReadonlySet<Login>;
  readonly pushed: ReadonlySet<Login>;
}

const start: Stand = {
  version: 0,
  shown: null,
  agreed: new Map(),
  vetoed: new Set(),
  pushed: new Set(['r-okafor']),
};

function after(stand: Stand, happened: Event): Stand {
  switch (happened.kind) {
    case 'show':
      return { ...stand, shown: stand.version };
    case 'approve':
      return approvedBy(stand, happened.by);
    case 'veto':
      return {
        ...stand,
        vetoed: new Set([...stand.vetoed, happened.by]),
        agreed: without(stand.agreed, happened.by),
      };
    case 'dismiss':
      return { ...stand, agreed: without(stand.agreed, happened.by) };
    case 'push':
      return { ...stand, version: stand.version + 1, pushed: new Set([...stand.pushed, happened.by]) };
    case 'say':
    case 'base':
      return stand;
  }
}

/** Only of what was on show, as it is now. Whoever agrees takes an own veto back. */
function approvedBy(stand: Stand, by: readonly Login[]): Stand {
  const vetoed = new Set([...stand.vetoed].filter((login) => !by.includes(login)));
  return stand.shown === stand.version
    ? {
        ...stand,
        vetoed,
        agreed: new Map([...stand.agreed, ...by.map((login) => [login, stand.version] as const)]),
      }
    : { ...stand, vetoed };
}

function without(agreed: Stand['agreed'], login: Login): Stand['agreed'] {
  return new Map([...agreed].filter(([one]) => one !== login));
}

/** Whether enough people have agreed to what stands there now. Necessary, not sufficient: the risk may ask for more. */
export function mayBeAllowed(events: readonly Event[]): boolean {
  const { version, agreed, vetoed, pushed } = events.reduce(after, start);
  const counted = [...agreed]
    .filter(([login, of]) => of === version && cab.includes(login) && !pushed.has(login))
    .map(([login]) => login);
  return vetoed.size === 0 && counted.length >= 3 && counted.includes('s-haddad');
}
