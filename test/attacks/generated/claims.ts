/** What an author may write into a change record to get through with less than it takes. */
import { constantFrom, type Arbitrary } from 'fast-check';
import { withProposal, type Ingredient } from './draft.ts';

interface Claim {
  readonly name: string;
  readonly hostile: boolean;
  readonly edit: (text: string) => string;
}

const line =
  (from: string, to: string): Claim['edit'] =>
  (text) => {
    if (!text.includes(from)) {
      throw new Error(`the record has no "${from}"`);
    }
    return text.replace(from, to);
  };
const more =
  (text: string): Claim['edit'] =>
  (record) =>
    `${record}${text}\n`;

const claims: readonly Claim[] = [
  { name: 'a standard change', hostile: true, edit: line('type: normal', 'type: standard') },
  { name: 'an emergency', hostile: true, edit: line('type: normal', 'type: emergency') },
  { name: 'another stack', hostile: true, edit: line('stacks: [acme-production]', 'stacks: [acme-staging]') },
  { name: 'no stack', hostile: true, edit: line('stacks: [acme-production]', 'stacks: []') },
  { name: 'another client', hostile: true, edit: line('client: acme', 'client: borough') },
  { name: 'an unknown dependency', hostile: true, edit: more('dependsOn: [CHG-2026-0999]') },
  { name: 'a retry of nothing', hostile: true, edit: more('retryOf: CHG-2026-0999') },
  { name: 'approvals of its own', hostile: true, edit: more('approvedBy: [s.haddad, j.novak, p.iyer]') },
  { name: 'an outcome in advance', hostile: true, edit: more('outcome: { result: successful }') },
  {
    name: 'a waiver that nobody gave',
    hostile: true,
    edit: more('waivers: [{ rule: "*", reason: "It is fine, it is fine, it is fine." }]'),
  },
  {
    name: 'another id',
    hostile: true,
    edit: (text) => text.replace(/^id: CHG-2026-\d+/m, 'id: CHG-2026-0888'),
  },
  { name: 'a key twice', hostile: true, edit: more('type: standard') },
  {
    name: 'a tag of another language',
    hostile: true,
    edit: line('type: normal', 'type: !!js/undefined normal'),
  },
  {
    name: 'invisible characters',
    hostile: true,
    edit: (text) => text.replace(/^title: (.*)$/m, 'title: "$1\\u200b\\u202egnihton"'),
  },
  {
    name: 'an implementer on no roster',
    hostile: true,
    edit: line('implementer: r.okafor', 'implementer: n.obody'),
  },
  {
    name: 'a window long gone',
    hostile: true,
    edit: (text) => text.replace(/plannedEnd: .*/, 'plannedEnd: 2020-01-01T00:00:00Z'),
  },
  { name: 'a risk that is declared low', hostile: false, edit: (text) => text },
  { name: 'a risk that is declared high', hostile: false, edit: line('declared: low', 'declared: high') },
  {
    name: 'another title',
    hostile: false,
    edit: (text) => text.replace(/^title: .*$/m, 'title: Point the shop elsewhere'),
  },
  {
    name: 'a mention in the title',
    hostile: false,
    edit: (text) => text.replace(/^title: .*$/m, 'title: "@s-haddad ![x](http://x.example/) ::error::x"'),
  },
];

export const recordClaims: Arbitrary<Ingredient> = constantFrom(
  ...claims.map(({ name, hostile, edit }): Ingredient => ({
    name: `the record claims ${name}`,
    hostile,
    add: (draft) =>
      withProposal(draft, (proposal) => ({
        ...proposal,
        record: (text) => edit(proposal.record(text)),
      })),
  })),
);
