/** Whether a catalogue entry may be used now: its status, its life, its uses, and what became of earlier uses. */
import { instantMs } from '../gate/instant.ts';
import type { CatalogueEntry, PastRelease, RuleInput } from '../model/facts.ts';

/**
 * What keeps an entry from being used now, and how often it was used since the CAB last approved it. A use is a change,
 * however many stacks it released; an id that is released again on the same stack is used again. A use that failed, was rolled back or caused an incident suspends the entry until
 * the CAB approves it again, with a later `approvedAt`; the change at hand is not an exception.
 */
export function entryProblems(
  entry: CatalogueEntry,
  input: RuleInput,
): { readonly problems: readonly string[]; readonly uses: number } {
  const now = instantMs(input.now);
  const approved = instantMs(entry.approvedAt);
  const expires = instantMs(entry.expiresAt);
  if (now === null || approved === null || expires === null) {
    return { problems: [`the dates of ${entry.id} cannot be read`], uses: 0 };
  }
  const problems = [...statusProblems(entry)];
  if (now < approved) {
    problems.push(`${entry.id} is approved only from ${entry.approvedAt}`);
  }
  if (now >= expires) {
    problems.push(`${entry.id} expired on ${entry.expiresAt}`);
  }
  const releases = input.history.filter((release) => isUse(release, entry, approved));
  const failure = releases.find(isFailure);
  if (failure !== undefined) {
    problems.push(
      `${entry.id} is suspended since ${failure.changeId} (${failureText(failure)}) on ${failure.at}`,
    );
  }
  const uses = countUses(releases);
  if (uses >= entry.maxUsesBeforeReview) {
    problems.push(
      `${entry.id} was used ${uses} times since its approval; it is due for review after ${entry.maxUsesBeforeReview}`,
    );
  }
  return { problems, uses };
}

/** Releases of one change on several stacks are one use; the stack it released most often says how many there were. */
function countUses(releases: readonly PastRelease[]): number {
  const perStack = new Map<string, Map<string, number>>();
  for (const { changeId, stack } of releases) {
    const stacks = perStack.get(changeId) ?? new Map<string, number>();
    stacks.set(stack, (stacks.get(stack) ?? 0) + 1);
    perStack.set(changeId, stacks);
  }
  return [...perStack.values()].reduce((sum, stacks) => sum + Math.max(...stacks.values()), 0);
}

function statusProblems(entry: CatalogueEntry): readonly string[] {
  switch (entry.status) {
    case 'active':
      return [];
    case 'suspended':
      return [`${entry.id} is suspended in the catalogue`];
    case 'retired':
      return [`${entry.id} is retired`];
    default:
      return [`${entry.id} has a status that is not known: ${String(entry.status satisfies never)}`];
  }
}

/** A release whose time cannot be read counts: leaving it out could hide a failure. */
function isUse(release: PastRelease, entry: CatalogueEntry, approved: number): boolean {
  const at = instantMs(release.at);
  return release.type === 'standard' && release.model === entry.id && (at === null || at >= approved);
}

function isFailure(release: PastRelease): boolean {
  if (release.kind === 'rollback' || release.causedIncidents.length > 0) {
    return true;
  }
  return release.result !== 'successful' && release.result !== 'successful-with-issues';
}

function failureText(release: PastRelease): string {
  const [incident] = release.causedIncidents;
  if (incident !== undefined) {
    return `caused ${incident.id}`;
  }
  return release.kind === 'rollback' ? 'rolled back' : release.result;
}
