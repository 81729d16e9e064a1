/**
 * Progress for people, on a stream that is not the result. On a terminal a step is one live line with its elapsed
 * seconds; anywhere else, and in CI, it is a line when it starts and a line when it ends, so that a log reads in order.
 */
import pc from 'picocolors';
import type { Reporter } from '../../contract/ports.ts';

/** The part of a stream that is needed; `process.stderr` is one. */
interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ReporterOptions {
  readonly stream: ProgressStream;
  /** CI, NO_COLOR and TERM are read from it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly monotonicMs: () => number;
  /** How often the live line is drawn again. Default 250. */
  readonly everyMs?: number;
}

const isSet = (value: string | undefined): boolean =>
  value !== undefined && value !== '' && value !== 'false' && value !== '0';

/** Text from tools and repositories must not be able to move the cursor or colour the screen. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** One live line at the bottom of a terminal. */
class LiveLine {
  private readonly stream: ProgressStream;
  private isDrawn = false;

  constructor(stream: ProgressStream) {
    this.stream = stream;
  }

  draw(text: string): void {
    const width = Math.max((this.stream.columns ?? 80) - 1, 10);
    this.stream.write(`\r\u001b[2K${Array.from(text).slice(0, width).join('')}`);
    this.isDrawn = true;
  }

  clear(): void {
    if (this.isDrawn) {
      this.stream.write('\r\u001b[2K');
      this.isDrawn = false;
    }
  }
}

interface ReportedStep {
  readonly name: string;
  readonly startedAt: number;
  detail: string;
}

class StreamReporter implements Reporter {
  private readonly options: ReporterOptions;
  private readonly live: LiveLine | null;
  private readonly colors: ReturnType<typeof pc.createColors>;
  private readonly steps: ReportedStep[] = [];

  constructor(options: ReporterOptions) {
    const { stream, environment } = options;
    const isTerminal = stream.isTTY === true && !isSet(environment['CI']) && environment['TERM'] !== 'dumb';
    this.options = options;
    this.live = isTerminal ? new LiveLine(stream) : null;
    // NO_COLOR counts when it is not empty, whatever it says (no-color.org).
    this.colors = pc.createColors(isTerminal && (environment['NO_COLOR'] ?? '') === '');
  }

  info(text: string): void {
    this.line(plain(text));
  }

  warn(text: string): void {
    this.line(`${this.colors.yellow('warning:')} ${plain(text)}`);
  }

  async step<T>(name: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T> {
    const step: ReportedStep = { name: plain(name), startedAt: this.options.monotonicMs(), detail: '' };
    this.begin(step);
    const timer = this.live === null ? null : setInterval(() => this.redraw(), this.options.everyMs ?? 250);
    try {
      const result = await work((detail) => {
        step.detail = plain(detail);
        this.redraw();
      });
      this.finish(step, this.colors.green('done'));
      return result;
    } catch (cause) {
      this.finish(step, this.colors.red('failed'));
      throw cause;
    } finally {
      if (timer !== null) {
        clearInterval(timer);
      }
    }
  }

  private begin(step: ReportedStep): void {
    this.steps.push(step);
    if (this.live === null) {
      this.line(`${step.name} …`);
    }
    this.redraw();
  }

  private finish(step: ReportedStep, verdict: string): void {
    this.steps.splice(this.steps.indexOf(step), 1);
    this.line(`${step.name}: ${verdict} in ${this.elapsed(step)}`);
  }

  private elapsed(step: ReportedStep): string {
    return seconds(this.options.monotonicMs() - step.startedAt);
  }

  private line(text: string): void {
    this.live?.clear();
    this.options.stream.write(`${text}\n`);
    this.redraw();
  }

  private redraw(): void {
    const step = this.steps.at(-1);
    if (this.live !== null && step !== undefined) {
      const detail = step.detail === '' ? '' : ` · ${step.detail}`;
      this.live.draw(`${step.name} … ${this.elapsed(step)}${detail}`);
    }
  }
}

export function createReporter(options: ReporterOptions): Reporter {
  const reporter = new StreamReporter(options);
  return {
    info: (text) => {
      reporter.info(text);
    },
    warn: (text) => {
      reporter.warn(text);
    },
    step: async (name, work) => reporter.step(name, work),
  };
}
