/**
 * Where `--target cloudflare` sends its requests, and with which credentials. The provider and the bundle say where; the
 * environment of the release may name a stand-in of the API and another server of the states.
 */
import { UsageError } from '../../contract/errors.ts';
import { pickEnv } from '../process/run-process.ts';

type TargetEnvironment = Readonly<Record<string, string | undefined>>;

/** Names that may reach Terraform as credentials of a real target: the provider's token and the R2 state backend's keys. */
export const credentialNames: readonly string[] = [
  'CLOUDFLARE_API_TOKEN',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
];

const apiName = 'CLOUDFLARE_BASE_URL';
const stateName = 'AWS_ENDPOINT_URL_S3';
const regionName = 'AWS_REGION';

/** Read by the AWS SDK of the backend: https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html */
const checksumNames: readonly string[] = [
  'AWS_REQUEST_CHECKSUM_CALCULATION',
  'AWS_RESPONSE_CHECKSUM_VALIDATION',
];
const checksumModes: readonly string[] = ['when_supported', 'when_required'];

/** Names beside the credentials that may reach Terraform: where a real target's requests go, and how the state is sent. */
export const placeNames: readonly string[] = [apiName, stateName, regionName, ...checksumNames];

/** Cloudflare's own API, for whoever is given no other. */
export const publicApi = 'https://api.cloudflare.com/client/v4';

export interface RealTarget {
  /** Secrets, by the names of `credentialNames`. */
  readonly credentials: Readonly<Record<string, string>>;
  /** By the names of `placeNames`; what is not set or empty is left out. */
  readonly places: Readonly<Record<string, string>>;
}

/**
 * What the environment says of the real target. @throws UsageError without a token, and for a place that credentials may not
 * be sent to.
 */
export function realTarget(env: TargetEnvironment): RealTarget {
  const credentials = pickEnv(env, credentialNames);
  if (credentials['CLOUDFLARE_API_TOKEN'] === undefined) {
    throw new UsageError({
      what: 'CLOUDFLARE_API_TOKEN is not set.',
      why: 'Terraform cannot reach Cloudflare without it.',
      fix: 'Only the release job has the token. On a laptop use the sandbox.',
      next: 'sluice release --target sandbox --help',
    });
  }
  return { credentials, places: placesIn(env) };
}

/** Base of the API that the environment names; null for Cloudflare's own. @throws UsageError as `realTarget`. */
export function apiOf(env: TargetEnvironment): string | null {
  return placesIn(env)[apiName] ?? null;
}

/** Server of the states that the environment names; null where the bundle says it. @throws UsageError as `realTarget`. */
export function stateServerOf(env: TargetEnvironment): string | null {
  return placesIn(env)[stateName] ?? null;
}

/** One sentence for each place that is not the usual one: nobody may take a stand-in for Cloudflare, or miss it. */
export function standInTexts({ places }: Pick<RealTarget, 'places'>): readonly string[] {
  const [api, state] = [places[apiName], places[stateName]];
  return [
    ...(api === undefined || new URL(api).host === new URL(publicApi).host
      ? []
      : [`This is not Cloudflare: ${apiName} sends every request, and the token, to ${api}.`]),
    ...(state === undefined
      ? []
      : [`${stateName} keeps the state at ${state}, whatever server the bundle names.`]),
  ];
}

/** The base as it is. @throws UsageError when it is not an address that a token may go to. */
export function trustedApi(text: string): string {
  requireTrusted(apiName, text);
  return text;
}

function placesIn(env: TargetEnvironment): Readonly<Record<string, string>> {
  const places = pickEnv(env, placeNames);
  for (const name of [apiName, stateName]) {
    requireTrusted(name, places[name]);
  }
  for (const name of checksumNames) {
    const mode = places[name];
    if (mode !== undefined && !checksumModes.includes(mode.toLowerCase())) {
      throw new UsageError({
        what: `${name} is neither ${checksumModes.join(' nor ')}.`,
        why: 'The backend of the state reads it and would not start with another word.',
        fix: `Set it to when_required for a server that knows no checksums of AWS, or unset it.`,
        next: `${name}=when_required sluice baseline --target cloudflare --help`,
      });
    }
  }
  return places;
}

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

function requireTrusted(name: string, text: string | undefined): void {
  if (text !== undefined && !isTrusted(text)) {
    throw new UsageError({
      what: `${name} is not an address that a credential may be sent to.`,
      why: 'It must begin with https://, without a user, a password or a question; http:// is for a stand-in on this machine only.',
      fix: `Unset it, or give the base alone, for example ${name === apiName ? publicApi : 'https://ACCOUNT.r2.cloudflarestorage.com'}.`,
      next: 'sluice rollback --help',
    });
  }
}

function isTrusted(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return (
    url !== null &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname))) &&
    `${url.username}${url.password}${url.search}${url.hash}` === ''
  );
}
