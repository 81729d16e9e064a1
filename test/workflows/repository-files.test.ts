import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isControlFile } from '../../policies/reading/places/control-files.ts';
import { filesIn, parseYaml, readText, root, workflowPaths } from './workflow-files.ts';

interface Register {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly services: readonly { readonly id: string }[] };
}

const clients = readdirSync(`${root}stacks/clients`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const concerned = clients.flatMap((client) => {
  const { spec } = parseYaml(readText(`stacks/clients/${client}/service.yaml`)) as Register;
  return [client, ...spec.services.map(({ id }) => id)];
});

/** Whether a pattern of CODEOWNERS, of the forms used here, matches a path. */
function matches(pattern: string, path: string): boolean {
  if (pattern.startsWith('*')) {
    return path.endsWith(pattern.slice(1));
  }
  const body = pattern.slice(1).replaceAll('.', '\\.').replaceAll('*', '[^/]*');
  return new RegExp(`^${body}${pattern.endsWith('/') ? '' : '$'}`).test(path);
}

describe('CODEOWNERS', () => {
  const lines = readText('.github/CODEOWNERS')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s+/));

  /** Owners by GitHub's rule, for the forms of pattern used here: the last line that matches wins. */
  function ownersOf(path: string): readonly string[] {
    return lines.findLast(([pattern = '']) => matches(pattern, path))?.slice(1) ?? [];
  }

  it('uses only patterns that GitHub takes, each with an owner that is a team', () => {
    for (const [pattern, ...owners] of lines) {
      expect(pattern).toMatch(/^(?:\*(?:\.\w+)?|\/[\w.*/-]+)$/);
      expect(owners.length).toBeGreaterThan(0);
      expect(owners.filter((owner) => !/^@[\w-]+\/[\w-]+$/.test(owner))).toEqual([]);
    }
  });

  it.each([
    '.github/CODEOWNERS',
    '.github/workflows/gate.yml',
    '.npmrc',
    'changes/record.schema.json',
    'npm-shrinkwrap.json',
    'package-lock.json',
    'policies/quorum.yaml',
    'policies/rules/dns/caa-kept.ts',
    'scripts/cli/main.ts',
    'stacks/clients/service.schema.json',
    'stacks/clients/acme/service.yaml',
    'stacks/clients/acme/traffic/offices.yaml',
    'stacks/constructs/zone.ts',
    'stacks/main.ts',
    'anything/else.js',
  ])('gives %s, which decides over changes, to the process owners', (path) => {
    expect(isControlFile(path)).toBe(true);
    expect(ownersOf(path)).toContain('@managed-services/process-owners');
  });

  it('gives every file of this repository that is control to the process owners, and no other', () => {
    const files = ['stacks', 'policies', 'scripts', 'changes', 'test'].flatMap((folder) =>
      readdirSync(`${root}${folder}`, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => posix.join(entry.parentPath.slice(root.length), entry.name)),
    );
    expect(files.length).toBeGreaterThan(900);
    const isTheirs = (path: string): boolean => ownersOf(path).includes('@managed-services/process-owners');
    expect(files.filter((path) => isControlFile(path) !== isTheirs(path))).toEqual([]);
  });

  it('leaves stacks, records and documentation to those who work on them', () => {
    expect(ownersOf('stacks/clients/acme/production.ts')).toEqual(['@managed-services/engineers']);
    expect(ownersOf('changes/borough/CHG-2026-0001.yaml')).toEqual([
      '@managed-services/change-managers',
      '@managed-services/borough-approvers',
    ]);
    expect(ownersOf('README.md')).toEqual(['@managed-services/engineers']);
  });

  it('names every client that approves its own changes', () => {
    for (const client of clients.filter((name) => name !== 'platform')) {
      expect(ownersOf(`changes/${client}/CHG-2026-0001.yaml`)).toContain(
        `@managed-services/${client}-approvers`,
      );
    }
  });
});

