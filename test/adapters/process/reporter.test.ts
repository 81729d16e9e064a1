import { describe, expect, it, vi } from 'vitest';
import { createReporter } from '../../../scripts/adapters/process/reporter.ts';
import type { ReporterOptions } from '../../../scripts/adapters/process/reporter.ts';
import type { Reporter } from '../../../scripts/contract/ports.ts';
import { fixedClock } from '../../fakes/clock.ts';
import { rejection } from '../files/temp-folder.ts';

interface Screen {
  readonly reporter: Reporter;
  readonly text: () => string;
  readonly advance: (ms: number) => void;
}

function screen(
  stream: { isTTY?: boolean; columns?: number },
  environment: ReporterOptions['environment'] = {},
): Screen {
  const written: string[] = [];
  const clock = fixedClock('2026-11-23T10:00:00.000Z');
  const reporter = createReporter({
    stream: { ...stream, write: (text) => written.push(text) },
    environment,
    monotonicMs: () => clock.monotonicMs(),
  });
  return { reporter, text: () => written.join(''), advance: (ms) => clock.advance(ms) };
}

async function showStep({ reporter, advance }: Screen): Promise<void> {
  await reporter.step('plan', async (update) => {
    advance(1_500);
    update('reading state');
    reporter.warn('careful');
  });
}

describe('on a terminal', () => {
  it('draws one line again and again, with seconds and detail, and leaves the result', async () => {
    const tty = screen({ isTTY: true, columns: 80 }, { NO_COLOR: '1' });
    await showStep(tty);
    expect(tty.text()).toBe(
      [
        '\r\u001b[2Kplan … 0.0 s',
        '\r\u001b[2Kplan … 1.5 s · reading state',
        '\r\u001b[2Kwarning: careful\n',
        '\r\u001b[2Kplan … 1.5 s · reading state',
        '\r\u001b[2Kplan: done in 1.5 s\n',
      ].join(''),
    );
  });

  it('counts seconds while nothing is reported', async () => {
    vi.useFakeTimers();
    const tty = screen({ isTTY: true, columns: 80 }, { NO_COLOR: '1' });
    await tty.reporter.step('apply', async () => {
      tty.advance(12_400);
      vi.advanceTimersByTime(300);
    });
    vi.useRealTimers();
    expect(tty.text()).toContain('\r\u001b[2Kapply … 12 s');
  });

  it('never draws beyond the width of the terminal', async () => {
    const tty = screen({ isTTY: true, columns: 20 }, { NO_COLOR: '1' });
    await tty.reporter.step('a name that is longer than the line', async () => undefined);
    expect(tty.text()).toContain('\r\u001b[2Ka name that is long\r');
  });

  it('colours unless NO_COLOR is set', async () => {
    const colour = screen({ isTTY: true });
    await showStep(colour);
    expect(colour.text()).toContain('\u001b[33mwarning:');
    expect(colour.text()).toContain('\u001b[32mdone');
  });
});

describe.each([
  ['in a pipe', {}, {}],
  ['in CI with a terminal', { isTTY: true }, { CI: 'true' }],
  ['on a dumb terminal', { isTTY: true }, { TERM: 'dumb' }],
])('%s', (_name, stream, environment) => {
  it('writes plain lines in order, without control characters', async () => {
    const log = screen(stream, environment);
    await showStep(log);
    expect(log.text()).toBe('plan …\nwarning: careful\nplan: done in 1.5 s\n');
  });
});

describe('what is reported', () => {
  it('says that a step failed and passes its error on', async () => {
    const log = screen({});
    const cause = new Error('no');
    expect(await rejection(log.reporter.step('apply', () => Promise.reject(cause)))).toBe(cause);
    expect(log.text()).toBe('apply …\napply: failed in 0.0 s\n');
  });

  it('cannot move the cursor or change colours', async () => {
    const log = screen({ isTTY: true }, { NO_COLOR: '1' });
    log.reporter.info('a\u001b[2J\r\nb\u202ec');
    log.reporter.warn('d\u0007e');
    await log.reporter.step('f\u001b[31m', async (update) => update('g\nh'));
    const drawn = log.text().replaceAll('\r\u001b[2K', '');
    expect(['\u001b', '\u0007', '\u202e', '\r'].filter((character) => drawn.includes(character))).toEqual([]);
    expect(log.text()).toContain('a [2J  b c\n');
  });

  it('keeps nested steps apart', async () => {
    const log = screen({});
    await log.reporter.step('outer', () => log.reporter.step('inner', async () => undefined));
    expect(log.text()).toBe('outer …\ninner …\ninner: done in 0.0 s\nouter: done in 0.0 s\n');
  });
});
