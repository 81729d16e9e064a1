/** A number of things as a person says it: `1 reason`, `2 reasons`. The plural is the singular and an `s` when left away. */
export function quantity(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
