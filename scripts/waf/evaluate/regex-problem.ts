/** Why a regular expression cannot be used; carried as an exception inside the translator only. */
export class RegexProblem extends Error {
  /** `refused`: Cloudflare's engine refuses it. `untranslated`: it may be legal, but cannot be evaluated here. */
  readonly kind: 'refused' | 'untranslated';
  /** Index in the pattern. */
  readonly at: number;

  constructor(kind: 'refused' | 'untranslated', message: string, at: number) {
    super(message);
    this.name = 'RegexProblem';
    this.kind = kind;
    this.at = at;
  }
}
