/** Files that decide over changes: policies, workflows, the tool itself, and what it is built from. */
const controlFolders = ['policies/', 'scripts/', '.github/', '.ci/', 'changes/record.schema.json'] as const;
const controlNames: ReadonlySet<string> = new Set([
  'package.json',
  'package-lock.json',
  '.npmrc',
  'tsconfig.json',
  'cdktf.json',
]);

/** True for a file whose change alters how changes are judged or released. Service registers are such files: they hold windows. */
export function isControlFile(path: string): boolean {
  return (
    controlNames.has(path) ||
    controlFolders.some((folder) => path.startsWith(folder)) ||
    /^stacks\/clients\/[^/]+\/service\.yaml$/.test(path)
  );
}