describe('dependabot', () => {
  interface Update {
    readonly 'package-ecosystem': string;
    readonly directory?: string;
    readonly directories?: readonly string[];
    readonly cooldown: { readonly 'default-days': number };
    readonly groups: Readonly<
      Record<
        string,
        {
          readonly patterns: readonly string[];
          readonly 'exclude-patterns'?: readonly string[];
          readonly 'update-types'?: readonly string[];
        }
      >
    >;
  }
  const { version, updates } = parseYaml(readText('.github/dependabot.yml')) as {
    readonly version: number;
    readonly updates: readonly Update[];
  };
  const npm = updates.find((update) => update['package-ecosystem'] === 'npm');

  it('watches packages and actions, the composite action included, and waits a week', () => {
    expect(version).toBe(2);
    expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions']);
    expect(updates[1]?.directories).toEqual(['/', '/.github/actions/setup']);
    expect(updates.map((update) => update.cooldown['default-days'])).toEqual([7, 7]);
  });

  it('proposes patch versions of the provider alone, in the shape of the standard change', () => {
    const catalogue = parseYaml(readText('policies/catalogue.yaml')) as {
      readonly entries: readonly {
        readonly id: string;
        readonly scope: { readonly providerPatch: boolean };
      }[];
    };
    expect(catalogue.entries.find((entry) => entry.id === 'provider-patch-bump')?.scope.providerPatch).toBe(
      true,
    );
    expect(npm?.groups['provider-patch']).toEqual({
      patterns: ['@cdktf/provider-cloudflare'],
      'update-types': ['patch'],
    });
    expect(npm?.groups['provider']?.['update-types']).toEqual(['minor', 'major']);
  });

  it('keeps what makes the bundles out of every other group', () => {
    const names = ['@cdktf/provider-cloudflare', 'cdktf', 'constructs', 'tsx'];
    expect(npm?.groups['tools']?.['exclude-patterns']).toEqual(expect.arrayContaining(names));
    const dependencies = (
      JSON.parse(readText('package.json')) as { readonly dependencies: Readonly<Record<string, string>> }
    ).dependencies;
    expect(names.filter((name) => !(name in dependencies))).toEqual([]);
  });
});

describe('issue forms', () => {
  interface Field {
    readonly type: string;
    readonly id?: string;
    readonly attributes: {
      readonly label?: string;
      readonly value?: string;
      readonly options?: readonly string[];
    };
    readonly validations?: { readonly required: boolean };
  }
  interface Form {
    readonly name: string;
    readonly description: string;
    readonly labels: readonly string[];
    readonly body: readonly Field[];
  }
  const paths = filesIn('.github/ISSUE_TEMPLATE', /^(?!config).*\.yml$/);
  const formAt = (path: string): Form => parseYaml(readText(path)) as Form;
  const optionsOf = (path: string, id: string): readonly string[] =>
    formAt(path).body.find((field) => field.id === id)?.attributes.options ?? [];

  it('are the three, and there is no other way to open an issue', () => {
    expect(paths.map((path) => formAt(path).name)).toEqual(['Change request', 'Incident', 'Problem']);
    expect(parseYaml(readText('.github/ISSUE_TEMPLATE/config.yml'))).toMatchObject({
      blank_issues_enabled: false,
    });
  });

  it.each(paths)('%s is a form that GitHub takes', (path) => {
    const { description, labels, body } = formAt(path);
    expect(description.length).toBeGreaterThan(0);
    expect(labels).toHaveLength(1);
    const fields = body.filter((field) => field.type !== 'markdown');
    expect(new Set(fields.map((field) => field.id)).size).toBe(fields.length);
    for (const field of fields) {
      expect(['input', 'textarea', 'dropdown']).toContain(field.type);
      expect(field.id).toMatch(/^[a-z][a-z-]*$/);
      expect(field.attributes.label).toBeTruthy();
      expect(typeof field.validations?.required).toBe('boolean');
      expect(field.type === 'dropdown').toBe(field.attributes.options !== undefined);
    }
  });

  it('offer the clients and services of the registers', () => {
    expect(optionsOf('.github/ISSUE_TEMPLATE/change-request.yml', 'client').toSorted()).toEqual(
      clients.toSorted(),
    );
    expect(optionsOf('.github/ISSUE_TEMPLATE/incident.yml', 'service')).toEqual(concerned);
  });
});

describe('texts', () => {
  it('explain every workflow, every secret and every environment that is needed', () => {
    const readme = readText('.github/workflows/README.md');
    for (const path of workflowPaths) {
      expect(readme).toContain(`(${path.split('/').at(-1) ?? ''})`);
      for (const [, name = ''] of readText(path).matchAll(/\$\{\{\s*(?:secrets|vars)\.(\w+)/g)) {
        expect(readme).toContain(`\`${name}\``);
      }
    }
  });

  it('say in the template what decides, and that it does not', () => {
    const template = readText('.github/PULL_REQUEST_TEMPLATE.md');
    expect(template).toContain('Nothing is decided from this text');
    expect(template).toContain('changes/<client>/CHG-YYYY-NNNN.yaml');
  });
});
