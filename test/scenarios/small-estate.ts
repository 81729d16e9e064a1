/**
 * A small estate in a real git repository, for tests that run commands with real Terraform: one client, two stacks, a
 * zone with a few records and one ruleset. The policy data is Sluice's own.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../../scripts/cli/run.ts';
import type { Services, Surroundings } from '../../scripts/contract/context.ts';
import type { ExitName } from '../../scripts/contract/exit-codes.ts';
import { buildServices } from '../../scripts/cli/services.ts';

export const home = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface Ended {
  readonly exit: ExitName;
  readonly stdout: string;
  readonly stderr: string;
}

/** Puts another part into the services of one command: a broken one, or one that something happens beside. */
export type Adjust = (services: Services) => Services;

export interface SmallEstate {
  readonly folder: string;
  /** Runs a command line in the repository. */
  sluice(args: readonly string[], env?: Readonly<Record<string, string>>, adjust?: Adjust): Promise<Ended>;
  readonly git: (...args: readonly string[]) => string;
  readonly write: (path: string, text: string) => void;
  readonly read: (path: string) => string;
  /** Everything that a command may change: refs, sandbox, state. */
  fingerprint(): string;
  /** The same estate as it is now, with its ledger, sandbox and state, in another folder. */
  copy(): SmallEstate;
  remove(): void;
}

const main = `import { App, TerraformResource, TerraformStack, S3Backend } from 'cdktf';
import { CloudflareProvider } from '@cdktf/provider-cloudflare/lib/provider/index.js';
import { Zone } from '@cdktf/provider-cloudflare/lib/zone/index.js';
import { ZoneSetting } from '@cdktf/provider-cloudflare/lib/zone-setting/index.js';
import { DnsRecord } from '@cdktf/provider-cloudflare/lib/dns-record/index.js';
import { Ruleset } from '@cdktf/provider-cloudflare/lib/ruleset/index.js';
import { estate } from './estate.ts';

const app = new App({ skipValidation: true });
for (const [name, stackOf] of Object.entries(estate)) {
  const stack = new TerraformStack(app, name);
  new S3Backend(stack, { bucket: 'state', key: name + '.tfstate', region: 'auto' });
  new CloudflareProvider(stack, 'cloudflare', {});
  const zone = new Zone(stack, 'zone', { account: { id: 'a1c0ffee5e7a11d0b5e55ed0ddba1100' }, name: stackOf.zone });
  zone.overrideLogicalId('shop');
  for (const [id, content] of Object.entries(stackOf.records)) {
    const record = new DnsRecord(stack, 'record_' + id, { zoneId: zone.id, name: id + '.' + stackOf.zone, type: content.includes(':') ? 'AAAA' : 'A', content, ttl: 1, proxied: true, ...(stackOf.createFirst ? { lifecycle: { createBeforeDestroy: true } } : {}) });
    record.overrideLogicalId(id);
  }
  for (const [settingId, value] of Object.entries(stackOf.settings ?? {})) {
    const setting = new ZoneSetting(stack, settingId, { zoneId: zone.id, settingId, value });
    setting.overrideLogicalId(settingId);
  }
  for (const [id, { type, ...body }] of Object.entries(stackOf.others ?? {})) {
    const other = new TerraformResource(stack, id, { terraformResourceType: type });
    Object.entries({ zone_id: zone.id, ...body }).forEach(([name, value]) => other.addOverride(name, value));
    other.overrideLogicalId(id);
  }
  const waf = new Ruleset(stack, 'waf', {
    zoneId: zone.id, kind: 'zone', phase: 'http_request_firewall_custom', name: 'custom rules',
    rules: stackOf.rules.map((rule) => ({ enabled: true, ...rule })),
  });
  waf.overrideLogicalId('waf');
}
app.synth();
`;

