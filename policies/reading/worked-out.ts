/** What is worked out of something for several who ask, and once. */
export type WorkedOut<S> = <T>(work: (subject: S) => T) => T;

/** Keeps the answer of each function; they must be the same functions for everybody who asks, and not throw. */
export function workedOutOf<S>(subject: () => S): WorkedOut<S> {
  const answers = new Map<(subject: S) => unknown, { readonly answer: unknown }>();
  return <T>(work: (subject: S) => T): T => {
    const known = answers.get(work) ?? { answer: work(subject()) };
    answers.set(work, known);
    return known.answer as T;
  };
}
