/** A secret as it may be written down so that a search for its text misses it. */
export function allForms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  // Base64 of a text that has it somewhere inside: at each of the three places, without the characters that its neighbours share.
  const inBase64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return encoded.slice(before === 0 ? 0 : 4, -2);
  });
  return [
    secret,
    secret.split('').toReversed().join(''),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    encodeURIComponent(secret),
    [...bytes].map((byte) => `%${byte.toString(16)}`).join(''),
    secret
      .split('')
      .map((character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
      .join(''),
    ...inBase64,
    ...inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}
