/**
 * What the schemas of the policy files cannot say: that ids are unique, that a person who is named exists, that a period
 * ends after it starts, that a higher risk never needs fewer people. Each problem is shown at its place in the file.
 */
import type { Calendar } from '../../../policies/model/calendar.ts';
import type { Catalogue, Quorum, QuorumLevel, Roster, RosterPerson } from '../../../policies/model/facts.ts';
import type { Diagnostic } from '../../plan/types.ts';
import type { LocatedDocument } from '../document.ts';
import type { DocumentProblem } from '../record/probes.ts';
import { freezeProblems } from './times.ts';

/** The longest life of a catalogue entry, in days: a pre-approval is looked at again within a year. */
const maxEntryDays = 366;
const dayMs = 86_400_000;

function located(document: LocatedDocument, problems: readonly DocumentProblem[]): readonly Diagnostic[] {
  return problems.map(({ pointer, ...rest }) => ({ location: document.locate(pointer), ...rest }));
}

/** Duplicate people, accounts that belong to two people, periods that end before they start, deputies who do not exist. */
export function rosterProblems(roster: Roster, document: LocatedDocument): readonly Diagnostic[] {
  const ids = new Set(roster.people.map((person) => person.id));
  return located(document, [
    ...duplicatePeople(roster),
    ...duplicateAccounts(roster),
    ...roster.people.flatMap((person, index) => [
      ...seatProblems(person, `/people/${index}`),
      ...delegationProblems(person, `/people/${index}`, ids),
    ]),
  ]);
}

function duplicatePeople(roster: Roster): readonly DocumentProblem[] {
  const first = new Map<string, number>();
  return roster.people.flatMap((person, index) => {
    const earlier = first.get(person.id);
    first.set(person.id, earlier ?? index);
    return earlier === undefined
      ? []
      : [
          {
            pointer: `/people/${index}/id`,
            message: `person ${person.id} is on the roster twice`,
            expected: 'every person once, with all accounts and seats in one entry',
            found: `${person.id}, also person ${earlier + 1} of the list`,
            fix: 'merge the two entries, or give the second person an id of their own',
          },
        ];
  });
}

function duplicateAccounts(roster: Roster): readonly DocumentProblem[] {
  const owner = new Map<number, string>();
  return roster.people.flatMap((person, index) =>
    person.accounts.flatMap((account, at) => {
      const other = owner.get(account);
      owner.set(account, other ?? person.id);
      return other === undefined || other === person.id
        ? []
        : [
            {
              pointer: `/people/${index}/accounts/${at}`,
              message: `account ${account} belongs to two people`,
              expected: 'an account of one person only: a review by it must be the voice of one',
              found: `${other} and ${person.id}`,
              fix: `look the number up (gh api user/${account}) and remove it from the wrong person`,
            },
          ];
    }),
  );
}

function seatProblems(person: RosterPerson, at: string): readonly DocumentProblem[] {
  return person.seats.flatMap((seat, index) =>
    seat.to === undefined || seat.from < seat.to
      ? []
      : [
          {
            pointer: `${at}/seats/${index}/to`,
            message: `the ${seat.seat} seat of ${person.id} ends before it starts`,
            expected: `a date after ${seat.from}`,
            found: seat.to,
            fix: 'correct the dates; a seat counts from `from` until before `to`',
          },
        ],
  );
}

