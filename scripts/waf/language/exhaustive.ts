/** Ends an exhaustive switch: the compiler proves that it is never called, and a value from elsewhere is a bug. */
export function unreachable(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
