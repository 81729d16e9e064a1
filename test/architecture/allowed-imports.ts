/**
 * Who may import what. A file belongs to the row with the longest name that it lies in, or that is its own. What a row
 * does not name is refused, and a file without a row as well: a new folder below `scripts/` begins with its line here.
 *
 * `values` may be imported as they are, `types` only as types. `packages` are packages and node modules; `*` stands for
 * one part of a path.
 */
export interface Row {
  readonly values: readonly string[];
  readonly types: readonly string[];
  readonly packages: readonly string[];
}

const pureHash = 'node:crypto';
/** Everybody who reads what others wrote. */
const boundedReading = ['scripts/json/limits.ts', 'scripts/json/parse.ts'];
const result = 'scripts/json/result.ts';
/** What a person is told, and how a process ends. */
const endings = ['scripts/contract/errors.ts', 'scripts/contract/exit-codes.ts'];
/** What is written at GitHub and read back there. */
const shownThere = ['scripts/contract/check-name.ts', 'scripts/contract/looked-at.ts'];
/** What the edge does, as types: the constructs of a decision name it. */
const wafLayers = [
  'scripts/waf/language',
  'scripts/waf/evaluate',
  'scripts/waf/reason',
  'scripts/waf/rulesets',
  'scripts/waf/lint',
];

