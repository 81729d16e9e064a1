import { describe, expect, it } from 'vitest';
import { withWrittenKeys } from '../../scripts/release/addresses.ts';
import { completeEntry } from '../../scripts/release/entry.ts';
import { LedgerBuilder, recordsBundle } from './ledger-builder.ts';

const stack = 'acme-production';
const secret = 'dG9rZW4tb2YtdGhlLXJlbGVhc2U';

/** What the entry of a release keeps of what Terraform said. */
function kept(said: { readonly address: string | null; readonly summary: string }) {
  const builder = new LedgerBuilder();
  const bundle = recordsBundle(stack, { www: '192.0.2.1' });
  const intent = builder.begin({ bundle });
  const entry = completeEntry(
    {
      intent,
      bundle,
      plan: null,
      record: null,
      finishedAt: builder.at,
      terraform: 'terraform 1.11.4',
      result: 'failed',
      applied: {
        ok: false,
        completed: [{ address: said.address ?? '', action: 'create', seconds: 1 }],
        errors: [{ ...said, detail: `the response was ${secret}` }],
      },
      converged: null,
      probes: [],
      pending: [],
      unread: [],
    },
    [],
    builder.read(),
  );
  return { errors: entry.errors, completed: entry.completed, text: JSON.stringify(entry) };
}

describe('the end of a release that failed at a key of for_each', () => {
  const address = `cloudflare_dns_record.www["${secret}"]`;

  it('names the block, and no key that was computed', () => {
    const { errors, completed, text } = kept({ address, summary: 'failed to make http request' });
    expect(errors).toEqual([
      { address: 'cloudflare_dns_record.www', summary: 'failed to make http request' },
    ]);
    expect(completed).toEqual([{ address: 'cloudflare_dns_record.www', action: 'create' }]);
    expect(text).not.toContain(secret);
  });

  it.each([
    `${address} already exists`,
    `value "${secret}" refused`,
    `refused ${secret}`,
    `token=${secret}`,
    '203.0.113.7 is taken',
    'line one\nline two',
  ])('has text of ours in place of %j', (summary) => {
    const { errors, text } = kept({ address: null, summary });
    expect(errors).toEqual([
      { address: null, summary: 'Terraform reported an error; its words are in the log of the run' },
    ]);
    expect(text).not.toContain(secret);
  });

  it.each([
    'Error in function call',
    'Provider produced inconsistent result after apply',
    'Terraform ended before it reported the result of this create',
    'Terraform could not save the state and left it in errored.tfstate',
    'Terraform was ended by a signal (SIGKILL)',
    'Terraform ended with status 1',
    "Can't access attributes on a primitive-typed value (number)",
  ])('keeps the sentence %j', (summary) => {
    expect(kept({ address, summary }).errors[0]?.summary).toBe(summary);
  });
});

describe('a key of an instance', () => {
  it.each([
    ['cloudflare_zone.a["www"]', 'cloudflare_zone.a["www"]'],
    ['cloudflare_zone.a[3]', 'cloudflare_zone.a[3]'],
    ['cloudflare_zone.a["x-computed"]', 'cloudflare_zone.a'],
    ['cloudflare_zone.a[1234567890123]', 'cloudflare_zone.a'],
    ['module.m["www"].cloudflare_zone.a["no"]', 'module.m["www"].cloudflare_zone.a'],
    ['no address', null],
    [null, null],
  ])('stays where the bundle has it: %j is %j', (address, shown) => {
    expect(withWrittenKeys(address, '{"for_each":"${toset([\\"www\\"])}"}')).toBe(shown);
  });
});
