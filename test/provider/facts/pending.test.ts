import { describe, expect, it } from 'vitest';
import { cloudflareSource } from '../../../scripts/provider/facts.ts';
import { asConfigured, isOnTheWay, pendingStates } from '../../../scripts/provider/pending.ts';
import { providerTypes } from '../../../scripts/provider/types.ts';

const dnssec = { type: 'cloudflare_zone_dnssec', provider: cloudflareSource };

describe('a value on the way', () => {
  it.each([
    ['active', 'pending', true],
    ['disabled', 'pending-disabled', true],
    ['active', 'disabled', false],
    ['active', 'error', false],
    ['disabled', 'pending', false],
    ['active', 'active', false],
  ])('of %s: %s', (wanted, reported, isPending) => {
    expect(isOnTheWay(dnssec, 'status', { wanted, reported })).toBe(isPending);
  });

  it('is known of no other provider, path or name of the language', () => {
    const values = { wanted: 'active', reported: 'pending' };
    expect(isOnTheWay({ ...dnssec, provider: 'registry.terraform.io/x/cloudflare' }, 'status', values)).toBe(
      false,
    );
    expect(isOnTheWay(dnssec, 'flags', values)).toBe(false);
    expect(isOnTheWay(dnssec, 'constructor', values)).toBe(false);
    expect(isOnTheWay(dnssec, 'status', { wanted: 'toString', reported: 'pending' })).toBe(false);
  });

  it('counts as what is configured, and nothing else of the object does', () => {
    const reported = { status: 'pending', flags: 257 };
    expect(asConfigured(dnssec, { status: 'active', flags: 1 }, reported)).toEqual({
      status: 'active',
      flags: 257,
    });
    expect(asConfigured(dnssec, { status: 'disabled' }, reported)).toBe(reported);
    expect(asConfigured(dnssec, null, reported)).toBe(reported);
  });

  const states = providerTypes().flatMap(([type, { behaviour }]) =>
    Object.entries(behaviour?.onTheWay ?? {}).map(([path, values]) => ({ type, path, values })),
  );

  it.each(states)('is found in $type at $path, and no other value is', ({ type, path, values }) => {
    const about = { address: `${type}.x`, type, provider: cloudflareSource };
    for (const value of values) {
      expect(pendingStates(about, nested(path, value))).toEqual([
        { address: about.address, path, reported: value, wanted: null },
      ]);
    }
    expect(pendingStates(about, nested(path, 'active'))).toEqual([]);
    expect(pendingStates(about, {})).toEqual([]);
  });
});

/** An object with one value at a path like `a.b[].c`. */
function nested(path: string, value: string): Record<string, never> {
  const inside = path
    .split('.')
    .toReversed()
    .reduce<unknown>(
      (inner, step) => ({ [step.replace('[]', '')]: step.endsWith('[]') ? [inner] : inner }),
      value,
    );
  return inside as Record<string, never>;
}
