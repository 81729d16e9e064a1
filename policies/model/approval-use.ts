/** What became of a release of the change that is being decided on. An approval is used once on each stack. */
export interface ApprovalUse {
  readonly stack: string;
  /** Id of the release. */
  readonly release: string;
  /** `superseded`: still in force, with a release of another change on top of it. */
  readonly became: 'in-force' | 'rolled-back' | 'superseded';
  /** Id of the rollback, or of the release on top; null when it is in force. */
  readonly by: string | null;
}
