/**
 * The slow oracle: who has agreed, worked out from the account itself, with the rules (section 4 of the reference and the
 * change policy) written down once more in the plainest way. It knows nothing of reviews, digests, facts or flows; it
 * tries every way of seating people.
 */
import type { Seat } from '../../../policies/model/seat.ts';
import type { RiskLevel } from '../../../policies/model/record.ts';
import type { Who } from '../world.ts';
import { headOf, rulebookOf } from './history.ts';
import type { Account, Said, Setting } from './history.ts';
import type { Person, Rulebook } from './rulebook.ts';

type Level = RiskLevel | 'standard' | 'emergency';

const lifetimeHours: Readonly<Record<Level, number>> = {
  standard: 336,
  low: 336,
  medium: 168,
  high: 120,
  critical: 72,
  emergency: 8,
};

/** The seats of the team itself: whoever has one can be the colleague that looks at a change. */
const teamSeats: ReadonlySet<Seat> = new Set(['engineer', 'change-manager', 'cab', 'ecab', 'security']);

/** A seat that somebody speaks for: their own, or that of `of`, whose deputy they are. */
interface Voice {
  readonly of: Person;
  readonly seat: Seat;
  readonly client: string;
}

/** Somebody whose agreement may be used for one seat. */
interface Candidate {
  readonly person: Person;
  readonly voices: readonly Voice[];
}

/** What a question is about. */
interface Question {
  readonly account: Account;
  readonly setting: Setting;
  readonly tookPart: ReadonlySet<Person>;
}

function ask(account: Account, setting: Setting): Question {
  return { account, setting, tookPart: tookPart(account, setting) };
}

/** Whether the change may go ahead, by the rules alone. */
export function mayGo(account: Account, setting: Setting): boolean {
  const question = ask(account, setting);
  const latest = latestOpinions(account);
  if (latest.some((said) => isStandingVeto(said, question)) || hasCommitOfNobody(account, setting)) {
    return false;
  }
  const agreed = latest.filter((said) => isGoodApproval(said, question));
  const candidates = agreed.map(({ by, at }) => ({
    person: personOf(by),
    voices: voicesAt(account, by, account.now).filter((voice) =>
      voicesAt(account, by, at).some((then) => isSameVoice(then, voice)),
    ),
  }));
  return canSeat(seatsFor(question), candidates, []);
}

/** What must hold beside the quorum before the merge: of the base branch, of this repository, ready, not mixed with rules. */
export function mayMerge(account: Account, setting: Setting): boolean {
  return account.base === 'main' && !account.draft && !setting.fork && !setting.policyFiles;
}

/** Whether all who took no part could fill the seats, if they only agreed. */
export function quorumExists(account: Account, setting: Setting): boolean {
  const question = ask(account, setting);
  const everybody = rulebookOf(account).entries.map(({ person }) => person);
  const free = everybody.filter((person) => !question.tookPart.has(person));
  const candidates = free.map((person) => ({ person, voices: voicesAt(account, person, account.now) }));
  return canSeat(seatsFor(question), candidates, []);
}

/** A commit whose author is nobody, and that the change manager has not taken on for exactly what is on show. */
export function hasCommitOfNobody(account: Account, setting: Setting): boolean {
  const { commits, effect, record } = headOf(account);
  const taken = account.waived.filter(
    (waiver) =>
      waiver.reason &&
      waiver.head === account.head &&
      waiver.effect === effect &&
      waiver.record === record &&
      areSameRules(account, waiver.rules, setting) &&
      isFreeChair(waiver, ask(account, setting)),
  );
  return commits.some(({ id, author }) => author === null && !taken.some(({ commit }) => commit === id));
}

/** One of the people, whatever the account. */
function personOf(who: Who): Person {
  return who === 'oseiSecond' ? 'osei' : who;
}

