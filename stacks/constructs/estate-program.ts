/**
 * The program of an estate: writes every stack's configuration to `<output>/stacks/<name>/cdk.tf.json`. Runs alone or
 * under the stock CLI: both take the context from cdktf.json, and the CLI's own context (`CDKTF_CONTEXT_JSON`) and output
 * folder (`CDKTF_OUTDIR`) win over the defaults here.
 */
import { App } from 'cdktf';
import { EstateError } from './checks/estate-error.ts';
import { settleEmergency } from './emergency/settle.ts';
import { EstateStack, type EstateStackProps } from './estate-stack.ts';

/** One stack of the estate. What is not listed does not exist. */
export interface StackEntry extends EstateStackProps {
  /** `<client>-<environment>`, or the client alone for its account: names the state, so it never changes. */
  readonly name: string;
  readonly declare: (stack: EstateStack) => void;
}

/** What of cdktf.json the program needs. */
export interface EstateProgramSettings {
  readonly context: Readonly<Record<string, unknown>>;
  readonly targetVersions: Readonly<Record<string, string>>;
}

/** Declares every stack in the app; the app's `synth` then writes them. */
export function declareStacks(app: App, estate: readonly StackEntry[]): void {
  for (const { name, declare, ...props } of estate) {
    const stack = new EstateStack(app, name, props);
    declare(stack);
    settleEmergency(stack);
  }
}

/** Writes all stacks. A mistake in the estate's data ends the program with status 1 and one line for its author. */
export function writeEstate(
  { context, targetVersions }: EstateProgramSettings,
  estate: readonly StackEntry[],
): void {
  try {
    const app = new App({ context: { ...context, targetVersions } });
    declareStacks(app, estate);
    app.synth();
  } catch (error) {
    // Sluice hears what is thrown, and says more than a line about it.
    const hasListener = process.listenerCount('uncaughtExceptionMonitor') > 0;
    if (!(error instanceof EstateError) || hasListener) {
      throw error;
    }
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
