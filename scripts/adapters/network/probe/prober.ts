/**
 * Asks a service whether it still answers as it should. A probe that cannot be made is a probe that failed: refused
 * connections, expired certificates and timeouts are results with the reason in them, never exceptions, so that a
 * release can be rolled back on any of them.
 */
import type { Probe } from '../../../../policies/model/record.ts';
import type { Prober, ProbeResult } from '../../../contract/ports.ts';
import type { ProbeAnswer, Asking } from './asking.ts';
import { askDns } from './dns.ts';
import { askHttp } from './http.ts';
import { reachable, RefusedAddress } from './reachable.ts';
import { reasonOf } from './reason.ts';
import { askTls } from './tls.ts';

export interface ProberOptions {
  readonly monotonicMs: () => number;
  /** RFC 3339, for what is left of a certificate. */
  readonly now: () => string;
  /** Between two tries. */
  readonly wait: (ms: number) => Promise<void>;
  /**
   * Host name to a base address on this machine, for example `shop.example` to `http://127.0.0.1:8080`: the request
   * goes there and keeps its own Host header. For a local edge in front of the sandbox.
   */
  readonly resolve?: ReadonlyMap<string, string>;
  /** Addresses and networks that are asked although they are not public. */
  readonly allowed?: readonly string[];
  /** PEM of the authorities that are believed; those of Node if left out. */
  readonly trusted?: string;
  /** For one question, from start to the last byte. Default 10,000. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 10_000;

/** Probes of pages, names and certificates. Never throws; a bad address, too, is a failed probe. */
export function createProber(options: ProberOptions): Prober {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const asking = {
    resolve: options.resolve ?? new Map<string, string>(),
    reachable: reachable(options.allowed ?? []),
    trusted: options.trusted,
    timeoutMs,
    now: options.now,
  };
  return {
    probe: async (probe): Promise<ProbeResult> => {
      const started = options.monotonicMs();
      const answered = await askUntilSettled(probe, options.wait, async () => {
        const startedMs = options.monotonicMs();
        const once = await ask(probe, { ...asking, signal: AbortSignal.timeout(timeoutMs) });
        return inTime(probe, once, Math.round(options.monotonicMs() - startedMs));
      });
      return { name: probe.name, ...answered, ms: Math.round(options.monotonicMs() - started) };
    },
  };
}

/** Until as many passed as must, or so many failed that they cannot any more. */
async function askUntilSettled(
  probe: Probe,
  wait: ProberOptions['wait'],
  once: () => Promise<ProbeAnswer>,
): Promise<ProbeAnswer> {
  const { of, pass, everySec = 1 } = probe.tries ?? { of: 1, pass: 1 };
  const answers: ProbeAnswer[] = [];
  for (;;) {
    const answered = await once();
    answers.push(answered);
    const passed = answers.filter(({ ok }) => ok).length;
    const failed = answers.length - passed;
    if (answered.refused === true || passed >= pass || failed > of - pass) {
      const tally = of === 1 ? '' : ` (${passed} of ${answers.length} tries passed, ${pass} of ${of} must)`;
      return { ...answered, ok: passed >= pass, detail: `${answered.detail}${tally}` };
    }
    await wait(everySec * 1000);
  }
}

function inTime({ maxLatencyMs }: Probe, answered: ProbeAnswer, ms: number): ProbeAnswer {
  return answered.ok && maxLatencyMs !== undefined && ms > maxLatencyMs
    ? { ok: false, detail: `${answered.detail}, but after ${ms} ms, expected within ${maxLatencyMs} ms` }
    : answered;
}

async function ask(probe: Probe, asking: Asking): Promise<ProbeAnswer> {
  try {
    return await send(probe, asking);
  } catch (cause) {
    if (cause instanceof RefusedAddress) {
      return { ok: false, detail: cause.message, refused: true };
    }
    if (asking.signal.aborted) {
      return { ok: false, detail: 'no complete answer in time' };
    }
    return { ok: false, detail: cause instanceof TypeError ? cause.message : reasonOf(cause) };
  }
}

function send(probe: Probe, asking: Asking): Promise<ProbeAnswer> {
  if (probe.type === 'dns') {
    return askDns(probe, asking);
  }
  return probe.type === 'tls' ? askTls(probe, asking) : askHttp(probe, asking);
}
