/** The URI of a request after the rewrites of a phase. */
import type { RequestFields, RuntimeValue, Unknown } from '../evaluate/runtime.ts';
import { groupPairs, joinTarget, pathExtension, readArguments } from '../evaluate/uri.ts';

/** New `path` and `query`; a part that is not in the map stays as it was. */
export type Rewritten = Map<string, RuntimeValue | Unknown>;

/** The request as the next phase sees it. What cannot be told is left out, and is then unknown. */
export function applyRewrites({ fields: before }: RequestFields, rewritten: Rewritten): RequestFields {
  const path = rewritten.get('path') ?? before.get('http.request.uri.path');
  const query = rewritten.get('query') ?? before.get('http.request.uri.query');
  const fields = new Map([...before].filter(([name]) => !name.startsWith('http.request.uri')));
  if (typeof path === 'string') {
    fields.set('http.request.uri.path', path);
    fields.set('http.request.uri.path.extension', pathExtension(path));
  }
  if (typeof query === 'string') {
    const { map, names, values } = groupPairs(readArguments(query));
    fields.set('http.request.uri.query', query);
    fields.set('http.request.uri.args', map);
    fields.set('http.request.uri.args.names', names);
    fields.set('http.request.uri.args.values', values);
  }
  if (typeof path === 'string' && typeof query === 'string') {
    fields.set('http.request.uri', joinTarget({ path, query }));
  }
  return { fields };
}
