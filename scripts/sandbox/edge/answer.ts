/** What the edge sends, and what it could not tell on the way. */
import type { RequestVerdict } from '../../waf/rulesets/ruleset-run.ts';
import { describeOverrides } from '../../waf/rulesets/managed.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** What `cf.response.error_type` is; empty for an answer of the origin. */
  readonly errorType: string;
}

export interface AnswerParts {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly errorType?: string;
}

export function answerOf({ status, type, body, headers = {}, errorType = '' }: AnswerParts): Answer {
  return {
    status,
    headers: new Headers({ 'content-type': type ?? 'text/plain; charset=utf-8', ...headers }),
    body: Buffer.from(body, 'utf8'),
    errorType,
  };
}

/** What could not be decided or is not played, by name: shown to the client, and never acted on. */
export class Notes {
  readonly #undecided = new Set<string>();

  undecided(what: string): void {
    this.#undecided.add(what);
  }

  /** Sets the headers that tell what was not played, for the verdict and what came after it. */
  writeTo(headers: Headers, verdict: RequestVerdict): void {
    for (const rule of [...verdict.matched, ...verdict.rateLimits]) {
      if (rule.unknownBecause !== null) {
        this.undecided(`${rule.rule} (${rule.unknownBecause.join(' ')})`);
      }
    }
    setText(headers, 'x-sluice-undecided', [...this.#undecided]);
    setText(
      headers,
      'x-sluice-managed',
      verdict.managed.map(({ ruleset, unknownBecause, overrides, exceptRules }) => {
        const details = [
          ...(overrides === null ? [] : describeOverrides(overrides)),
          ...(exceptRules.length === 0 ? [] : [`without ${exceptRules.join(' ')}`]),
        ];
        const verb = unknownBecause === null ? 'would run' : `may run (${unknownBecause.join(' ')})`;
        return `${ruleset} ${verb}${details.length === 0 ? '' : ` (${details.join('; ')})`}`;
      }),
    );
  }
}

function setText(headers: Headers, name: string, parts: readonly string[]): void {
  if (parts.length > 0) {
    headers.set(
      name,
      Buffer.from(parts.join(', '), 'utf8')
        .toString('latin1')
        .replaceAll(/[\r\n\0]/g, ' '),
    );
  }
}
