/**
 * Looks for secrets in what was published, without the product's own way of looking: whatever could be an encoding is
 * decoded, up to three times over, and searched for the marker itself.
 */

/** Something that stands nowhere else and survives any encoding whole. */
export function makeMarker(name: string, seed: number): string {
  return `mk${name}${((seed * 2654435761) % 4294967296).toString(36)}Zq7Xw`;
}

const decoders: readonly ((text: string) => readonly string[])[] = [
  (text) => runsOf(text, /[A-Za-z0-9+/=_-]{12,}/g).flatMap(fromBase64),
  (text) =>
    runsOf(text, /(?:[0-9a-f]{2}){6,}/gi).flatMap((run) =>
      [0, 1].map((shift) => Buffer.from(run.slice(shift), 'hex').toString('utf8')),
    ),
  (text) => [
    text.replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
  ],
  (text) => [
    text.replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    ),
  ],
  (text) => [text.replaceAll(/&#(\d{1,5});/g, (_, code: string) => String.fromCharCode(Number(code)))],
  (text) => [text.replaceAll(/[\s\u200b]+|&#8203;/g, '')],
];

function runsOf(text: string, pattern: RegExp): readonly string[] {
  return (text.match(pattern) ?? []).slice(0, 5000);
}

/** At each of the four places where a quantum may begin. */
function fromBase64(run: string): readonly string[] {
  return [0, 1, 2, 3].map((shift) => Buffer.from(run.slice(shift), 'base64').toString('latin1'));
}

/** Bytes that are not text are not encoding of a marker. */
function isReadable(text: string): boolean {
  const odd = (text.match(/[^\t\n\r -~]/g) ?? []).length;
  return text.length >= 12 && odd * 4 < text.length;
}

/** The markers that stand in the text in some encoding. */
export function markersIn(text: string, markers: readonly string[], depth = 2): readonly string[] {
  const found = markers.filter((marker) => text.includes(marker));
  if (depth === 0 || found.length > 0) {
    return found;
  }
  const decoded = new Set(decoders.flatMap((decode) => decode(text)).filter(isReadable));
  decoded.delete(text);
  return markersIn([...decoded].join('\n').slice(0, 4_000_000), markers, depth - 1);
}