/** Author, requester, implementer, owner, who asked the bot, and all who pushed or have a part in a commit. */
function tookPart(account: Account, setting: Setting): ReadonlySet<Person> {
  const inCommits = headOf(account).commits.flatMap(({ author, committer, coAuthor }) => [
    author,
    committer,
    coAuthor,
  ]);
  const all = ['okafor' as const, 'lind' as const, ...account.pushers, ...inCommits];
  const persons = all.flatMap((who) => (who === null ? [] : [personOf(who)]));
  return new Set(setting.opener === 'bot for marsh' ? [...persons, 'marsh'] : persons);
}

/** The voices on that day by the roster as it is now: seats of one's own, and those of people one stands in for. */
function voicesAt(account: Account, who: Who, ms: number): readonly Voice[] {
  const me = personOf(who);
  const today = new Date(ms).toISOString().slice(0, 10);
  const { entries } = rulebookOf(account);
  if (!entries.some(({ person }) => person === me)) {
    return [];
  }
  const voices: Voice[] = [];
  for (const { person, places, deputies } of entries) {
    for (const { seat, client = '', from, to } of places) {
      const isHeld = from <= today && (to === undefined || today < to);
      const isDeputy = deputies.some(
        (each) => each.to === me && each.seat === seat && each.from <= today && today < each.until,
      );
      if (isHeld && (person === me || isDeputy)) {
        voices.push({ of: person, seat, client });
      }
    }
  }
  return voices;
}

function isSameVoice(a: Voice, b: Voice): boolean {
  return a.of === b.of && a.seat === b.seat && a.client === b.client;
}

/** The chair counts when it was theirs as they spoke and still is. */
function isFreeChair(
  { by, at }: { readonly by: Who; readonly at: number },
  { account, tookPart: took }: Question,
): boolean {
  const then = voicesAt(account, by, at);
  return (
    !took.has(personOf(by)) &&
    voicesAt(account, by, account.now).some(
      (voice) => voice.seat === 'change-manager' && then.some((held) => isSameVoice(held, voice)),
    )
  );
}

/** The last thing each person said that is more than a comment, dismissed or not. */
function latestOpinions(account: Account): readonly Said[] {
  const latest = new Map<Person, Said>();
  for (const said of account.said) {
    if (said.says !== 'COMMENTED') {
      latest.set(personOf(said.by), said);
    }
  }
  return [...latest.values()];
}

function isStandingVeto(said: Said, question: Question): boolean {
  const { by, at, dismissed } = said;
  const { account } = question;
  if (said.says !== 'CHANGES_REQUESTED') {
    return false;
  }
  const hasSeat = [at, account.now].some((ms) => voicesAt(account, by, ms).length > 0);
  if (!hasSeat || dismissed === null || dismissed.by === null) {
    return hasSeat;
  }
  const dismisser = { by: dismissed.by, at: dismissed.at };
  const isOwn = personOf(dismisser.by) === personOf(by);
  return !isOwn && !(dismissed.reason && isFreeChair(dismisser, question));
}

function isGoodApproval(said: Said, question: Question): boolean {
  const { account } = question;
  const level = levelOf(question);
  const hours = (account.now - said.at) / 3_600_000;
  const isUntouched = said.dismissed === null && said.editedAt === null;
  return (
    said.says === 'APPROVED' &&
    isUntouched &&
    !question.tookPart.has(personOf(said.by)) &&
    isForThis(said, question) &&
    hours <= lifetimeHours[level] &&
    (level !== 'critical' || said.typed)
  );
}

/** Whether it was said about what would happen now, into the branch it would happen in, after it was pushed. */
function isForThis(said: Said, question: Question): boolean {
  const { account, setting } = question;
  const { effect, record } = headOf(account);
  const isSameContent =
    said.effect === effect && said.record === record && areSameRules(account, said.rules, setting);
  const isTimely = said.head === account.head && said.at > account.headAt;
  return isSameContent && isTimely && said.base === account.base;
}

