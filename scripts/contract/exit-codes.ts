/** The one table of exit codes. A code means the same under every flag; JSON output repeats it as `outcome`. */
export const exitCodes = {
  /** Done, or allowed. */
  ok: 0,
  /** A bug in Sluice. */
  internal: 1,
  /** The command line is wrong. */
  usage: 2,
  /** A file, record or document is invalid. */
  invalidInput: 3,
  /** Refused by policy. */
  denied: 4,
  /** Cannot be told; a person is needed. */
  undetermined: 5,
  /** Something moved since the approval: plan again. */
  stale: 6,
  /** Terraform, git, GitHub or the network failed; nothing was changed. */
  externalTool: 7,
  /** A change was applied in part, or applied and not recorded: state has changed. */
  partialApply: 8,
  /** Live configuration differs from what was released. */
  drift: 9,
} as const;

export type ExitName = keyof typeof exitCodes;

/** Name of an exit code, for messages and tests. */
export function exitName(code: number): ExitName {
  const found = Object.entries(exitCodes).find(([, value]) => value === code);
  return (found?.[0] ?? 'internal') as ExitName;
}
