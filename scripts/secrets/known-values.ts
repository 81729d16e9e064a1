/**
 * Values that are known to be secret, because the process holds them: found in a text in every form in which a program
 * writes a text. Terraform, git and a server each have their own: a value comes back percent-encoded in an address, escaped
 * in JSON, in base64 in an instance key or a header, in hexadecimal in a dump.
 */

/** What stands where a secret was. */
export const redacted = '[redacted]';

/** Shorter values (a port, a region) would take ordinary words out of every message. */
const shortestSecret = 6;

/** As many characters of an encoded value must stand together before it counts as found. */
const shortestEncoded = 8;

const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');

/**
 * The value in base64 as it looks inside of a longer text: three ways, by where it begins, without the characters at either
 * end that also depend on its neighbours.
 */
function insideBase64(value: string): readonly string[] {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), bytesOf(value)]);
    const whole = Math.floor(bytes.length / 3) * 4;
    const inner = bytes.toString('base64').slice(shift === 0 ? 0 : 4, whole);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** By bytes, with those that `unescaped` allows left as they are, in either case of the digits and with `+` for a blank. */
function percentEncoded(value: string, unescaped: RegExp): readonly string[] {
  const upper = [...bytesOf(value)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return unescaped.test(character) ? character : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
    })
    .join('');
  const lower = upper.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  return [upper, lower, upper.replaceAll('%20', '+')];
}

/** RFC 3986 keeps the first; JavaScript's encodeURIComponent the second; some encoders keep only letters and digits, or nothing. */
const unescapedByEncoders = [/[A-Za-z0-9._~-]/, /[A-Za-z0-9._~!'()*-]/, /[A-Za-z0-9]/, /$^/];

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** As Go, Terraform and browsers escape it in JSON, and as HTML does. */
function escaped(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const html = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    json,
    JSON.stringify(json).slice(1, -1),
    json.replaceAll(/[<>&\u2028\u2029]/g, unicodeEscape),
    value.replaceAll(/[\s\S]/g, unicodeEscape),
    html,
    html.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    html.replaceAll('"', '&#34;').replaceAll("'", '&#39;'),
    value.replaceAll(/[^A-Za-z0-9 ]/g, (character) => `&#${String(character.codePointAt(0) ?? 0)};`),
  ];
}

function encodedForms(value: string): readonly string[] {
  const hex = bytesOf(value).toString('hex');
  const base64 = insideBase64(value);
  // A header in base64 that is written in base64 once more, as a value inside of a Kubernetes secret or a log is.
  const twice = base64.flatMap(insideBase64);
  return [
    ...base64,
    ...twice,
    hex,
    hex.toUpperCase(),
    ...unescapedByEncoders.flatMap((unescaped) => percentEncoded(value, unescaped)),
    ...escaped(value),
  ].filter((form) => form.length >= shortestEncoded);
}

export interface KnownValues {
  /** The text with every known value replaced, in whatever form it stands there. */
  without: (text: string, mask?: string) => string;
  /** Whether any known value stands in the text. */
  isIn: (text: string) => boolean;
}

/**
 * Searches for these values, in any order; the longest form is taken out first, so that a secret that contains another leaves no
 * rest behind. Several lines of one value (a private key) count by themselves too.
 */
export function knownValues(secrets: readonly string[]): KnownValues {
  const long = secrets
    .flatMap((secret) => [secret, secret.trim(), ...secret.split(/\r?\n/).map((line) => line.trim())])
    .filter((value) => value.length >= shortestSecret && !/^-----(?:BEGIN|END) [A-Z ]+-----$/.test(value));
  const found = [...new Set(long.flatMap((value) => [value, ...encodedForms(value)]))].toSorted(
    (left, right) => right.length - left.length,
  );
  return {
    without: (text, mask = redacted) => found.reduce((rest, value) => rest.replaceAll(value, mask), text),
    isIn: (text) => found.some((value) => text.includes(value)),
  };
}
