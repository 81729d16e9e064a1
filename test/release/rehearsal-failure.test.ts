import { describe, expect, it } from 'vitest';
import { withoutKeys } from '../../scripts/release/addresses.ts';
import { failureReason } from '../../scripts/release/rehearsal-failure.ts';

describe('what is said of a rehearsal that failed', () => {
  it('is the step, what could not be done, and the blocks', () => {
    expect(failureReason('change', 'plan')).toBe('step "change" failed, Terraform could not plan it');
    expect(
      failureReason('roll-back', 'apply', ['cloudflare_zone.a["x"]', 'cloudflare_zone.a["y"]', null]),
    ).toBe('step "roll-back" failed, Terraform could not apply it: cloudflare_zone.a');
  });

  it('counts what it does not name', () => {
    const addresses = Array.from({ length: 8 }, (_, index) => `cloudflare_zone.z${String(index)}`);
    expect(failureReason('start', 'apply', addresses)).toMatch(/cloudflare_zone\.z4 and 3 more$/);
  });
});

describe('an address without its keys', () => {
  it.each([
    ['cloudflare_zone.a', 'cloudflare_zone.a'],
    ['cloudflare_zone.a[3]', 'cloudflare_zone.a'],
    ['cloudflare_zone.a["x"]', 'cloudflare_zone.a'],
    ['module.m["k"].data.cloudflare_zone.a[0]', 'module.m.data.cloudflare_zone.a'],
    [String.raw`cloudflare_zone.a["a\"].b[\"c"]`, 'cloudflare_zone.a'],
    ['cloudflare_zone.a["two\nlines"]', 'cloudflare_zone.a'],
    ['cloudflare_zone.a["]', null],
    ['cloudflare_zone.a["x"] and SECRET', null],
    ['cloudflare_zone.a[SECRET]', null],
    ['SECRET', null],
    ['', null],
    [null, null],
  ])('%j is %j', (address, block) => {
    expect(withoutKeys(address)).toBe(block);
  });
});
