/** The estate as its bundles say it, for tests: synthesized in this process into a temporary folder. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import settings from '../../cdktf.json' with { type: 'json' };
import { declareStacks } from '../../stacks/constructs/estate-program.ts';
import { EstateStack } from '../../stacks/constructs/estate-stack.ts';
import { estate } from '../../stacks/estate.ts';

export interface Rule {
  readonly ref: string;
  readonly description: string;
  readonly expression: string;
  readonly action: string;
  readonly enabled: boolean;
  readonly action_parameters?: Readonly<Record<string, unknown>>;
  readonly ratelimit?: { readonly characteristics: readonly string[] };
}

export type Context = Readonly<Record<string, unknown>>;

export type Attributes = Readonly<Record<string, unknown>> & {
  readonly rules?: readonly Rule[];
  readonly phase?: string;
  readonly name?: string;
  readonly type?: string;
  readonly content?: string;
  readonly proxied?: boolean;
  readonly setting_id?: string;
  readonly value?: unknown;
  readonly zone_id?: string;
  readonly lifecycle?: { readonly prevent_destroy?: boolean };
};

export interface Synthesized {
  readonly text: string;
  readonly terraform: {
    readonly backend: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly required_providers: Readonly<Record<string, unknown>>;
  };
  readonly provider: Readonly<Record<string, readonly unknown[]>>;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
}

export const stackNames: readonly string[] = estate.map(({ name }) => name);

/** Synthesizes the whole estate; `context` is what cdktf.json would give. */
export function synthesizeEstate(context: Context = settings.context): ReadonlyMap<string, Synthesized> {
  return withApp(context, (app) => declareStacks(app, estate));
}

/** Synthesizes one stack with whatever `declare` puts into it. */
export function synthesizeStack(declare: (stack: EstateStack) => void): Synthesized {
  const props = { client: 'test', environment: 'staging', accountId: 'a'.repeat(32) } as const;
  const stacks = withApp({ backend: 'local' }, (app) => declare(new EstateStack(app, 'test-staging', props)));
  return found(stacks.get('test-staging'), 'the stack of the test');
}

/** Resources of a type, by logical id; empty when there are none. */
export function resources(stack: Synthesized, type: string): readonly (readonly [string, Attributes])[] {
  return Object.entries(stack.resource[type] ?? {});
}

export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw new Error(`${what} is missing`);
  }
  return value;
}

function withApp(context: Context, declare: (app: App) => void): ReadonlyMap<string, Synthesized> {
  const outdir = mkdtempSync(join(tmpdir(), 'sluice-synth-'));
  try {
    const app = new App({
      outdir,
      context: { ...context, targetVersions: { terraform: '>=1.10.0' } },
    });
    declare(app);
    app.synth();
    const names = app.node.children.map((child) => child.node.id);
    return new Map(names.map((name) => [name, read(join(outdir, 'stacks', name, 'cdk.tf.json'))]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function read(file: string): Synthesized {
  const text = readFileSync(file, 'utf8');
  return { ...(JSON.parse(text) as Omit<Synthesized, 'text'>), text };
}
