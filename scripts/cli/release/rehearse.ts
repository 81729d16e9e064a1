import { printedJson } from '../../render/text/printed-json.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { gatherPlan } from '../../facts/plan.ts';
import { rehearse, type OnFailure } from '../../release/run/rehearse.ts';
import { effectDigest } from '../../plan/digest.ts';
import { effectiveChanges, type RehearsalEvidence } from '../../release/rehearsal.ts';
import { renderError } from '../../render/findings/error.ts';
import { renderRehearsal } from '../../render/release/rehearsal-text.ts';

export interface RehearseFlags {
  readonly base: string;
  readonly bundles?: string;
  readonly out?: string;
  readonly format: 'text' | 'json';
}

/** `sluice rehearse`: one piece of evidence per stack that changes; `denied` if one of them is not proven. */
export async function rehearseCommand(
  this: SluiceContext,
  flags: RehearseFlags,
  ...stacks: string[]
): Promise<void> {
  const services = await this.services();
  const gathered = await gatherPlan(services, {
    stacks,
    base: flags.base,
    ...(flags.bundles === undefined ? {} : { bundles: flags.bundles }),
  });
  const digest = effectDigest(gathered.plan);
  const results: RehearsalEvidence[] = [];
  for (const stack of gathered.plan.stacks.filter((entry) => effectiveChanges(entry) > 0)) {
    const proposed = gathered.proposed.get(stack.stack);
    if (proposed !== undefined) {
      results.push(
        await rehearse(
          services,
          { base: gathered.base.get(stack.stack) ?? null, proposed, effectDigest: digest, from: 'kept' },
          explainTo(this),
        ),
      );
    }
  }
  for (const result of flags.out === undefined ? [] : results) {
    await services.files.writeText(`${String(flags.out)}/${result.stack}.json`, printedJson(result));
  }
  this.print(
    flags.format === 'json'
      ? printedJson({ kind: 'sluice.rehearsals', version: 1, rehearsals: results })
      : renderRehearsal(results, this.style),
  );
  if (results.some((result) => result.result !== 'proven')) {
    this.exit('denied');
  }
}

/**
 * The whole of what Terraform said, for the person at this terminal. The log of a CI run is read by more people than may see
 * what Terraform quotes.
 */
function explainTo({ surroundings, style }: SluiceContext): OnFailure {
  const isRun = surroundings.env['CI'] !== undefined || surroundings.env['GITHUB_ACTIONS'] !== undefined;
  return (error) => {
    if (!isRun) {
      surroundings.stderr.write(renderError(error, style, false).text);
    }
  };
}