/** Whether what this change is judged by is the same as it was in another rulebook. */
function areSameRules(account: Account, then: number, setting: Setting): boolean {
  const book = account.rulebooks[then];
  return (
    book !== undefined &&
    JSON.stringify(rulesFor(book, setting)) === JSON.stringify(rulesFor(rulebookOf(account), setting))
  );
}

/** Only a standard change is judged by the catalogue; who is asked on behalf of another client only has no say in this one. */
function rulesFor({ entries, entryActive, edition }: Rulebook, { type }: Setting): object {
  const inRecord: ReadonlySet<Person> = new Set(['okafor', 'lind', 'haddad']);
  const first = entries.filter(
    ({ person, places }) =>
      inRecord.has(person) ||
      places.some(({ seat, client }) => seat !== 'client-approver' || client === 'acme'),
  );
  const deputies = new Set(first.flatMap((each) => each.deputies.map(({ to }) => to)));
  return {
    entries: entries.filter((each) => first.includes(each) || deputies.has(each.person)),
    entryActive: type === 'standard' && entryActive,
    edition,
  };
}

function levelOf(question: Question): Level {
  const { account, setting } = question;
  const isReclassified = account.reclassified.some((grant) => grant.reason && isFreeChair(grant, question));
  if (setting.type === 'emergency' && !isReclassified) {
    return 'emergency';
  }
  return setting.type === 'standard' && rulebookOf(account).entryActive ? 'standard' : setting.level;
}

type Wanted = Seat | 'peer';

function seatsFor(question: Question): readonly Wanted[] {
  const { setting } = question;
  const level = levelOf(question);
  const client: readonly Wanted[] = ['client-approver'];
  const asked = setting.clientAsked ? client : [];
  const seats: Readonly<Record<Level, readonly Wanted[]>> = {
    standard: [],
    low: ['engineer'],
    medium: [...asked, 'cab', 'peer'],
    high: [...asked, 'change-manager', 'cab', 'peer'],
    critical: [
      ...client,
      'service-delivery',
      ...Array.from({ length: boardSeats(question) }, (): Wanted => 'cab'),
    ],
    emergency: ['ecab'],
  };
  const isSecurityAsked = setting.flagged && level !== 'standard' && level !== 'emergency';
  return [
    ...(isSecurityAsked ? (['security'] as const) : []),
    ...(setting.policyFiles ? (['process-owner'] as const) : []),
    ...seats[level],
    ...(setting.opener === 'bot' ? (['peer'] as const) : []),
  ];
}

/** Two thirds of the board that may judge this change, rounded up, and never fewer than three. */
function boardSeats({ account, tookPart: took }: Question): number {
  const members = rulebookOf(account).entries.filter(
    ({ person }) =>
      !took.has(person) &&
      voicesAt(account, person, account.now).some(({ of, seat }) => of === person && seat === 'cab'),
  );
  return Math.max(3, members.length - Math.floor(members.length / 3));
}

/** Tries everybody in every seat: nobody in two, and no seat of one holder by them and by their deputy. */
function canSeat(
  seats: readonly Wanted[],
  candidates: readonly Candidate[],
  used: readonly Voice[],
): boolean {
  const [seat, ...others] = seats;
  if (seat === undefined) {
    return true;
  }
  return candidates.some((candidate) => {
    const rest = candidates.filter((other) => other !== candidate);
    if (seat === 'peer') {
      // A deputy is a colleague by a seat of their own or not at all.
      const isPeer = candidate.voices.some(
        (voice) => voice.of === candidate.person && teamSeats.has(voice.seat),
      );
      return isPeer && canSeat(others, rest, used);
    }
    return candidate.voices.some(
      (voice) =>
        voice.seat === seat &&
        voice.client === (seat === 'client-approver' ? 'acme' : '') &&
        !used.some((other) => isSameVoice(other, voice)) &&
        canSeat(others, rest, [...used, voice]),
    );
  });
}
