/**
 * Tokens of a GitHub App for one repository. GitHub gives one for an hour (docs.github.com, "Generating an installation
 * access token for a GitHub App", read 2026-11-30), and an apply may take as long: so whoever writes after it asks for a
 * token here, and gets another one before the last ends. What signs the request is RS256 of node:crypto, six lines of it.
 */
import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { InputError } from '../../contract/errors.ts';
import { callGitHub, connect, type GitHubSettings } from './connection.ts';

export interface AppCredentials {
  /** Of the App; GitHub also takes its number. */
  readonly clientId: string;
  /** PEM. */
  readonly privateKey: string;
}

/** What a release, a rollback and a baseline do at GitHub: the ledger, reviews, verdicts, incidents. The App has these and more. */
const permissions = { contents: 'write', pull_requests: 'read', checks: 'read', issues: 'write' } as const;

const second = 1000;
const minute = 60 * second;
/** A token that ends sooner is not handed out: what is begun with it, a push for example, may take two minutes. */
const shortest = 5 * minute;
/** GitHub takes a request that is signed for up to ten minutes, and its clock may be behind (same page, "Generating a JWT"). */
const signedFor = 9 * minute;
const behind = minute;

/**
 * Gives a token that can be used now. Nothing is asked before it is called. Throws InputError at once where the key is none.
 */
export function createAppTokens(
  { clientId, privateKey }: AppCredentials,
  settings: Omit<GitHubSettings, 'token'>,
  now: () => number,
): () => Promise<string> {
  const key = readKey(privateKey);
  const mint = async (): Promise<Minted> =>
    callGitHub('mint a token of the App', 'gh api /app', async () => {
      const { octokit, owner, repo } = connect({ ...settings, token: signed(clientId, key, now()) });
      const { data: installation } = await octokit.rest.apps.getRepoInstallation({ owner, repo });
      const { data } = await octokit.rest.apps.createInstallationAccessToken({
        installation_id: installation.id,
        repositories: [repo],
        permissions,
      });
      const ends = Date.parse(data.expires_at);
      if (typeof data.token !== 'string' || Number.isNaN(ends)) {
        throw new Error('a token without the moment of its end');
      }
      return { token: data.token, ends };
    });
  let last: Minted | null = null;
  let minting: Promise<Minted> | null = null;
  return async () => {
    if (last !== null && last.ends - now() >= shortest) {
      return last.token;
    }
    minting ??= mint().finally(() => {
      minting = null;
    });
    last = await minting;
    return last.token;
  };
}

interface Minted {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly ends: number;
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new InputError({
      what: 'SLUICE_GITHUB_APP_PRIVATE_KEY is not a private key.',
      why: 'Requests for a token of the App are signed with it.',
      fix: 'Put the whole PEM file of the App into the secret, with its first and last line.',
      next: 'gh secret set SLUICE_APP_PRIVATE_KEY < key.pem',
      cause,
    });
  }
}

/** A JSON Web Token (RFC 7519), as GitHub asks for it. */
function signed(clientId: string, key: KeyObject, now: number): string {
  const [from, until] = [now - behind, now + signedFor].map((ms) => Math.floor(ms / second));
  const head = [
    { alg: 'RS256', typ: 'JWT' },
    { iat: from, exp: until, iss: clientId },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${head}.${sign('sha256', Buffer.from(head), key).toString('base64url')}`;
}
