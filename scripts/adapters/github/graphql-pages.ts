/** Lists of GraphQL, read to their end. */
import { requirePage } from '../network/limited-fetch.ts';

export interface GraphqlPage<Node> {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly nodes: readonly Node[];
}

export interface Actor {
  readonly login: string;
  readonly databaseId?: number;
}

/** Fields of an actor. */
export const actor = 'login ... on User { databaseId } ... on Bot { databaseId }';

/** All nodes of a list; `name` is that of the operation, for logs and for fakes. */
export async function readPages<Node>(
  name: string,
  ask: (after: string | null) => Promise<GraphqlPage<Node>>,
): Promise<readonly Node[]> {
  const all: Node[] = [];
  let after: string | null = null;
  for (let nth = 1; nth === 1 || after !== null; nth += 1) {
    requirePage('GitHub', name, nth);
    const { pageInfo, nodes }: GraphqlPage<Node> = await ask(after);
    all.push(...nodes);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  }
  return all;
}
