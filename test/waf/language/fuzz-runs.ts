/** How many inputs a fuzz test tries: a few by default, `SLUICE_FUZZ_RUNS` in a full run. */
export function fuzzRuns(usual: number): number {
  const asked = Number(process.env['SLUICE_FUZZ_RUNS'] ?? '');
  return Number.isInteger(asked) && asked > 0 ? asked : usual;
}
