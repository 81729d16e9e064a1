/**
 * Who may import what. One row per folder, or per file directly below `scripts/`. What a row does not name is refused,
 * and a folder without a row as well: a new folder begins with its line here.
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
const edgeFiles = ['scripts/contract/errors.ts', 'scripts/contract/exit-codes.ts'];

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

  // Pure: what is planned, what is refused, what is released.
  'scripts/secrets': { values: [], types: [], packages: [] },
  'scripts/plan': { values: ['scripts/secrets'], types: [], packages: [pureHash, 'ajv/dist/2020.js'] },
  'scripts/waf': {
    values: [
      'scripts/json/json.ts',
      'scripts/plan/expression/parse.ts',
      // What Cloudflare gets of a text, the provider's facts say.
      'scripts/provider/facts.ts',
      'scripts/plan/typed.ts',
      ...boundedReading,
      'scripts/secrets',
    ],
    types: ['scripts/plan'],
    packages: [pureHash, 're2js'],
  },
  'policies/model': { values: [], types: ['policies', 'scripts/plan', 'scripts/waf'], packages: [] },
  policies: { values: ['policies/model', 'scripts/plan', 'scripts/waf'], types: [], packages: [] },
  'scripts/release': {
    // What is read before a release is what its rollback sets again: one reading of it.
    values: ['scripts/plan', 'scripts/live/inquiry.ts', 'scripts/live/kept.ts', 'policies/model'],
    types: ['scripts/contract/ports.ts', 'scripts/live'],
    packages: [pureHash],
  },
  // What is known of all changes, and the answers to questions about them.
  'scripts/overview': { values: ['policies', 'policies/model'], types: ['scripts/release'], packages: [] },
  // What is live, and what of it no state knows.
  'scripts/live': { values: ['scripts/plan'], types: [], packages: [] },
  'scripts/input': {
    values: [
      'scripts/secrets',
      'scripts/plan',
      'scripts/waf',
      'policies/model',
      'policies/schemas',
      'changes/record.schema.json',
      'stacks/clients/service.schema.json',
      'stacks/clients/traffic-cases.schema.json',
    ],
    types: [],
    packages: ['ajv/dist/2020.js', 'ajv-formats', 'yaml'],
  },
  // Texts of an estate: what follows from its registers, what the product writes into it.
  'scripts/estate': {
    values: ['scripts/input', 'scripts/plan'],
    types: ['policies/model'],
    packages: ['diff', 'yaml'],
  },
  'scripts/render': {
    // Which changes are of a control, and which case is stopped, is for the policies to say: a second list could fall behind.
    // What a changed expression does is said wherever the change is shown, from the two texts alone.
    values: [
      'scripts/secrets',
      'scripts/plan',
      'scripts/waf/reason/compare/compare.ts',
      'scripts/waf/reason/compare/show.ts',
      'policies/reading/rulesets/must-pass.ts',
      'policies/reading/security-relevance.ts',
      'policies/model/decision.ts',
      'policies/model/finding.ts',
      'policies/approvals.ts',
      'scripts/overview',
      ...edgeFiles,
    ],
    types: ['scripts/live', 'scripts/release', 'scripts/waf', 'policies', 'policies/model'],
    packages: ['diff', 'ical-generator', 'preact', 'preact-render-to-string'],
  },

  // The outside world.
  'scripts/adapters': {
    values: ['scripts/contract/check-name.ts', 'scripts/secrets', ...boundedReading, ...edgeFiles],
    types: ['scripts/contract/ports.ts', 'scripts/plan', 'scripts/waf', 'policies/model'],
    packages: [
      '@octokit/rest',
      '@octokit/plugin-retry',
      'cloudflare',
      'esbuild',
      'simple-git',
      'picocolors',
      'node:*',
      'node:fs/promises',
      'node:stream/promises',
      'node:timers/promises',
    ],
  },
  'scripts/sandbox': {
    // It serves the lists that are asked for: their paths are one fact.
    values: ['scripts/live', 'scripts/plan', 'scripts/waf', ...edgeFiles],
    types: [],
    packages: ['@grpc/grpc-js', '@grpc/proto-loader', '@msgpack/msgpack', 'node:*'],
  },
  'scripts/github-local': {
    values: ['scripts/adapters', ...edgeFiles],
    types: [],
    packages: ['emulate', 'node:fs/promises', 'node:http', 'node:net', 'node:path'],
  },

  // What joins the two, through ports.
  'scripts/gather': {
    values: [
      'scripts/input',
      'scripts/plan',
      'scripts/release',
      'scripts/waf',
      'policies',
      'policies/model',
      'changes/incidents.schema.json',
      ...edgeFiles,
    ],
    types: ['scripts/contract/context.ts', 'scripts/contract/ports.ts'],
    packages: [],
  },
  'scripts/operations': {
    values: [
      'scripts/contract/check-name.ts',
      'scripts/estate',
      'scripts/gather',
      'scripts/input',
      'scripts/live',
      'scripts/overview',
      'scripts/plan',
      'scripts/release',
      'scripts/render',
      'scripts/sandbox',
      'policies',
      'policies/model',
      ...edgeFiles,
    ],
    types: ['scripts/contract/context.ts', 'scripts/contract/ports.ts'],
    packages: [],
  },
  'scripts/commands': {
    values: [
      'package.json',
      'scripts/contract/check-name.ts',
      'scripts/cli/run.ts',
      'scripts/demo',
      'scripts/estate',
      'scripts/github-local',
      'scripts/gather',
      'scripts/input',
      'scripts/live',
      'scripts/operations',
      'scripts/overview',
      'scripts/plan',
      'scripts/release',
      'scripts/render',
      'scripts/sandbox',
      'scripts/waf',
      'policies',
      'policies/model',
      ...edgeFiles,
    ],
    types: ['scripts/contract/context.ts', 'scripts/contract/ports.ts'],
    packages: ['yaml'],
  },
  'scripts/demo': {
    values: [
      'scripts/adapters',
      'scripts/cli/run.ts',
      'scripts/github-local',
      'scripts/render',
      'scripts/sandbox',
      ...edgeFiles,
    ],
    types: ['scripts/contract/context.ts', 'scripts/contract/ports.ts'],
    packages: [],
  },

  // The command line.
  'scripts/routes': { values: ['scripts/commands'], types: [], packages: ['@stricli/core'] },
  'scripts/cli/app.ts': {
    values: ['package.json', 'scripts/routes', 'scripts/render', ...edgeFiles],
    types: ['scripts/contract/context.ts'],
    packages: ['@stricli/core'],
  },
  'scripts/cli/run.ts': {
    values: ['scripts/cli/app.ts', 'scripts/render', 'scripts/secrets', 'scripts/cli/services.ts'],
    types: ['scripts/contract/context.ts', ...edgeFiles],
    packages: ['@stricli/core', 'picocolors'],
  },
  'scripts/cli/main.ts': {
    values: ['scripts/cli/run.ts', ...edgeFiles],
    types: ['scripts/contract/context.ts'],
    packages: ['node:readline/promises'],
  },
  'scripts/cli/services.ts': {
    values: ['scripts/adapters', 'scripts/secrets', ...edgeFiles],
    types: ['scripts/contract/context.ts', 'scripts/contract/ports.ts'],
    packages: ['node:path', 'node:url'],
  },
  'scripts/adapters/replay-thread.ts': {
    values: ['scripts/waf'],
    types: [],
    packages: ['node:worker_threads'],
  },
  'scripts/rule-host.ts': {
    values: ['policies', 'policies/model'],
    types: [],
    packages: ['node:fs', 'node:process'],
  },
  'scripts/launch.mjs': {
    values: ['scripts/take-environment.mjs', 'scripts/build/bundle-command-line.mjs'],
    types: [],
    packages: ['node:crypto', 'node:fs', 'node:path', 'node:url'],
  },
  'scripts/take-environment.mjs': { values: [], types: [], packages: ['node:fs'] },
  'scripts/build/bundle-command-line.mjs': { values: [], types: [], packages: ['esbuild'] },
  'scripts/build/build-package.mjs': {
    values: ['scripts/build/bundle-command-line.mjs'],
    types: [],
    packages: ['node:child_process', 'node:fs', 'node:path', 'node:url'],
  },
  'scripts/build/switch-cdktf.mjs': { values: [], types: [], packages: ['node:fs'] },

  // Contracts.
  'scripts/contract/context.ts': {
    values: [],
    types: [
      'scripts/contract/ports.ts',
      'scripts/contract/exit-codes.ts',
      'scripts/release',
      'scripts/render',
      'scripts/secrets',
    ],
    packages: ['@stricli/core'],
  },
  'scripts/contract/ports.ts': {
    values: [],
    types: ['scripts/plan', 'scripts/waf', 'policies/model'],
    packages: [],
  },
  'scripts/contract/errors.ts': {
    values: ['scripts/contract/exit-codes.ts'],
    types: ['scripts/plan'],
    packages: [],
  },
  'scripts/contract/check-name.ts': { values: [], types: [], packages: [] },
  'scripts/contract/exit-codes.ts': { values: [], types: [], packages: [] },
};

/** Folders whose functions give the same answer wherever and whenever they run. */
export const pureFolders: readonly string[] = [
  'policies',
  'policies/model',
  'scripts/plan',
  'scripts/waf',
  'scripts/release',
  'scripts/estate',
  'scripts/overview',
  'scripts/input',
  'scripts/live',
  'scripts/render',
  'scripts/secrets',
];

/** Looks at the clock in a pure folder, and with it only refuses: a reader that takes too long ends. */
export const clockFile = 'scripts/json/limits.ts';

/** The only file that starts processes: argument lists, no shell, a limited environment, a time limit. */
export const processStarter = 'scripts/adapters/process/run-process.ts';

/** Runs the compiler when the product is packed, and is no part of what runs. */
export const packer = 'scripts/build/build-package.mjs';
