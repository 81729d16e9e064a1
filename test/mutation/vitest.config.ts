import { defineConfig } from 'vitest/config';

const slices = 2;

/** One long "test file" per core: each takes its share of the mutants. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    maxWorkers: slices,
    reporters: ['verbose'],
    projects: Array.from({ length: slices }, (_, slice) => ({
      test: {
        name: `slice ${String(slice + 1)}`,
        include: ['test/mutation/run.mutate.ts'],
        testTimeout: 7_200_000,
        bail: 1,
        env: {
          TZ: 'UTC',
          LC_ALL: 'C',
          SLUICE_PROPERTY_RUNS: '40',
          SLUICE_MUTATION_SLICE: `${String(slice)}/${String(slices)}`,
        },
      },
    })),
  },
});
