/** Looks at every open pull request again: heals missed events, approvals that expired, windows that opened or closed. */
import type { Services } from '../contract/context.ts';
import { SluiceError } from '../contract/errors.ts';
import type { ExitName } from '../contract/exit-codes.ts';
import type { PullHead } from '../contract/ports.ts';
import { decidePull, type PullOutcome } from './decide-pull.ts';

export interface SweptPull {
  readonly number: number;
  /** Id of the record; null unless there is exactly one. */
  readonly change: string | null;
  readonly title: string;
  readonly verdict: 'allow' | 'deny' | 'undetermined' | null;
  readonly published: PullOutcome['published'] | 'failed' | 'skipped';
  readonly why: string;
  /** Of the error that kept it from being decided; null when there was none. */
  readonly failure: ExitName | null;
}

/** One after the other, and none of them stops the others. Throws only when the list itself cannot be read. */
export async function sweep(services: Services, publish: boolean): Promise<readonly SweptPull[]> {
  const github = await services.github();
  const swept: SweptPull[] = [];
  for (const listed of await github.openPulls()) {
    swept.push(await sweepOne(services, listed, publish));
  }
  return swept;
}

async function sweepOne(services: Services, listed: PullHead, publish: boolean): Promise<SweptPull> {
  const { number, title } = listed;
  const nothing = { number, title, change: null, verdict: null };
  try {
    const github = await services.github();
    if (!(await github.pullHead(number)).isOpen) {
      return { ...nothing, published: 'skipped', why: 'closed meanwhile', failure: null };
    }
    const outcome = await decidePull(services, {
      number,
      moment: 'merge',
      bundles: { from: 'ci' },
      publish: publish ? 'changes' : 'preview',
    });
    // Nothing is written over a verdict by who has not got the commit that it is about.
    const published = publish && outcome.published === 'not published' ? 'failed' : outcome.published;
    return { number, title, published, ...summaryOf(outcome) };
  } catch (error) {
    return { ...nothing, published: 'failed', why: reasonOf(error), failure: exitOf(error) };
  }
}

function summaryOf({ result }: PullOutcome): Pick<SweptPull, 'change' | 'verdict' | 'why' | 'failure'> {
  if ('error' in result) {
    const { error } = result;
    return { change: null, verdict: 'undetermined', why: reasonOf(error), failure: exitOf(error) };
  }
  const { changeId, verdict, checks } = result.decision;
  const why = checks.find((check) => check.verdict !== 'allow')?.reasons[0] ?? '';
  return { change: changeId, verdict, why, failure: null };
}

function reasonOf(error: unknown): string {
  return error instanceof SluiceError ? error.parts.what : String(error);
}

function exitOf(error: unknown): ExitName {
  return error instanceof SluiceError ? error.exit : 'internal';
}
