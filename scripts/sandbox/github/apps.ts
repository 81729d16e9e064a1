/**
 * Tokens of a GitHub App: asked for with a JSON Web Token that the App's key signs, good for an hour, refused with 401 from
 * then on (docs.github.com, "Generating a JSON Web Token (JWT) for a GitHub App", "Generating an installation access token
 * for a GitHub App", "Troubleshooting the REST API", read 2026-11-30).
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { repositoryPath, type Answered, type Call, type Route } from './route.ts';

export interface LocalApp {
  readonly clientId: string;
  /** PEM of the public half of its key. */
  readonly publicKey: string;
  /** In whose name it acts: there is no App in emulate. */
  readonly login: string;
}

export interface AppTokens {
  readonly routes: readonly Route[];
  /** What emulate is asked with; null for a token that has ended, or that is none. */
  readonly admit: (authorization: string) => string | null;
  /** How many were minted. */
  minted(): number;
}

const minute = 60_000;
const lifetime = 60 * minute;
const installation = 4711;

/** `tokenOf` gives the token of an account. */
export function startAppTokens(
  app: LocalApp,
  now: () => string,
  tokenOf: (login: string) => string,
): AppTokens {
  const ends = new Map<string, number>();
  const clock = (): number => Date.parse(now());
  const asApp =
    (answer: () => Answered) =>
    ({ authorization }: Call): Answered =>
      isSigned(app, authorization, clock()) ? answer() : refused;
  return {
    routes: [
      {
        method: 'GET',
        path: new RegExp(`^${repositoryPath}/installation$`),
        answer: asApp(() => ({ status: 200, body: { id: installation, app_id: 1 } })),
      },
      {
        method: 'POST',
        path: new RegExp(`^/app/installations/${String(installation)}/access_tokens$`),
        answer: asApp(() => {
          const token = `ghs_${createHash('sha256')
            .update(`${app.clientId} ${String(ends.size)}`)
            .digest('hex')
            .slice(0, 36)}`;
          ends.set(token, clock() + lifetime);
          return { status: 201, body: { token, expires_at: new Date(clock() + lifetime).toISOString() } };
        }),
      },
    ],
    admit: (authorization) => {
      const token = tokenIn(authorization);
      if (!token.startsWith('ghs_')) {
        return authorization;
      }
      const end = ends.get(token);
      return end !== undefined && clock() < end ? `token ${tokenOf(app.login)}` : null;
    },
    minted: () => ends.size,
  };
}

const refused: Answered = { status: 401, body: { message: 'A JSON web token could not be decoded' } };

function tokenIn(authorization: string): string {
  return authorization.replace(/^(?:token|bearer) /i, '');
}

interface Claims {
  readonly iss?: unknown;
  readonly iat?: unknown;
  readonly exp?: unknown;
}

function isSigned({ clientId, publicKey }: LocalApp, authorization: string, now: number): boolean {
  const [head = '', claims = '', signature = ''] = tokenIn(authorization).split('.');
  const isByKey = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    createPublicKey(publicKey),
    Buffer.from(signature, 'base64url'),
  );
  if (!isByKey) {
    return false;
  }
  const { iss, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Claims;
  const isShort = typeof iat === 'number' && typeof exp === 'number' && exp - now / 1000 <= 600;
  return iss === clientId && isShort && iat * 1000 <= now && exp * 1000 > now;
}
