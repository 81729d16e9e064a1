/** Something in the estate's own data is wrong. Stops the synthesis: a half-correct bundle is worse than none. */
export class EstateError extends Error {
  override readonly name = 'EstateError';

  /** `where` is a stack, or `stack/address`; `fix` says what to write instead. */
  constructor(where: string, problem: string, fix: string) {
    super(`${where}: ${problem}. ${fix}`);
  }
}