function delegationProblems(
  person: RosterPerson,
  at: string,
  ids: ReadonlySet<string>,
): readonly DocumentProblem[] {
  const delegations = person.delegations ?? [];
  return delegations.flatMap((delegation, index) => {
    const pointer = `${at}/delegations/${index}`;
    const problems: DocumentProblem[] = [];
    if (!ids.has(delegation.to) || delegation.to === person.id) {
      problems.push({
        pointer: `${pointer}/to`,
        message: `${person.id} delegates to ${delegation.to}, who cannot be the deputy`,
        expected: 'the id of another person of the roster',
        found: delegation.to,
        fix: 'name a deputy who is on the roster',
      });
    }
    if (delegation.from >= delegation.until) {
      problems.push({
        pointer: `${pointer}/until`,
        message: `the delegation of ${person.id} ends before it starts`,
        expected: `a date after ${delegation.from}`,
        found: delegation.until,
        fix: 'correct the dates; a delegation counts from `from` until before `until`',
      });
    }
    if (!person.seats.some((seat) => seat.seat === delegation.seat)) {
      problems.push({
        pointer: `${pointer}/seat`,
        message: `${person.id} delegates a seat that is not theirs`,
        expected: `one of ${person.seats.map((seat) => seat.seat).join(', ') || 'no seat at all'}`,
        found: delegation.seat,
        fix: 'delegate a seat that the person holds, or give them the seat first',
      });
    }
    const clash = delegations.findIndex(
      (other, earlier) =>
        earlier < index &&
        other.seat === delegation.seat &&
        other.from < delegation.until &&
        delegation.from < other.until,
    );
    if (clash !== -1) {
      problems.push({
        pointer,
        message: `${person.id} delegates the ${delegation.seat} seat to two people at once`,
        expected: 'one deputy at a time: a seat has one voice',
        found: `overlaps delegation ${clash + 1}`,
        fix: 'end one delegation before the other starts',
      });
    }
    return problems;
  });
}

const risingLevels = ['low', 'medium', 'high', 'critical'] as const;

/** Levels without a person, seats that do not fit in the number of approvals, and a higher risk that needs fewer people. */
export function quorumProblems(quorum: Quorum, document: LocatedDocument): readonly Diagnostic[] {
  const problems: DocumentProblem[] = [];
  for (const name of [...risingLevels, 'emergency'] as const) {
    const level = quorum[name];
    const least = Math.max(1, level.seats.length + (level.cabShare?.minimum ?? 0));
    if (level.approvals < least) {
      problems.push({
        pointer: `/${name}/approvals`,
        message: `the ${name} quorum asks for fewer approvals than it has seats`,
        expected: `at least ${least}`,
        found: String(level.approvals),
        fix: 'raise `approvals`: every seat is filled by another person, and only a standard change needs none',
      });
    }
    problems.push(...shareProblems(name, level));
  }
  for (const [index, name] of risingLevels.entries()) {
    const below = risingLevels[index - 1];
    if (below !== undefined && quorum[name].approvals < quorum[below].approvals) {
      problems.push({
        pointer: `/${name}/approvals`,
        message: `${name} risk needs fewer approvals than ${below}`,
        expected: `at least ${quorum[below].approvals}`,
        found: String(quorum[name].approvals),
        fix: 'a higher risk never needs fewer people',
      });
    }
  }
  return located(document, problems);
}

function shareProblems(name: string, level: QuorumLevel): readonly DocumentProblem[] {
  const share = level.cabShare;
  return share === undefined || share.numerator <= share.denominator
    ? []
    : [
        {
          pointer: `/${name}/cabShare`,
          message: `the ${name} quorum asks for more than the whole CAB`,
          expected: 'a fraction of at most 1',
          found: `${share.numerator}/${share.denominator}`,
          fix: 'swap numerator and denominator, or lower the numerator',
        },
      ];
}

/** Freezes that end before they start or never come, and freezes that share an id. */
export function calendarProblems(calendar: Calendar, document: LocatedDocument): readonly Diagnostic[] {
  const times = freezeProblems(calendar.freezes, '/freezes');
  const ids = calendar.freezes.flatMap((_, index) =>
    duplicateId('freeze', calendar.freezes, index, '/freezes'),
  );
  return located(document, [...times, ...ids]);
}

function duplicateId(
  what: string,
  list: readonly { readonly id: string }[],
  index: number,
  at: string,
): readonly DocumentProblem[] {
  const id = list[index]?.id;
  const first = list.findIndex((other) => other.id === id);
  return id === undefined || first === index
    ? []
    : [
        {
          pointer: `${at}/${index}/id`,
          message: `${what} ${id} is defined twice`,
          expected: 'an id of its own',
          found: `${id}, also number ${first + 1} of the list`,
          fix: 'rename or remove one of the two',
        },
      ];
}

