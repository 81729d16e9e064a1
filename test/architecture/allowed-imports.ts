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
const boundedReading = ['scripts/plan/limits.ts', 'scripts/plan/parse-json.ts'];
const edgeFiles = ['scripts/errors.ts', 'scripts/exit-codes.ts'];

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
      'scripts/plan/json.ts',
      'scripts/plan/expression/parse.ts',
      // What Cloudflare gets of a text, the provider's facts say.
      'scripts/plan/facts.ts',
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
    types: ['scripts/ports.ts', 'scripts/live'],
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
      'scripts/waf/compare/compare.ts',
      'scripts/waf/compare/show.ts',
      'policies/reading/must-pass.ts',
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
    values: ['scripts/check-name.ts', 'scripts/secrets', ...boundedReading, ...edgeFiles],
    types: ['scripts/ports.ts', 'scripts/plan', 'scripts/waf', 'policies/model'],
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
    types: ['scripts/context.ts', 'scripts/ports.ts'],
    packages: [],
  },
  'scripts/operations': {
    values: [
      'scripts/check-name.ts',
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
    types: ['scripts/context.ts', 'scripts/ports.ts'],
    packages: [],
  },
  'scripts/commands': {
    values: [
      'package.json',
      'scripts/check-name.ts',
      'scripts/cli-run.ts',
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
    types: ['scripts/context.ts', 'scripts/ports.ts'],
    packages: ['yaml'],
  },
  'scripts/demo': {
    values: [
      'scripts/adapters',
      'scripts/cli-run.ts',
      'scripts/github-local',
      'scripts/render',
      'scripts/sandbox',
      ...edgeFiles,
    ],
    types: ['scripts/context.ts', 'scripts/ports.ts'],
    packages: [],
  },

  // The command line.
  'scripts/routes': { values: ['scripts/commands'], types: [], packages: ['@stricli/core'] },
  'scripts/app.ts': {
    values: ['package.json', 'scripts/routes', 'scripts/render', ...edgeFiles],
    types: ['scripts/context.ts'],
    packages: ['@stricli/core'],
  },
  'scripts/cli-run.ts': {
    values: ['scripts/app.ts', 'scripts/render', 'scripts/secrets', 'scripts/services.ts'],
    types: ['scripts/context.ts', ...edgeFiles],
    packages: ['@stricli/core', 'picocolors'],
  },
  'scripts/cli.ts': {
    values: ['scripts/cli-run.ts', ...edgeFiles],
    types: ['scripts/context.ts'],
    packages: ['node:readline/promises'],
  },
  'scripts/services.ts': {
    values: ['scripts/adapters', 'scripts/secrets', ...edgeFiles],
    types: ['scripts/context.ts', 'scripts/ports.ts'],
    packages: ['node:path', 'node:url'],
  },
  'scripts/replay-thread.ts': {
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
    values: ['scripts/take-environment.mjs', 'scripts/bundle-command-line.mjs'],
    types: [],
    packages: ['node:crypto', 'node:fs', 'node:path', 'node:url'],
  },
  'scripts/take-environment.mjs': { values: [], types: [], packages: ['node:fs'] },
  'scripts/bundle-command-line.mjs': { values: [], types: [], packages: ['esbuild'] },
  'scripts/build-package.mjs': {
    values: ['scripts/bundle-command-line.mjs'],
    types: [],
    packages: ['node:child_process', 'node:fs', 'node:path', 'node:url'],
  },
  'scripts/switch-cdktf.mjs': { values: [], types: [], packages: ['node:fs'] },

  // Contracts.
  'scripts/context.ts': {
    values: [],
    types: [
      'scripts/ports.ts',
      'scripts/exit-codes.ts',
      'scripts/release',
      'scripts/render',
      'scripts/secrets',
    ],
    packages: ['@stricli/core'],
  },
  'scripts/ports.ts': {
    values: [],
    types: ['scripts/plan', 'scripts/waf', 'policies/model'],
    packages: [],
  },
  'scripts/errors.ts': { values: ['scripts/exit-codes.ts'], types: ['scripts/plan'], packages: [] },
  'scripts/check-name.ts': { values: [], types: [], packages: [] },
  'scripts/exit-codes.ts': { values: [], types: [], packages: [] },
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
export const clockFile = 'scripts/plan/limits.ts';

/** The only file that starts processes: argument lists, no shell, a limited environment, a time limit. */
export const processStarter = 'scripts/adapters/run-process.ts';

/** Runs the compiler when the product is packed, and is no part of what runs. */
export const packer = 'scripts/build-package.mjs';
