/** Texts of records as their rules read them, and the order in which losses are told. */
import { expect, it } from 'vitest';
import { dnsLosses, recordsOf, txtOf } from '../../../../policies/reading/dns/records.ts';
import { indexPlan } from '../../../../policies/reading/plan-index.ts';
import { aChange, aDnsRecord, aPlan } from '../../../builders/plan.ts';

it.each([
  ['v=spf1 -all', 'v=spf1 -all'],
  ['"v=spf1 -all"', 'v=spf1 -all'],
  ['"v=spf1 include:a.example" " -all"', 'v=spf1 include:a.example -all'],
  ['"v=spf1 include:a" \t ".example -all"', 'v=spf1 include:a.example -all'],
  ['"v=spf1 include:a"".example -all"', 'v=spf1 include:a.example -all'],
  ['  v=spf1 -all ', 'v=spf1 -all'],
  ['${var.spf}', null],
])('the text %s reads %s', (content, expected) => {
  const text = aChange('cloudflare_dns_record.it', ['create'], {
    after: aDnsRecord({ type: 'txt', content }),
  });
  expect(txtOf(text, 'after')).toBe(expected);
});

it('a record of another type has no text, whatever its content', () => {
  const address = aChange('cloudflare_dns_record.it', ['create'], { after: aDnsRecord() });
  expect(txtOf(address, 'after')).toBeNull();
});

it('losses come in the order of their addresses, each with what takes its place in the same stack', () => {
  const caa = (name: string) => aDnsRecord({ type: 'CAA', name });
  const plan = aPlan()
    .deleting('cloudflare_dns_record.b', caa('b.shop.example'))
    .deleting('cloudflare_dns_record.a', caa('a.shop.example'))
    .creating('cloudflare_dns_record.c', caa('b.shop.example'))
    .inStack('acme-staging')
    .creating('cloudflare_dns_record.d', caa('a.shop.example'))
    .build();
  const { lost, unchanged: kept } = dnsLosses(indexPlan(plan), 'CAA', (change, side) =>
    recordsOf(change, side, 'CAA'),
  );
  expect(lost.map(({ change, successor }) => [change.address, successor])).toEqual([
    ['cloudflare_dns_record.a', null],
    ['cloudflare_dns_record.b', 'cloudflare_dns_record.c'],
  ]);
  expect(kept.map(({ address }) => address)).toEqual(['cloudflare_dns_record.c', 'cloudflare_dns_record.d']);
});
