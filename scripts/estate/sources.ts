/** Texts that an estate begins with: its packages, a register, and the sources of a stack and its zones. */
import type { WeeklyWindow } from '../../policies/model/calendar.ts';
import type { Register } from '../../policies/model/facts.ts';
import { camel, declareName, zoneFile, zoneKey } from './names.ts';

type StackSource = Register['stacks'][number];

export interface StateSettings {
  /** Account and bucket at R2; null keeps state beside the bundle, which is for trying out only. */
  readonly r2: { readonly account: string; readonly bucket: string } | null;
}

/** `cdktf.json`. */
export function programText({ r2 }: StateSettings): string {
  return jsonText({
    language: 'typescript',
    app: 'node --import tsx stacks/main.ts',
    sendCrashReports: 'false',
    output: 'cdktf.out',
    terraformProviders: [],
    terraformModules: [],
    targetVersions: { terraform: '>=1.10.0', opentofu: '>=1.10.0' },
    context:
      r2 === null
        ? { backend: 'local' }
        : { backend: 'r2', stateAccount: r2.account, stateBucket: r2.bucket },
  });
}

export interface NewPackage {
  readonly name: string;
  /** Where npm takes the product from; null where the file says it already. */
  readonly sluice: string | null;
  readonly typescript: string;
  /** What the product overrides for its own packages: npm takes overrides from the root alone. */
  readonly overrides: object;
  readonly node: string;
}

type SourceFields = Readonly<Record<string, unknown>>;

/** `package.json`; what `before` (null: there is none) says is kept, and so is where it takes the product from. */
export function packageText(wanted: NewPackage, before: SourceFields | null): string {
  const own = (name: string): SourceFields => (before?.[name] ?? {}) as SourceFields;
  return jsonText({
    name: wanted.name,
    private: true,
    ...before,
    type: 'module',
    engines: { node: wanted.node, ...own('engines') },
    scripts: {
      typecheck: 'tsc --noEmit',
      check: 'npm run typecheck && sluice doctor',
      ...own('scripts'),
    },
    dependencies: { ...(wanted.sluice === null ? {} : { sluice: wanted.sluice }), ...own('dependencies') },
    devDependencies: { typescript: wanted.typescript, ...own('devDependencies') },
    overrides: { ...own('overrides'), ...wanted.overrides },
  });
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

export interface NewClient {
  readonly client: string;
  readonly title: string;
  readonly accountId: string;
  readonly tier: number;
  readonly window: WeeklyWindow;
}

/** `stacks/clients/<client>/service.yaml`, of a client that is being taken over. */
export function registerText({ client, title, accountId, tier, window }: NewClient): string {
  const quoted = JSON.stringify;
  return `# yaml-language-server: $schema=../service.schema.json
apiVersion: backstage.io/v1alpha1
kind: System
metadata:
  name: ${client}
  title: ${quoted(title)}
spec:
  # While it says transition, what a client in service needs and is not here yet is a warning of \`sluice doctor\`.
  lifecycle: transition
  tier: ${String(tier)}
  account:
    cloudflareId: "${accountId}"
  stacks: []
  windows:
    - id: ${window.id}
      days: [${window.days.join(', ')}]
      start: "${window.start}"
      end: "${window.end}"
      timezone: ${window.timezone}
  clientApprovalRequired: false
  standardChanges: []
`;
}

/** Sources of a new stack by their path. */
export function stackSources(client: string, title: string, stack: StackSource): ReadonlyMap<string, string> {
  const folder = `stacks/clients/${client}`;
  const zones = stack.zones.map((domain) => ({
    domain,
    key: zoneKey(domain),
    name: camel(zoneFile(domain)),
    file: zoneFile(domain),
  }));
  return new Map([
    [`${folder}/${stack.environment}.ts`, programOf(title, stack, zones)],
    ...zones.flatMap(({ domain, name, file }): readonly (readonly [string, string])[] => [
      [
        `${folder}/dns/${file}.ts`,
        `/** Records of ${domain}. */
import type { DnsRecordInput } from 'sluice/stacks';

export const ${name}Records: readonly DnsRecordInput[] = [];
`,
      ],
      [
        `${folder}/waf/${file}.ts`,
        `/** Custom rules of ${domain}, in their order: the first terminating match wins. */
import type { WafRule } from 'sluice/stacks';

export const ${name}Waf: readonly WafRule[] = [];
`,
      ],
    ]),
  ]);
}

interface NamedZone {
  readonly domain: string;
  readonly key: string;
  readonly name: string;
  readonly file: string;
}

function programOf(title: string, { name, environment }: StackSource, zones: readonly NamedZone[]): string {
  const used =
    zones.length === 0
      ? ['type EstateStack']
      : [
          'DnsRecords',
          'WafCustomRules',
          'WafManagedRules',
          'Zone',
          'ZoneDnssec',
          'ZoneSettings',
          'type EstateStack',
        ];
  const head = [
    `/** ${title.replaceAll('*/', '* /')}, ${environment}. */`,
    'import {',
    ...used.map((one) => `  ${one},`),
    "} from 'sluice/stacks';",
    ...zones.map(({ name: zone, file }) => `import { ${zone}Records } from './dns/${file}.ts';`),
    ...zones.map(({ name: zone, file }) => `import { ${zone}Waf } from './waf/${file}.ts';`),
    '',
  ];
  const body = zones.map(({ domain, key, name: zone }) => [
    `  const ${zone} = new Zone(stack, { key: '${key}', domain: '${domain}' });`,
    `  new ZoneSettings(${zone});`,
    `  new ZoneDnssec(${zone});`,
    `  new DnsRecords(${zone}, ${zone}Records);`,
    `  if (${zone}Waf.length > 0) {`,
    `    new WafCustomRules(${zone}, { rules: ${zone}Waf });`,
    '  }',
    `  new WafManagedRules(${zone});`,
  ]);
  return [
    ...head,
    `export function ${declareName(name)}(${zones.length === 0 ? '_stack' : 'stack'}: EstateStack): void {`,
    ...body.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])),
    '}',
    '',
  ].join('\n');
}
