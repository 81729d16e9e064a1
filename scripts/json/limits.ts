/**
 * How much is read of what others wrote. One table: every reader of foreign bytes takes its row, values are counted while
 * the text is read and before anything is built of it, and the clock is looked at in the same loop.
 */

/** Depth counts nested lists and maps. */
export interface Limits {
  readonly bytes: number;
  readonly depth: number;
  /** Values of JSON; tokens of YAML, of which a value takes about five. */
  readonly values: number;
  readonly seconds: number;
}

export const limits = {
  /** Records, registers, policy data: written by hand, 3 to 60 kB. The library's tree takes up to 1 kB a token. */
  yaml: { bytes: 1_000_000, depth: 64, values: 100_000, seconds: 20 },
  /** Recorded traffic and test cases in YAML: most of it is bodies, which are one token each. */
  trafficYaml: { bytes: 10_000_000, depth: 64, values: 300_000, seconds: 60 },
  /** Lock files of npm: one of 500 packages has 200 kB and 5,000 values. */
  packages: { bytes: 20_000_000, depth: 20, values: 500_000, seconds: 20 },
  /** Configurations, plans, facts: a bundle of 50,000 resources has 30 MB and 1.5 million values, its plan 3 million. */
  json: { bytes: 200 * 1024 * 1024, depth: 64, values: 4_000_000, seconds: 120 },
  /** What Terraform shows of a plan and keeps as state: prior, planned, configuration and changes of each resource. */
  terraform: { bytes: 400 * 1024 * 1024, depth: 100, values: 12_000_000, seconds: 300 },
  /** Documents of the ledger, of git history and of GitHub, and what a process answers: evidence of one release. */
  document: { bytes: 50_000_000, depth: 64, values: 1_000_000, seconds: 30 },
  /** One line of a log, one body of a request, one message: thousands of them are read. */
  line: { bytes: 2_000_000, depth: 64, values: 50_000, seconds: 5 },
} as const satisfies Readonly<Record<string, Limits>>;

/** Values between two looks at the clock. */
const looked = 4096;

/** Counts what a reader has read. Made anew for each text. */
export class Meter {
  private readonly limits: Limits;
  private readonly now: () => number;
  private readonly began: number;
  private values = 0;

  /** `now` in milliseconds. */
  constructor(given: Limits, now: () => number = () => performance.now()) {
    this.limits = given;
    this.now = now;
    this.began = now();
  }

  /** Counts one more value; what is too much, or null. */
  more(): 'values' | 'seconds' | null {
    this.values += 1;
    if (this.values > this.limits.values) {
      return 'values';
    }
    const isLate = this.values % looked === 0 && this.now() - this.began > this.limits.seconds * 1000;
    return isLate ? 'seconds' : null;
  }
}

/** What is too much of a text, for a message: `more than 100,000 values`. */
export function excess(what: 'depth' | 'values' | 'seconds' | 'bytes', given: Limits): string {
  const most = given[what].toLocaleString('en-GB');
  return what === 'depth' ? `nested more than ${most} levels deep` : `more than ${most} ${what}`;
}
