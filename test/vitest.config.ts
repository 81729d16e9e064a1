import { defineConfig } from 'vitest/config';
import { PlainReporter } from './plain-reporter.ts';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    // Real Terraform, git and child processes: slow by nature, never by waiting.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    env: { TZ: 'UTC', LC_ALL: 'C' },
    reporters: ['default', new PlainReporter()],
  },
});
