import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSource } from '../../../architecture/source.ts';
import {
  isApartFromResources,
  isControlFile,
  isSeparateFile,
  otherRecords,
} from '../../../../policies/reading/places/control-files.ts';
import { placeOf } from '../../../../policies/reading/places/places.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const teams = words(`
  changes/acme/CHG-2026-0042.yaml changes/acme/evidence/mail.txt changes/a-b/CHG-2026-12345.yaml
  stacks/clients/acme/production.ts stacks/clients/acme/waf/shop.ts stacks/clients/acme/lists/offices.csv
  stacks/clients/acme/hosts.json stacks/clients/acme/hosts.yaml stacks/clients/acme/service.ts
  README.md docs/on-call.md docs/Übersicht.md changes/README.md policies/README.md stacks/clients/acme/notes.md LICENSE
  .github/decisions/0001-x.md .github/workflows/README.md test/golden/stacks/acme-production.txt
  test/stacks/estate.test.ts`);

const decides = words(`
  policies/a.yaml policies/roster.yaml policies/schemas/roster.schema.json policies/rules/dns/caa-kept.ts scripts/a.ts
  .github/workflows/gate.yml .github/CODEOWNERS .github/PULL_REQUEST_TEMPLATE.md .ci/run .sluice/a
  npm-shrinkwrap.json dist/x/cli.js node_modules/x/index.js cdktf.out/x .gitattributes .gitmodules .gitignore
  .terraformrc terraform.rc x.tfrc x.tf .terraform.lock.hcl .env .envrc tsconfig.build.json tool.mjs lib/tool.ts
  stacks/clients/service.schema.json stacks/clients/acme/service.yaml stacks/clients/acme/service.yml
  stacks/clients/acme/a/service.yaml stacks/clients/acme/traffic/offices.yaml stacks/clients/acme/traffic/deep/a.yml
  stacks/clients/acme/traffic.schema.json stacks/clients/acme/package.json stacks/clients/acme/tsconfig.json
  stacks/clients/acme/tsconfig.x.json stacks/clients/acme/.npmrc stacks/clients/acme/a.js stacks/clients/acme/a.mjs
  stacks/clients/acme/.x/a.ts stacks/clients/Acme/a.ts stacks/clients/a.ts stacks/a.json
  changes/list.yaml changes/record.schema.json changes/a.yml changes/acme/deep/CHG-2026-0001.yaml
  changes/acme/CHG-2026-0001.yml changes/Acme/CHG-2026-0001.yaml changes/acme/evidence/.x changes/acme/note.txt
  test/plan/digest.test.ts test/vitest.config.ts x y/z Policies/roster.yaml POLICIES/ROSTER.YAML
  policies/roster.yaml. stacks/clients/acme/a.ts/ stacks/clients/acme/../b/a.ts readme.MD`);

describe('control files', () => {
  it.each(teams)('are not the team’s own: %s', (path) => {
    expect([isControlFile(path), isSeparateFile(path), isApartFromResources(path)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it.each(decides)('are all others: %s', (path) => {
    expect([isControlFile(path), isSeparateFile(path)]).toEqual([true, true]);
  });

  it.each(words('stacks/main.ts stacks/estate.ts stacks/constructs/zone.ts stacks/constructs/deep/x.ts'))(
    'may come with their own plan when every stack runs them: %s',
    (path) => {
      expect([isControlFile(path), isSeparateFile(path), isApartFromResources(path)]).toEqual([
        true,
        false,
        false,
      ]);
    },
  );

  it.each(words('package.json package-lock.json .npmrc tsconfig.json cdktf.json'))(
    'may come with new settings when everything is built from them, not with resources: %s',
    (path) => {
      expect([isControlFile(path), isSeparateFile(path), isApartFromResources(path)]).toEqual([
        true,
        false,
        true,
      ]);
    },
  );
});

describe('records of others', () => {
  it('are all but the own one', () => {
    const own = { client: 'acme', id: 'CHG-2026-0001' };
    const others = words('changes/acme/CHG-2026-0002.yaml changes/borough/CHG-2026-0001.yaml');
    const none = words('changes/acme/CHG-2026-0001.yaml changes/a.yaml x/changes/acme/CHG-2026-0002.yaml');
    expect(otherRecords([...none, ...others], own)).toEqual(others);
  });
});

const root = new URL('../../../../', import.meta.url).pathname;

/** Where a file or the tool that reads it looks for what it loads, in our own code and in JSON beside it. */
function filesFrom(entries: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const queue = [...entries];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) {
      continue;
    }
    seen.add(path);
    if (!/\.(?:ts|mjs)$/.test(path)) {
      continue;
    }
    const text = readFileSync(`${root}${path}`, 'utf8');
    const at = posix.dirname(path);
    const imported = readSource(text, path).imports.flatMap(({ specifier }) => specifier ?? []);
    // What is opened beside the code by an address of its own.
    const opened = [...text.matchAll(/new URL\(\s*'([^']+\.[a-z]+)',\s*import\.meta\.url/g)].map(
      ([, name = '']) => name,
    );
    for (const name of [...imported.filter((each) => each.startsWith('.')), ...opened]) {
      queue.push(posix.join(at, name));
    }
    expect(
      imported.filter(
        (name) => name.startsWith('/') || (name.startsWith('#') && !builtinModules.includes(name)),
      ),
    ).toEqual([]);
  }
  return seen;
}

describe('what the gate, the release and the bundler read', () => {
  const read = filesFrom(['scripts/cli/main.ts', 'scripts/launch.mjs', 'stacks/main.ts']);

  it('is followed from their entries to the last import', () => {
    expect(read.size).toBeGreaterThan(400);
    expect(
      words(`scripts/change/decide-pull.ts policies/schemas/roster.schema.json changes/record.schema.json
      stacks/clients/service.schema.json scripts/sandbox/provider/server.ts cdktf.json stacks/clients/acme/production.ts
      scripts/adapters/synth/synth.ts`).filter((path) => !read.has(path)),
    ).toEqual([]);
  });

  it('is control, but for what a client’s engineers write for its own stacks', () => {
    const open = [...read].filter((path) => !isControlFile(path));
    expect(open.filter((path) => placeOf(path) !== 'clientStack')).toEqual([]);
  });

  it.each(
    words(`package.json package-lock.json npm-shrinkwrap.json .npmrc .yarnrc yarn.lock pnpm-lock.yaml
    node_modules/tsx/package.json tsconfig.json jsconfig.json cdktf.json .gitattributes .gitmodules .gitignore
    .git/config .terraformrc terraform.rc cli.tfrc terraform.tfvars override.tf cdk.tf.json .terraform.lock.hcl
    .node-version .nvmrc .env .oxlintrc.json .github/dependabot.yml .github/CODEOWNERS .github/actions/setup/action.yml
    stacks/package.json stacks/tsconfig.json stacks/clients/acme/.gitattributes stacks/clients/acme/node_modules/x.js`),
  )('is control where a program finds it by its name: %s', (path) => {
    expect(isControlFile(path)).toBe(true);
  });
});
