import { describe, expect, it } from 'vitest';
import { compareLive, isOnlyPending } from '../../../scripts/release/live/compare-live.ts';
import type { JsonObject, ResourceChange, StackPlan } from '../../../scripts/plan/types.ts';
import { aChange, aPlan } from '../../builders/plan.ts';

const address = 'cloudflare_zone_dnssec.it';

function planOf(...changes: readonly ResourceChange[]): StackPlan {
  const [stack] = aPlan().updating('cloudflare_dns_record.www').build().stacks;
  if (stack === undefined) {
    throw new Error('no stack');
  }
  return { ...stack, changes };
}

function update(before: JsonObject, after: JsonObject): ResourceChange {
  return aChange(address, ['update'], {
    before: { zone_id: 'z', ...before },
    after: { zone_id: 'z', ...after },
  });
}

describe('a live plan of DNSSEC that nobody approved', () => {
  it.each([
    ['pending', 'active', 'inside'],
    ['pending-disabled', 'disabled', 'inside'],
    ['disabled', 'active', 'deviates'],
    ['active', 'disabled', 'deviates'],
    ['error', 'active', 'deviates'],
    ['pending', 'disabled', 'deviates'],
  ])('from %s to %s: %s', (before, after, verdict) => {
    const live = update({ status: before }, { status: after });
    expect(compareLive(planOf(), planOf(live)).verdict).toBe(verdict);
    expect(isOnlyPending(live)).toBe(verdict === 'inside');
  });

  it('deviates when something else would change with it', () => {
    const live = update(
      { status: 'pending', dnssec_presigned: false },
      { status: 'active', dnssec_presigned: true },
    );
    expect(compareLive(planOf(), planOf(live)).verdict).toBe('deviates');
  });
});

describe('an approved change of DNSSEC', () => {
  const off = update({ status: 'active' }, { status: 'disabled' });

  it.each(['active', 'pending'])('may start while Cloudflare reports %s', (before) => {
    expect(
      compareLive(planOf(off), planOf(update({ status: before }, { status: 'disabled' }))),
    ).toMatchObject({
      verdict: 'inside',
    });
  });

  it('may not start from anything else', () => {
    const live = update({ status: 'error' }, { status: 'disabled' });
    expect(compareLive(planOf(off), planOf(live)).verdict).toBe('deviates');
  });

  it('may take away what is still pending, and nothing that is something else', () => {
    const gone = (status: string): ResourceChange =>
      aChange(address, ['delete'], { before: { zone_id: 'z', status } });
    expect(compareLive(planOf(gone('active')), planOf(gone('pending'))).verdict).toBe('inside');
    expect(compareLive(planOf(gone('active')), planOf(gone('disabled'))).verdict).toBe('deviates');
  });
});

describe('the deletion of what Cloudflare keeps', () => {
  const gone = (value: string): ResourceChange =>
    aChange('cloudflare_zone_setting.hints', ['delete'], {
      before: { zone_id: 'z', setting_id: 'early_hints', value },
    });

  it('is inside when it was approved as one, and only then', () => {
    expect(compareLive(planOf(gone('on')), planOf(gone('on'))).verdict).toBe('inside');
    expect(compareLive(planOf(gone('on')), planOf(gone('off'))).verdict).toBe('deviates');
    expect(compareLive(planOf(), planOf(gone('on'))).deviations).toMatchObject([{ kind: 'forget' }]);
  });
});