const estate = `export const estate = {
  'acme-production': {
    zone: 'shop.example',
    records: { www: '203.0.113.1', api: '203.0.113.2', mail: '203.0.113.3' } as Record<string, string>,
    rules: [
      { ref: 'watch-old-api', description: 'Old API', action: 'log', expression: '(http.host eq "api.shop.example" and starts_with(http.request.uri.path, "/v1/"))' },
    ],
  },
  'acme-staging': {
    zone: 'staging-shop.example',
    records: { www: '198.51.100.1' } as Record<string, string>,
    rules: [
      { ref: 'block-dotfiles', description: 'Dot files', action: 'block', expression: '(http.host eq "www.staging-shop.example" and http.request.uri.path contains "/.env")' },
    ],
  },
};
`;

/** Makes and commits it. The caller removes it. */
export function makeSmallEstate(): SmallEstate {
  const made = estateAt(temporaryFolder());
  const { folder, git, write } = made;
  write('stacks/main.ts', main);
  write('stacks/estate.ts', estate);
  write('package.json', '{ "name": "estate", "private": true, "type": "module" }\n');
  write('cdktf.json', '{ "language": "typescript", "app": "node --import tsx stacks/main.ts" }\n');
  write('.gitignore', 'node_modules\ncdktf.out\n.sluice\n');
  cpSync(join(home, 'policies'), join(folder, 'policies'), {
    recursive: true,
    filter: (path) => !path.endsWith('.ts'),
  });
  write(
    'stacks/clients/acme/service.yaml',
    readFileSync(join(home, 'stacks/clients/acme/service.yaml'), 'utf8'),
  );
  git('init', '--quiet', '--initial-branch', 'main');
  // Whom the machine's own git is set up for does not count.
  git('config', 'user.name', 'tester');
  git('config', 'user.email', 'tester@sluice.example');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'estate');
  return made;
}

function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'sluice-test-')));
}

/** The handle of an estate that is, or will be, in `folder`. */
export function estateAt(folder: string): SmallEstate {
  return {
    folder,
    sluice: (args, env = {}, adjust = (services) => services) => runIn(folder, args, env, adjust),
    git: (...args) =>
      execFileSync('git', ['-C', folder, ...args], {
        encoding: 'utf8',
        env: gitEnvironment,
        stdio: ['ignore', 'pipe', 'pipe'],
      }).trim(),
    write: (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    fingerprint: () =>
      execFileSync(
        'sh',
        [
          '-c',
          'git for-each-ref; find .sluice/sandbox .sluice/state -type f -exec sha256sum {} + 2>/dev/null | sort',
        ],
        { cwd: folder, encoding: 'utf8' },
      ),
    copy: () => {
      const other = temporaryFolder();
      cpSync(folder, other, { recursive: true, verbatimSymlinks: true });
      return estateAt(other);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const gitEnvironment = {
  PATH: process.env['PATH'],
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ruth Okafor',
  GIT_AUTHOR_EMAIL: 'ruth@sluice.example',
  GIT_COMMITTER_NAME: 'Ruth Okafor',
  GIT_COMMITTER_EMAIL: 'ruth@sluice.example',
  GIT_AUTHOR_DATE: '2026-11-23T08:00:00Z',
  GIT_COMMITTER_DATE: '2026-11-23T08:00:00Z',
};

interface Run {
  readonly folder: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly adjust: Adjust;
  readonly ask: Surroundings['ask'];
}

/** Runs a command line with captured streams. */
export async function runIn(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  adjust: Adjust = (services) => services,
): Promise<Ended> {
  return run({ folder, args, env, adjust, ask: null });
}

/** The same where somebody sits at a terminal and answers. */
export async function runAtTerminal(given: Omit<Run, 'adjust'>): Promise<Ended> {
  return run({ ...given, adjust: (services) => services });
}

async function run({ folder, args, env, adjust, ask }: Run): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const exit = await runCommandLine(
    args,
    {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CI: 'true', USER: 'tester', ...env },
      cwd: folder,
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
      ask,
      signal: new AbortController().signal,
    },
    home,
    async (surroundings, root) => {
      const services = buildServices(surroundings, root);
      const now = env['TEST_NOW'];
      return adjust(
        now === undefined ? services : { ...services, clock: { ...services.clock, now: () => now } },
      );
    },
  );
  return { exit, stdout, stderr };
}
