/**
 * What probes found before a release and after it, and what counts. A probe that failed before is not held against the change
 * when it fails after it too, unless the record says that it tests what the change brings (`expectBefore: fails`): such a
 * probe has to pass afterwards whatever it did before.
 */
import type { Probe } from '../../policies/model/record.ts';
import type { ProbeResult } from '../contract/ports.ts';

/** As the ledger has it. */
export interface RecordedProbe extends ProbeResult {
  /** The same question before the first apply of the run; left out where it was not asked, as for a rollback. */
  readonly before?: Omit<ProbeResult, 'name'>;
  /** It failed, and not by this change. */
  readonly counts?: false;
}

/** `before` is null where it was not asked. */
export function recordedProbe(probe: Probe, before: ProbeResult | null, after: ProbeResult): RecordedProbe {
  if (before === null) {
    return after;
  }
  const { name: _name, ...seen } = before;
  const isOlder = !after.ok && !before.ok && probe.expectBefore !== 'fails';
  return { ...after, before: seen, ...(isOlder ? { counts: false } : {}) };
}

/** Those that failed and count. */
export function failedProbes(probes: readonly RecordedProbe[]): readonly RecordedProbe[] {
  return probes.filter(({ ok, counts }) => !ok && counts !== false);
}

/**
 * Whether a probe says something yet: of named stacks when all of those are released, of what the change brings when all of
 * it is there, of anything else always.
 */
export function isDue(
  { stacks, expectBefore }: Probe,
  { released, all }: { readonly released: ReadonlySet<string>; readonly all: readonly string[] },
): boolean {
  const needed = stacks ?? (expectBefore === 'fails' ? all : []);
  return needed.every((stack) => released.has(stack));
}
