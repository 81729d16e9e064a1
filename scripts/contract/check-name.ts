/** How the gate's verdict is called on GitHub: whoever publishes it and whoever looks for it must say the same. */

/** Name of the gate's check run. It carries the base branch: a retargeted pull request has no verdict yet. */
export function checkName(baseBranch: string): string {
  return `change-control / ${baseBranch}`;
}
