import { describe, expect, it } from 'vitest';
import type { Probe } from '../../policies/model/record.ts';
import type { ProbeResult } from '../../scripts/contract/ports.ts';
import { failedProbes, isDue, recordedProbe } from '../../scripts/release/probes.ts';

const health: Probe = { name: 'p', url: 'https://shop.example/', expectStatus: 200 };
const own: Probe = { ...health, expectBefore: 'fails' };
const good: ProbeResult = { name: 'p', ok: true, detail: 'answered 200', ms: 1 };
const bad: ProbeResult = { name: 'p', ok: false, detail: 'answered 500', ms: 1 };

describe('a probe after the release', () => {
  it.each<[string, Probe, ProbeResult | null, ProbeResult, boolean]>([
    ['that passes', health, good, good, false],
    ['that passed before and fails', health, good, bad, true],
    ['that failed before and fails', health, bad, bad, false],
    ['that failed before and passes', health, bad, good, false],
    ['of what the change brings that still fails', own, bad, bad, true],
    ['of what the change brings that passed before and fails', own, good, bad, true],
    ['of what the change brings that passes', own, bad, good, false],
    ['that nobody made before, and fails', health, null, bad, true],
  ])('%s', (...[, probe, before, after, isBlamed]) => {
    expect(failedProbes([recordedProbe(probe, before, after)])).toHaveLength(isBlamed ? 1 : 0);
  });

  it('is kept with what it found before', () => {
    expect(recordedProbe(health, bad, bad)).toEqual({
      ...bad,
      before: { ok: false, detail: 'answered 500', ms: 1 },
      counts: false,
    });
  });
});

describe('a probe is made', () => {
  const all = ['staging', 'production'];
  const due = (probe: Probe, ...released: readonly string[]): boolean =>
    isDue(probe, { released: new Set(released), all });

  it('after every wave, of what the change brings after the last, of named stacks once they are released', () => {
    expect([due(health, 'staging'), due(own, 'staging'), due(own, ...all)]).toEqual([true, false, true]);
    const named: Probe = { ...own, stacks: ['production'] };
    expect([due(named, 'staging'), due(named, 'production')]).toEqual([false, true]);
  });
});
