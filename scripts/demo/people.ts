/** The people of the example roster who take part, with their accounts on the local GitHub. */
export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  /** Number of the account, as the roster has it. */
  readonly account: number;
}

const roster: readonly (readonly [string, string, number])[] = [
  ['r.okafor', 'Ruth Okafor', 1001],
  ['m.lind', 'Mats Lind', 1002],
  ['s.haddad', 'Samir Haddad', 1003],
  ['j.novak', 'Jana Novak', 1004],
  ['p.iyer', 'Priya Iyer', 1005],
  ['t.berg', 'Tove Berg', 1006],
  ['a.marsh', 'Alan Marsh', 1007],
  ['c.ortiz', 'Carla Ortiz', 1009],
];

export const people: readonly DemoPerson[] = roster.map(([id, name, account]) => ({
  id,
  name,
  login: id.replace('.', '-'),
  account,
}));

/** The account that runs Sluice: publishes verdicts, never reviews. */
export const robot = { login: 'sluice-bot', name: 'Sluice', account: 9_007_199_254_740_991 } as const;

export function person(id: string): DemoPerson {
  const found = people.find((candidate) => candidate.id === id);
  if (found === undefined) {
    throw new Error(`the demo has no person ${id}`);
  }
  return found;
}
