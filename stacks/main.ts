/**
 * Writes every stack's configuration to `<output>/stacks/<name>/cdk.tf.json`. Runs alone or under the stock CLI: both
 * take the context from cdktf.json, and the CLI's own context (`CDKTF_CONTEXT_JSON`) and output folder
 * (`CDKTF_OUTDIR`) win over the defaults here.
 */
import { App } from 'cdktf';
import settings from '../cdktf.json' with { type: 'json' };
import { EstateError } from './constructs/estate-error.ts';
import { declareEstate } from './estate.ts';

try {
  const { context, targetVersions } = settings;
  const app = new App({ context: { ...context, targetVersions } });
  declareEstate(app);
  app.synth();
} catch (error) {
  if (!(error instanceof EstateError)) {
    throw error;
  }
  // A mistake in the estate's data is for its author: one line, no stack trace.
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
