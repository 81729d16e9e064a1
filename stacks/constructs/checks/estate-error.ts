/** Something in the estate's own data is wrong. Stops the synthesis: a half-correct bundle is worse than none. */
export class EstateError extends Error {
  override readonly name = 'EstateError';
  readonly where: string;
  readonly problem: string;
  readonly fix: string;

  /** `where` is a stack, or `stack/address`, with `#ref` for a rule in it; `fix` says what to write instead. */
  constructor(where: string, problem: string, fix: string) {
    super(`${where}: ${problem}. ${fix}`);
    this.where = where;
    this.problem = problem;
    this.fix = fix;
  }
}
