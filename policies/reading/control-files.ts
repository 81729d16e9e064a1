/** Files that decide over changes: policies, workflows, the tool itself, and what it is built from. */
const controlFolders = ['policies/', 'scripts/', '.github/', '.ci/', '.sluice/'] as const;
const controlNames: ReadonlySet<string> = new Set([
  'package.json',
  'package-lock.json',
  '.npmrc',
  'tsconfig.json',
  'cdktf.json',
]);

/** True for a file whose change alters how changes are judged or released. Service registers are such files: they hold windows. So are must-pass cases. */
export function isControlFile(path: string): boolean {
  return (
    controlNames.has(path) ||
    controlFolders.some((folder) => path.startsWith(folder)) ||
    isRegister(path) ||
    isTrafficCase(path) ||
    isChangeData(path)
  );
}

/**
 * Requests that must pass, added ones too: the gate tries the cases of the base branch, so one that comes along with a
 * change of rules would look as if it had been tried on it.
 */
function isTrafficCase(path: string): boolean {
  return /^stacks\/clients\/[^/]+\/traffic\//.test(path);
}

function isRegister(path: string): boolean {
  return /^stacks\/clients\/[^/]+\/service\.ya?ml$/.test(path);
}

/** Below `changes/` what is no record: the incidents that emergencies are believed by, and the schemas. */
function isChangeData(path: string): boolean {
  return /^changes\/[^/]+\.(?:ya?ml|json)$/.test(path);
}

/** True for what must not share a pull request with a change of infrastructure. */
export function isSeparateFile(path: string): boolean {
  // What the tool is built from is not among them: a provider bump changes the lock file together with the plan.
  return (
    ['policies/', '.github/', 'scripts/', '.sluice/'].some((folder) => path.startsWith(folder)) ||
    isRegister(path) ||
    isTrafficCase(path) ||
    isChangeData(path)
  );
}

/** Records that a pull request adds, edits or deletes beside its own, at `changes/<client>/<id>.yaml`. */
export function otherRecords(
  paths: readonly string[],
  own: { readonly client: string; readonly id: string },
): readonly string[] {
  return paths.filter(
    (path) => /^changes\/.+\/[^/]+\.ya?ml$/.test(path) && path !== `changes/${own.client}/${own.id}.yaml`,
  );
}