export const allowedImports: Readonly<Record<string, Row>> = {
  // The constructs are the product's; clients, estate and accounts the reference estate's, which the product does not import.
  'stacks/constructs': {
    values: [],
    types: [],
    packages: ['cdktf', 'constructs', '@cdktf/provider-cloudflare/lib/*/index.js'],
  },
  stacks: {
    values: ['cdktf.json', 'stacks/constructs'],
    types: [],
    packages: [],
  },

  // Pure: values, what is planned, what the provider does with it.
  'scripts/secrets': { values: [], types: [], packages: [] },
  'scripts/json': { values: [], types: ['scripts/plan'], packages: [pureHash] },
  'scripts/provider': { values: ['scripts/json', 'scripts/plan'], types: [], packages: [pureHash] },
  'scripts/plan': {
    values: ['scripts/json', 'scripts/provider', 'scripts/secrets'],
    types: [],
    packages: [pureHash, 'ajv/dist/2020.js'],
  },

  // Pure: the Rules language, from the text to what a ruleset does. Each layer knows the ones above it here.
  'scripts/waf/language': { values: [], types: [], packages: [] },
  'scripts/waf/evaluate': {
    values: ['scripts/waf/language', ...boundedReading],
    types: [result],
    packages: [pureHash, 're2js'],
  },
  'scripts/waf/reason': {
    values: ['scripts/waf/language', 'scripts/waf/evaluate'],
    types: [result],
    packages: [],
  },
  'scripts/waf/rulesets': {
    values: [
      'scripts/waf/language',
      'scripts/waf/evaluate',
      'scripts/waf/reason',
      'scripts/json',
      'scripts/plan/expression/parse.ts',
      // What Cloudflare gets of a text, the provider's facts say.
      'scripts/provider/facts.ts',
      'scripts/provider/ruleset-type.ts',
      'scripts/plan/typed.ts',
      // Which ref nobody gave decides which rule is which, in a plan and here.
      'scripts/plan/difference/rule-likeness.ts',
    ],
    types: ['scripts/plan'],
    packages: [],
  },
  'scripts/waf/lint': {
    values: [
      'scripts/waf/language',
      'scripts/waf/evaluate',
      'scripts/waf/reason',
      'scripts/waf/rulesets',
      'scripts/json',
      'scripts/plan/expression/parse.ts',
      'scripts/provider/ruleset-type.ts',
      'scripts/secrets',
    ],
    types: ['scripts/plan'],
    packages: [],
  },
  'scripts/waf/traffic': {
    values: ['scripts/json', 'scripts/waf/language', 'scripts/waf/evaluate', 'scripts/secrets'],
    types: ['scripts/plan'],
    packages: [pureHash],
  },
  'scripts/waf/replay': {
    values: [
      'scripts/waf/language',
      'scripts/waf/evaluate',
      'scripts/waf/reason',
      'scripts/waf/rulesets',
      'scripts/waf/traffic',
    ],
    types: ['scripts/plan'],
    packages: [pureHash],
  },

  // Pure: what is refused, what is released, what is known.
  'policies/schemas': { values: [], types: [], packages: [] },
  'policies/model': {
    values: [],
    types: ['policies', 'scripts/plan', 'scripts/provider', 'scripts/waf/lint', 'scripts/waf/replay'],
    packages: [],
  },
  // On which days something recurs: what registers are read with, and what decides.
  'policies/recurrence': {
    values: ['policies/gate/instant.ts'],
    types: ['policies/model'],
    // `node:module` loads the library where there is a rule to work out.
    packages: ['node:module', 'rrule-temporal'],
  },
  policies: {
    values: [
      'policies/model',
      'policies/recurrence',
      'scripts/json',
      'scripts/plan',
      'scripts/provider',
      ...wafLayers,
    ],
    types: ['scripts/waf/replay'],
    packages: [],
  },
  'scripts/release': {
    // What is read before a release is what its rollback sets again: one reading of it.
    values: [
      'scripts/json',
      'scripts/plan',
      'scripts/provider',
      'scripts/live/inquiry.ts',
      'scripts/live/retained.ts',
      // What a ledger notes of rules in log mode is read as everybody reads a ruleset.
      'scripts/waf/rulesets',
      'policies/model',
    ],
    types: ['scripts/contract/ports.ts', 'scripts/live'],
    packages: [pureHash],
  },
  // What is known of all changes, and the answers to questions about them.
  'scripts/questions': {
    values: ['policies', 'policies/model', 'policies/recurrence'],
    types: ['scripts/release'],
    packages: [],
  },
  // What is live, and what of it no state knows.
  'scripts/live': {
    // A line of Logpush is read in one way, whatever its dataset.
    values: ['scripts/json', 'scripts/plan', 'scripts/provider', 'scripts/waf/traffic/row.ts'],
    types: [],
    packages: [],
  },
  'scripts/read': {
    values: [
      'scripts/secrets',
      'scripts/json',
      'scripts/plan',
      'scripts/waf/language',
      'scripts/waf/evaluate',
      'scripts/waf/traffic',
      'policies/model',
      'policies/schemas',
      'policies/recurrence',
      'changes/record.schema.json',
      'stacks/clients/service.schema.json',
      'stacks/clients/traffic-cases.schema.json',
    ],
    types: [],
    packages: ['ajv/dist/2020.js', 'ajv-formats', 'yaml'],
  },
  // Texts of an estate: what follows from its registers, what the product writes into it.
  'scripts/estate': {
    // Where the data of an estate lies is one list.
    values: ['scripts/json', 'scripts/read', 'scripts/plan', 'policies/reading/places/places.ts'],
    types: ['policies/model'],
    packages: ['diff', 'yaml'],
  },
  // What may be asked for in a hurry, and the sources that it becomes.
  'scripts/emergency': { values: ['scripts/waf/language'], types: [], packages: [] },
  'scripts/render': {
    // Which changes are of a control, and which case is stopped, is for the policies to say: a second list could fall behind.
    // What a changed expression does is said wherever the change is shown, and what is wrong with it, from the texts alone.
    values: [
      'scripts/secrets',
      'scripts/json',
      'scripts/plan',
      'scripts/provider',
      'scripts/waf/reason/compare/show.ts',
      'scripts/waf/reason/expressions.ts',
      'policies/reading/rulesets/must-pass.ts',
      'policies/reading/security-relevance.ts',
      'policies/model/decision.ts',
      'policies/model/finding.ts',
      'policies/approvals.ts',
      'scripts/questions',
      ...endings,
    ],
    types: [
      'scripts/live',
      'scripts/release',
      'scripts/waf/lint',
      'scripts/waf/reason',
      'scripts/waf/replay',
      'policies',
      'policies/model',
    ],
    packages: ['diff', 'ical-generator', 'preact', 'preact-render-to-string'],
  },

  // The outside world.
  'scripts/adapters': {
    // Where a resource is written in the stack code is found in one way, for findings and for what constructs refuse.
    // Patterns of probes are those of the Rules language, in linear time.
    values: [
      ...shownThere,
      'scripts/json',
      'scripts/plan/source-place.ts',
      'scripts/secrets',
      'scripts/waf/evaluate',
      'scripts/waf/language',
      ...endings,
    ],
    types: [
      'scripts/contract/git-singles.ts',
      'scripts/contract/ports.ts',
      'scripts/contract/guard-rails.ts',
      'scripts/contract/own-rules.ts',
      'scripts/contract/replay-threads.ts',
      'scripts/plan',
      'scripts/waf/replay',
      'scripts/waf/traffic',
      'policies/model',
    ],
    packages: [
      '@octokit/rest',
      '@octokit/plugin-retry',
      'libsodium-wrappers',
      'cloudflare',
      'esbuild',
      'simple-git',
      'picocolors',
      'node:*',
      'node:dns/promises',
      'node:fs/promises',
      'node:stream/promises',
      'node:timers/promises',
    ],
  },
  'scripts/adapters/replay-thread.ts': {
    values: ['scripts/waf/replay', 'scripts/waf/traffic'],
    types: [],
    packages: ['node:worker_threads'],
  },
  'scripts/adapters/own-rules/host.ts': {
    // Runs where a rule runs, and is the only part of an adapter that knows what a rule gets.
    values: ['policies', 'policies/model'],
    types: [],
    packages: ['node:fs', 'node:process'],
  },
  'scripts/sandbox/provider': {
    // It serves the lists that are asked for: their paths are one fact.
    values: ['scripts/json', 'scripts/live', 'scripts/plan', 'scripts/provider', ...endings],
    types: [],
    packages: ['@grpc/grpc-js', '@grpc/proto-loader', '@msgpack/msgpack', 'node:*'],
  },
  'scripts/sandbox/edge': {
    values: [
      'scripts/json',
      'scripts/plan',
      'scripts/provider/ruleset-type.ts',
      'scripts/sandbox/provider',
      ...wafLayers,
      ...endings,
    ],
    types: [],
    packages: ['node:*'],
  },
  'scripts/sandbox/github': {
    values: ['scripts/adapters', ...endings],
    types: [],
    packages: [pureHash, 'emulate', 'node:fs/promises', 'node:http', 'node:net', 'node:path'],
  },

  // What joins the two, through ports.
  'scripts/facts': {
    values: [
      'scripts/read',
      'scripts/json',
      'scripts/plan',
      'scripts/provider',
      'scripts/release',
      'scripts/waf/rulesets',
      'scripts/waf/traffic',
      'scripts/waf/replay',
      'policies',
      'policies/model',
      ...endings,
    ],
    types: ['scripts/contract', 'scripts/waf/language', 'scripts/waf/reason'],
    packages: [],
  },
  'scripts/change': {
    values: [
      ...shownThere,
      'scripts/facts',
      'scripts/json',
      'scripts/plan',
      'scripts/release',
      'scripts/release/run',
      'scripts/render',
      // A table of expressions is made where a run begins.
      'scripts/waf/reason/expressions.ts',
      'policies',
      'policies/model',
      ...endings,
    ],
    types: ['scripts/contract'],
    packages: [],
  },
  'scripts/release/run': {
    values: [
      'package.json',
      'scripts/facts',
      'scripts/json',
      'scripts/live',
      'scripts/plan',
      'scripts/provider',
      'scripts/release',
      'scripts/release/evidence',
      'scripts/render',
      'scripts/sandbox/provider',
      // A table of expressions is made where a run begins.
      'scripts/waf/reason/expressions.ts',
      // What a release is judged by is read as the gate reads it.
      'scripts/change/pull-facts.ts',
      'policies',
      'policies/model',
      ...endings,
    ],
    types: ['scripts/contract'],
    packages: [],
  },
  'scripts/release/evidence': {
    values: ['scripts/facts', 'scripts/plan', 'scripts/release', 'scripts/render', 'policies', ...endings],
    types: ['scripts/contract'],
    packages: [],
  },
  'scripts/estate/repository': {
    values: [
      ...shownThere,
      'scripts/estate',
      'scripts/facts',
      'scripts/json',
      'scripts/plan',
      'scripts/read',
      'scripts/release',
      'policies',
      'policies/model',
      ...endings,
    ],
    types: ['scripts/contract'],
    packages: [],
  },
  'scripts/questions/answer': {
    values: [
      'scripts/change',
      'scripts/facts',
      'scripts/json',
      'scripts/plan',
      'scripts/questions',
      'scripts/release',
      'policies',
      'policies/model',
      ...endings,
    ],
    types: ['scripts/contract'],
    packages: [],
  },
  'scripts/demo': {
    values: [
      'scripts/adapters',
      'scripts/cli/run.ts',
      'scripts/render',
      'scripts/sandbox/edge',
      'scripts/sandbox/github',
      ...endings,
    ],
    types: ['scripts/contract'],
    packages: [],
  },

  // The command line: a folder for each subject, each command's flags beside it.
  'scripts/cli': {
    values: [
      'package.json',
      ...shownThere,
      'scripts/cli/run.ts',
      'scripts/change',
      'scripts/demo',
      'scripts/emergency',
      'scripts/estate',
      'scripts/estate/repository',
      'scripts/facts',
      'scripts/json',
      'scripts/live',
      'scripts/plan',
      'scripts/questions',
      'scripts/questions/answer',
      'scripts/read',
      'scripts/release',
      'scripts/release/evidence',
      'scripts/release/run',
      'scripts/render',
      'scripts/sandbox/edge',
      'scripts/sandbox/github',
      'scripts/sandbox/provider',
      'scripts/waf/replay',
      ...wafLayers,
      'policies',
      'policies/model',
      ...endings,
    ],
    types: ['scripts/contract'],
    packages: ['@stricli/core', 'yaml'],
  },
  'scripts/cli/app.ts': {
    values: ['package.json', 'scripts/cli', 'scripts/render', ...endings],
    types: ['scripts/contract'],
    packages: ['@stricli/core'],
  },
  'scripts/cli/run.ts': {
    values: ['scripts/cli/app.ts', 'scripts/cli/services.ts', 'scripts/render', 'scripts/secrets'],
    types: ['scripts/contract'],
    packages: ['@stricli/core', 'picocolors'],
  },
  'scripts/cli/main.ts': {
    values: ['scripts/cli/run.ts', ...endings],
    types: ['scripts/contract'],
    packages: ['node:readline/promises'],
  },
  'scripts/cli/services.ts': {
    values: ['package.json', 'scripts/adapters', 'scripts/secrets', ...endings],
    types: ['scripts/contract'],
    packages: ['node:path', 'node:url'],
  },
  'scripts/launch.mjs': {
    values: ['scripts/take-environment.mjs', 'scripts/build/bundle-command-line.mjs'],
    types: [],
    packages: ['node:crypto', 'node:fs', 'node:path', 'node:url'],
  },
  'scripts/take-environment.mjs': { values: [], types: [], packages: ['node:fs'] },
  'scripts/build': {
    // What the README says of the rules, they say themselves.
    values: ['policies/registry.ts'],
    // What the sandbox reads of the provider is written here.
    types: ['scripts/sandbox/provider/schema.ts', 'scripts/sandbox/provider/written-schema.ts'],
    packages: [
      'ajv-formats',
      'ajv/dist/2020.js',
      'ajv/dist/standalone/index.js',
      'esbuild',
      'node:child_process',
      'node:crypto',
      'node:fs',
      'node:module',
      'node:path',
      'node:url',
    ],
  },

  // Contracts: the ports, what a command is given, errors and exit codes.
  'scripts/contract': {
    values: [],
    types: [
      result,
      'scripts/plan',
      'scripts/release',
      'scripts/render',
      'scripts/secrets',
      'scripts/waf/replay',
      'scripts/waf/traffic',
      'policies/model',
    ],
    packages: ['@stricli/core'],
  },
};

/** Folders whose functions give the same answer wherever and whenever they run. */
export const pureFolders: readonly string[] = [
  'policies',
  'policies/model',
  'scripts/json',
  'scripts/provider',
  'scripts/plan',
  'scripts/waf/language',
  'scripts/waf/evaluate',
  'scripts/waf/reason',
  'scripts/waf/rulesets',
  'scripts/waf/lint',
  'scripts/waf/traffic',
  'scripts/waf/replay',
  'scripts/release',
  'scripts/emergency',
  'scripts/estate',
  'scripts/questions',
  'scripts/read',
  'scripts/live',
  'scripts/render',
  'scripts/secrets',
];

/** Looks at the clock in a pure folder, and with it only refuses: a reader that takes too long ends. */
export const clockFile = 'scripts/json/limits.ts';

/**
 * The only files that start processes: with argument lists, no shell, a limited environment and a time limit; and without the
 * limit a person's own editor.
 */
export const processStarters = [
  'scripts/adapters/process/editor.ts',
  'scripts/adapters/process/run-process.ts',
];

/** Runs the compiler when the product is packed, and is not part of what runs. */
export const packer = 'scripts/build/build-package.mjs';
