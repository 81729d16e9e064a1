/** Topics of `sluice help`: each is a part of a page of the documentation, which says it once. */

/** A page of the product and the headings of the parts that are shown; without headings all of it. */
interface TopicPart {
  readonly page: string;
  readonly headings?: readonly string[];
}

interface Topic {
  readonly brief: string;
  readonly parts: readonly TopicPart[];
  /** Commands that it is about. */
  readonly see: readonly string[];
}

export const topics: Readonly<Record<string, Topic>> = {
  change: {
    brief: 'from an edit to a pull request: plan, check, raise',
    parts: [{ page: 'scripts/change/README.md' }],
    see: ['plan', 'check', 'raise'],
  },
  record: {
    brief: 'what a change record says, what is computed, every field',
    parts: [
      {
        page: 'changes/README.md',
        headings: ['Writing one', 'What is needed when', 'What is computed', 'State'],
      },
    ],
    see: ['new', 'close', 'cancel', 'retry'],
  },
  risk: {
    brief: 'how the level of a change is computed, with thirty typical changes',
    parts: [{ page: 'policies/README.md', headings: ['Risk'] }],
    see: ['check'],
  },
  approvals: {
    brief: 'who must agree, what people say on a pull request, what counts',
    parts: [
      {
        page: 'policies/README.md',
        headings: ['Who must agree', 'What people say on a pull request', 'Waivers'],
      },
    ],
    see: ['who-can', 'raise', 'gate'],
  },
  windows: {
    brief: 'when a change may be released: windows, freezes, lead time',
    parts: [{ page: 'policies/README.md', headings: ['Windows and freezes'] }],
    see: ['schedule show', 'schedule next'],
  },
  emergency: {
    brief: 'what an emergency may do at once and owes afterwards',
    parts: [{ page: 'policies/README.md', headings: ['Emergencies'] }],
    see: ['new', 'who-can'],
  },
  standard: {
    brief: 'changes that were agreed to beforehand',
    parts: [{ page: 'policies/README.md', headings: ['Standard changes'] }],
    see: ['new', 'check'],
  },
  rules: {
    brief: 'what is refused: every rule, and rules of your own',
    parts: [
      {
        page: 'policies/README.md',
        headings: ['The rules', "Rules of an estate's own", 'How a rule answers'],
      },
    ],
    see: ['check', 'rule add'],
  },
  waf: {
    brief: 'explain, compare, lint and replay expressions and rules',
    parts: [{ page: 'scripts/waf/README.md' }],
    see: ['waf explain', 'waf lint', 'waf replay'],
  },
  traffic: {
    brief: 'recorded traffic and requests that must pass',
    parts: [{ page: 'policies/README.md', headings: ['Traffic'] }, { page: 'scripts/waf/traffic/README.md' }],
    see: ['waf replay', 'waf traffic import'],
  },
  release: {
    brief: 'what a release does, and what it needs from Cloudflare and GitHub',
    parts: [{ page: 'scripts/release/README.md' }],
    see: ['release', 'rehearse', 'baseline'],
  },
  rollback: {
    brief: 'how a release is undone, and one that broke off',
    parts: [{ page: 'scripts/release/README.md', headings: ['Undo a release'] }],
    see: ['rollback', 'rehearse'],
  },
  ledger: {
    brief: 'the record of releases: keys, proof, evidence',
    parts: [{ page: 'policies/README.md', headings: ['The ledger, its keys, and spent approvals'] }],
    see: ['ledger verify', 'ledger export'],
  },
  questions: {
    brief: 'what is open, planned, overdue; who may approve',
    parts: [{ page: 'scripts/questions/README.md' }],
    see: ['status', 'changes', 'show', 'who-can'],
  },
  estate: {
    brief: 'an estate of your own, all the way',
    parts: [
      { page: 'README.md', headings: ['Begin an estate of your own'] },
      { page: 'scripts/estate/README.md' },
    ],
    see: ['init', 'client add', 'doctor'],
  },
  sandbox: {
    brief: 'a local Cloudflare and a local GitHub',
    parts: [{ page: 'scripts/sandbox/README.md' }],
    see: ['sandbox edge', 'sandbox github'],
  },
  files: {
    brief: 'what a pull request may touch, and what is control',
    parts: [{ page: 'policies/README.md', headings: ['What a pull request may touch'] }],
    see: ['check', 'doctor'],
  },
  words: {
    brief: 'the words that Sluice uses',
    parts: [{ page: 'scripts/README.md', headings: ['Words'] }],
    see: [],
  },
  'exit-codes': {
    brief: 'what an exit code means and what to do then',
    parts: [{ page: 'scripts/contract/README.md' }],
    see: [],
  },
};
