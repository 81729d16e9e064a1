/** Whose estate a change concerns. What its record says is a claim: it is compared with the stacks, and never narrows them down. */
import { compareText } from '../../scripts/json/json.ts';
import type { PolicySet } from '../model/facts.ts';
import type { AuthoredRecord } from '../model/record.ts';
import { registerOfStack } from './estate-context.ts';

/** As the record says. */
export function namedClients({
  client,
  clients,
}: Pick<AuthoredRecord, 'client' | 'clients'>): readonly string[] {
  return clients ?? [client];
}

/** A stack that no register lists stands for itself: no client has agreed to anything for it. */
export function clientsOfStacks(
  policy: Pick<PolicySet, 'registers'>,
  stacks: readonly string[],
): readonly string[] {
  const clients = stacks.map((stack) => registerOfStack(policy, stack)?.client ?? stack);
  return [...new Set(clients)].toSorted(compareText);
}

/** Those whom the record names, and those whose stacks these are. */
export function clientsInScope(
  record: Pick<AuthoredRecord, 'client' | 'clients'> | null,
  policy: Pick<PolicySet, 'registers'>,
  stacks: readonly string[],
): readonly string[] {
  const named = record === null ? [] : namedClients(record);
  return [...new Set([...named, ...clientsOfStacks(policy, stacks)])].toSorted(compareText);
}

/** The stacks among these that are the client's. */
export function stacksOfClient(
  policy: Pick<PolicySet, 'registers'>,
  client: string,
  stacks: readonly string[],
): readonly string[] {
  return stacks.filter((stack) => (registerOfStack(policy, stack)?.client ?? stack) === client);
}
