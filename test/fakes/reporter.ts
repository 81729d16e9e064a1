/** Keeps what was reported, for a test to look at. */
import type { Reporter } from '../../scripts/contract/ports.ts';

export interface FakeReporter extends Reporter {
  /** `info: …`, `warn: …`, `step: …`, `detail: …`, `done: …`, `failed: …`, in order. */
  readonly lines: readonly string[];
}

export function fakeReporter(): FakeReporter {
  const lines: string[] = [];
  return {
    lines,
    info: (text) => {
      lines.push(`info: ${text}`);
    },
    warn: (text) => {
      lines.push(`warn: ${text}`);
    },
    step: async (name, work) => {
      lines.push(`step: ${name}`);
      try {
        const result = await work((detail) => {
          lines.push(`detail: ${detail}`);
        });
        lines.push(`done: ${name}`);
        return result;
      } catch (cause) {
        lines.push(`failed: ${name}`);
        throw cause;
      }
    },
  };
}