/** Entries that never end, that nobody on the board approved, that share an id, or whose scope contradicts itself. */
export function catalogueProblems(
  catalogue: Catalogue,
  document: LocatedDocument,
  roster: Roster | null,
): readonly Diagnostic[] {
  const problems = catalogue.entries.flatMap((entry, index): readonly DocumentProblem[] => {
    const at = `/entries/${index}`;
    return [
      ...duplicateId('entry', catalogue.entries, index, '/entries'),
      ...lifeProblems(entry, at),
      ...scopeProblems(entry, at),
      ...freedomProblems(entry, at),
      ...(roster === null ? [] : personProblems(entry, at, roster)),
    ];
  });
  return located(document, problems);
}

type PolicyEntry = Catalogue['entries'][number];

function lifeProblems(entry: PolicyEntry, at: string): readonly DocumentProblem[] {
  const days = (Date.parse(entry.expiresAt) - Date.parse(entry.approvedAt)) / dayMs;
  return days > 0 && days <= maxEntryDays
    ? []
    : [
        {
          pointer: `${at}/expiresAt`,
          message: `entry ${entry.id} does not end within a year of its approval`,
          expected: `after ${entry.approvedAt}, by at most ${maxEntryDays} days`,
          found: entry.expiresAt,
          fix: 'set an earlier end; the CAB approves the entry again before then',
        },
      ];
}

function scopeProblems(entry: PolicyEntry, at: string): readonly DocumentProblem[] {
  const { resourceTypes, actions, maxChanges, providerPatch } = entry.scope;
  const hasResources = resourceTypes.length > 0 && actions.length > 0 && maxChanges > 0;
  const hasNone = resourceTypes.length === 0 && actions.length === 0 && maxChanges === 0;
  return hasResources || (providerPatch && hasNone)
    ? []
    : [
        {
          pointer: `${at}/scope`,
          message: `the scope of ${entry.id} allows nothing, or does not say what`,
          expected: 'resourceTypes, actions and maxChanges together, or none of them with providerPatch',
          found: `${resourceTypes.length} types, ${actions.length} actions, maxChanges ${maxChanges}`,
          fix: 'complete the scope, or retire the entry',
        },
      ];
}

/** An attribute without a pattern may become anything without an approval: somebody must have wanted that. */
function freedomProblems({ id, scope }: PolicyEntry, at: string): readonly DocumentProblem[] {
  const { attributes, actions, values = {}, valuesIfSet = {}, free = [] } = scope;
  const bound = new Set([...Object.keys(values), ...Object.keys(valuesIfSet), ...free]);
  const unbound = attributes.filter((attribute) => !bound.has(attribute));
  const isEmpty = attributes.length === 0 && actions.some((action) => action !== 'delete');
  return unbound.length === 0 && !isEmpty
    ? []
    : [
        {
          pointer: `${at}/scope/attributes`,
          message: `the scope of ${id} does not say what its attributes may be`,
          expected: 'attributes, each with a pattern in `values` or `valuesIfSet`, or named in `free`',
          found: isEmpty ? 'no attributes' : unbound.join(', '),
          fix: 'give each attribute a pattern; put it in `free` only if no value of it can do harm',
        },
      ];
}

function personProblems(entry: PolicyEntry, at: string, roster: Roster): readonly DocumentProblem[] {
  const approver = roster.people.find((person) => person.id === entry.approvedBy);
  const isBoard = approver?.seats.some(({ seat }) => seat === 'cab' || seat === 'change-manager') ?? false;
  const problems: DocumentProblem[] = [];
  if (!isBoard) {
    problems.push({
      pointer: `${at}/approvedBy`,
      message: `entry ${entry.id} was not approved by someone of the CAB`,
      expected: 'the id of a person of the roster with a cab or change-manager seat',
      found: entry.approvedBy,
      fix: 'let the CAB approve the entry, and name who did',
    });
  }
  if (!roster.people.some((person) => person.id === entry.owner)) {
    problems.push({
      pointer: `${at}/owner`,
      message: `the owner of entry ${entry.id} is not on the roster`,
      expected: 'the id of a person of the roster',
      found: entry.owner,
      fix: 'name an owner who is on the roster',
    });
  }
  return problems;
}
