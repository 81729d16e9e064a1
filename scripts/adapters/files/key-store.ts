/**
 * Ed25519 keys (RFC 8032) on this machine. A private half is read from the environment or from a file that only its owner
 * may read, and stays inside the function that signs.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { DeniedError, InputError, UsageError } from '../../contract/errors.ts';
import type { KeyStore, SigningKey } from '../../contract/ports.ts';
import { ioError, realPath } from './files.ts';

export const ledgerKeyName = 'SLUICE_LEDGER_KEY';

/** A PKCS#8 document of an Ed25519 key has 119 bytes as PEM. */
const largestKey = 4096;

/** `secret` is the text of the environment, if any: PEM, or the same document as base64 of its DER. */
export function createKeyStore(secret: string | undefined): KeyStore {
  return {
    fromEnvironment: () => {
      if (secret === undefined || secret.trim() === '') {
        return null;
      }
      const key = privateKeyIn(secret);
      if (key === null) {
        throw new UsageError({
          what: `${ledgerKeyName} is not an Ed25519 private key.`,
          why: 'It is to be a PKCS#8 document, as PEM or as base64 of its DER.',
          fix: 'Make a pair, and set the secret from the file.',
          next: 'sluice ledger key --help',
        });
      }
      return signingKey(key);
    },
    fromFile,
    landing: realPath,
    create,
  };
}

async function fromFile(path: string): Promise<SigningKey | null> {
  let handle;
  try {
    handle = await fs.open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      return null;
    }
    throw ioError('read', path, cause);
  }
  try {
    const found = await handle.stat();
    if (!found.isFile() || (found.mode & 0o077) !== 0 || found.uid !== process.getuid?.()) {
      throw new DeniedError({
        what: `${path} is not a key that only you can read.`,
        why: 'A key that others can read, or that came with a checkout, proves nothing.',
        fix: 'Remove it: what was signed with it counts no longer, and a sandbox begins with a new ledger.',
        next: `ls -l ${path}`,
      });
    }
    const key = found.size > largestKey ? null : privateKeyIn(await handle.readFile('utf8'));
    if (key === null) {
      throw new InputError({
        what: `${path} is not an Ed25519 private key.`,
        fix: 'Restore the file.',
        next: `ls -l ${path}`,
      });
    }
    return signingKey(key);
  } finally {
    await handle.close();
  }
}

/** Written whole under a name that did not exist: whoever comes second gets an error and reads the first one's key. */
async function create(path: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  try {
    await fs.mkdir(dirname(path), { recursive: true });
    await fs.writeFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
      flag: 'wx',
      mode: 0o600,
      flush: true,
    });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      throw new UsageError({
        what: `${path} is there already.`,
        why: 'A key that was overwritten cannot be had back.',
        fix: 'Name a file that does not exist.',
        next: 'sluice ledger key --help',
        cause,
      });
    }
    throw ioError('written', path, cause);
  }
  return publicHalf(privateKey);
}

function privateKeyIn(text: string): KeyObject | null {
  try {
    const key = text.includes('-----BEGIN')
      ? createPrivateKey(text)
      : createPrivateKey({ key: Buffer.from(text.trim(), 'base64'), format: 'der', type: 'pkcs8' });
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    // The engine's words may quote what it was given.
    return null;
  }
}

function signingKey(key: KeyObject): SigningKey {
  return {
    publicKey: publicHalf(key),
    sign: (message) => sign(null, message, key).toString('base64'),
  };
}

function publicHalf(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
}
