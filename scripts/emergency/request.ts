/**
 * The words of `sluice emergency`, exactly: one of the forms of the catalogue, single words, nothing left over. What is not
 * understood is refused where it stands: at night nobody guesses what somebody else has guessed.
 */
import { parseFilter } from '../waf/language/parser.ts';
import { expressionOf, type EmergencyRequest, type MoveTarget } from './moves.ts';

export type RequestReading =
  | { readonly ok: true; readonly request: EmergencyRequest }
  /** `at`: characters before what was not understood. */
  | { readonly ok: false; readonly at: number; readonly expected: string };

interface Word {
  readonly text: string;
  readonly at: number;
  readonly isQuoted: boolean;
}

class Unclear extends Error {
  readonly at: number;
  readonly expected: string;

  constructor(at: number, expected: string) {
    super(expected);
    this.at = at;
    this.expected = expected;
  }
}

/** Never throws. */
export function readRequest(text: string): RequestReading {
  try {
    const words = new Words(text);
    const request = requestIn(words);
    words.end();
    return { ok: true, request };
  } catch (error) {
    if (error instanceof Unclear) {
      return { ok: false, at: error.at, expected: error.expected };
    }
    throw error;
  }
}

const pathForm = /^\/[\w.~%!$&'()*+,;=:@-]+(?:\/[\w.~%!$&'()*+,;=:@-]+)*\/?$/;
const hostForm = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/;
const agentForm = /^[\x20-\x21\x23-\x5b\x5d-\x7e]{3,200}$/;
const refForm = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

function requestIn(words: Words): EmergencyRequest {
  const verb = words.next('block, challenge, limit, under attack, disable rule or roll back');
  switch (verb.text) {
    case 'block':
    case 'challenge':
      return { move: verb.text, target: targetIn(words) };
    case 'limit':
      return limitIn(words);
    case 'under':
      words.word('attack');
      return { move: 'under-attack', host: scopeIn(words, { path: false }).host };
    case 'disable':
      words.word('rule');
      return { move: 'disable', ref: words.matching(refForm, 'the ref of a rule, as block-dotfiles') };
    case 'roll':
      words.word('back');
      return { move: 'roll-back', release: words.matching(/^R\d{4,}$/, 'a release, as R0006') };
    default:
      throw new Unclear(verb.at, 'block, challenge, limit, under attack, disable rule or roll back');
  }
}

function limitIn(words: Words): EmergencyRequest {
  words.word('path');
  const path = words.matching(pathForm, 'a path, as /login');
  words.word('to');
  const perMinute = Number(words.matching(/^[1-9]\d{0,5}$/, 'a number of requests'));
  words.word('a');
  words.word('minute');
  return {
    move: 'limit',
    perMinute,
    target: { who: null, path, host: scopeIn(words, { path: false }).host },
  };
}

function targetIn(words: Words): MoveTarget {
  const expected = 'an address, ASN, country, agent or path';
  const first = words.next(expected);
  switch (first.text.toLowerCase()) {
    case 'asn': {
      const number = Number(words.matching(/^[1-9]\d{0,9}$/, 'the number of a network, as 64496'));
      return { who: { kind: 'network', number }, ...scopeIn(words, { path: true }) };
    }
    case 'country': {
      const code = words.matching(/^[A-Z][A-Z0-9]$/, 'a code of two capitals, as KP');
      return { who: { kind: 'country', code }, ...scopeIn(words, { path: true }) };
    }
    case 'agent': {
      const text = words.matching(agentForm, 'a part of the user agent in quotes, 3 to 200 characters');
      return { who: { kind: 'agent', text }, ...scopeIn(words, { path: true }) };
    }
    case 'path': {
      const path = words.matching(pathForm, 'a path, as /login');
      return { who: null, path, host: scopeIn(words, { path: false }).host };
    }
    default:
      return { who: addressIn(first, expected), ...scopeIn(words, { path: true }) };
  }
}

/** Whether it is an address is for the Rules language to say. */
function addressIn({ text, at, isQuoted }: Word, expected: string): NonNullable<MoveTarget['who']> {
  const who = { kind: 'address', value: text } as const;
  const isPlain = !isQuoted && /^[0-9a-fA-F:.]+(?:\/\d{1,3})?$/.test(text);
  const isWhole = /\/0+$/.test(text);
  if (
    !isPlain ||
    isWhole ||
    parseFilter(expressionOf({ who, path: null, host: null })).diagnostics.length > 0
  ) {
    throw new Unclear(at, isPlain ? 'an address or a network, as 198.51.100.7 or 198.51.100.0/24' : expected);
  }
  return who;
}

function scopeIn(
  words: Words,
  { path: takesPath }: { readonly path: boolean },
): Pick<MoveTarget, 'host' | 'path'> {
  let [path, host]: [string | null, string | null] = [null, null];
  while (words.has('on')) {
    const place = words.next('a path or a host');
    if (takesPath && path === null && pathForm.test(place.text)) {
      path = place.text;
    } else if (host === null && hostForm.test(place.text)) {
      host = place.text;
    } else {
      throw new Unclear(place.at, takesPath && path === null ? 'a path, as /login, or a host' : 'a host');
    }
  }
  return { path, host };
}

class Words {
  private readonly words: readonly Word[];
  private readonly length: number;
  private position = 0;

  constructor(text: string) {
    this.length = text.length;
    this.words = [...text.matchAll(/"([^"]*)"|(\S+)/g)].map((found) => ({
      text: found[1] ?? found[2] ?? '',
      at: found.index,
      isQuoted: found[1] !== undefined,
    }));
  }

  next(expected: string): Word {
    const word = this.words[this.position];
    if (word === undefined) {
      throw new Unclear(this.length, expected);
    }
    this.position += 1;
    return word;
  }

  word(wanted: string): void {
    const found = this.next(`"${wanted}"`);
    if (found.text !== wanted || found.isQuoted) {
      throw new Unclear(found.at, `"${wanted}"`);
    }
  }

  matching(form: RegExp, expected: string): string {
    const found = this.next(expected);
    if (!form.test(found.text)) {
      throw new Unclear(found.at, expected);
    }
    return found.text;
  }

  /** Takes the word if it comes next. */
  has(wanted: string): boolean {
    const is = this.words[this.position]?.text === wanted;
    this.position += is ? 1 : 0;
    return is;
  }

  end(): void {
    const left = this.words[this.position];
    if (left !== undefined) {
      throw new Unclear(left.at, 'nothing more');
    }
  }
}
