/** A question to the outside whose failure is named, while the rest goes on. */
import { ExternalError } from '../../contract/errors.ts';

export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/** Throws what is no failure of the outside. */
export async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!(error instanceof ExternalError)) {
      throw error;
    }
    const { what, why = '' } = error.parts;
    return { ok: false, reason: `${what} ${why}`.trim() };
  }
}
