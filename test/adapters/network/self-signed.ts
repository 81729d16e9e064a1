/** A self-signed certificate made on the spot, so that no key is kept in the repository and no other tool is needed. */
import { generateKeyPairSync, sign } from 'node:crypto';

function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...content: readonly Uint8Array[]): Buffer => der(0x30, ...content);
const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'));

function name(common: string): Buffer {
  return sequence(der(0x31, sequence(objectId('550403'), der(0x0c, Buffer.from(common)))));
}

/** The name as a subject alternative name, which is where clients look. */
function alternativeName(common: string): Buffer {
  const names = sequence(der(0x82, Buffer.from(common)));
  return der(0xa3, sequence(sequence(objectId('551d11'), der(0x04, names))));
}

/** PEM texts of a P-256 key and its certificate for `common`, valid from 2020 to `until` (YYMMDD), by default 2049. */
export function selfSigned(
  common: string,
  until = '491231',
): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const time = (text: string): Buffer => der(0x17, Buffer.from(text));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name(common),
    sequence(time('200101000000Z'), time(`${until}235959Z`)),
    name(common),
    publicKey.export({ type: 'spki', format: 'der' }),
    alternativeName(common),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const lines =
    sequence(body, ecdsaWithSha256, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}
