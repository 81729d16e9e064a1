/** The two that are asked: the sandbox, and a provider binary of the user's with an API of theirs behind it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pathOf } from '../../scripts/live/inquiry.ts';
import { providerType } from '../../scripts/provider/types.ts';
import { isList, isObject } from '../../scripts/json/json.ts';
import { cloudflareSource } from '../../scripts/provider/facts.ts';
import { liveValueOf } from '../../scripts/provider/live-values.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';
import { startSandbox } from '../../scripts/sandbox/provider/server.ts';
import { readStore } from '../../scripts/sandbox/provider/store.ts';
import { freshFolder, noon } from '../sandbox/provider/terraform.ts';

type Remains = 'kept' | 'gone' | 'not told';

export interface Provider {
  readonly name: string;
  /** Value of TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  /** What is left of an object, whose attributes were these. */
  remains(type: string, state: JsonObject): Promise<Remains>;
  close(): Promise<void>;
}

/** The sandbox, with nothing in it. Its store is looked into, so that it can tell of every type what remains. */
export async function sandboxProvider(): Promise<Provider> {
  const folder = freshFolder('provider');
  const sandbox = await startSandbox({ folder, now: () => noon });
  return {
    name: 'sandbox',
    reattach: sandbox.reattach,
    remains: (type, state) => {
      const owner = ownerOf(state);
      const isThere = readStore(folder).some(
        (object) => object.type === type && ownerOf(object.attributes) === owner,
      );
      return Promise.resolve(isThere ? 'kept' : 'gone');
    },
    close: () => sandbox.close(),
  };
}

/** Every case has a zone or an account of its own. */
function ownerOf({ zone_id: zone, account_id: account, account: parent, id }: JsonObject): Json {
  return zone ?? account ?? (parent as JsonObject | null | undefined)?.['id'] ?? id ?? null;
}

/** https://github.com/hashicorp/go-plugin/blob/main/docs/internals.md: a plugin starts only for somebody with its cookie. */
const handshake = {
  TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
  PLUGIN_PROTOCOL_VERSIONS: '6',
  PLUGIN_MIN_PORT: '10000',
  PLUGIN_MAX_PORT: '25000',
};

/** Of the right form (40 letters and digits), for an API that asks for any. */
const anyToken = 'x'.repeat(40);
const startMs = 60_000;

/**
 * Starts a provider binary once for all cases, as Terraform starts it: it says on its first line where it listens
 * (`1|6|unix|<path>|grpc|`).
 * @throws Error when it does not, or speaks another protocol.
 */
export async function binaryProvider(binary: string, api: string | undefined): Promise<Provider> {
  const token = process.env['CLOUDFLARE_API_TOKEN'] ?? anyToken;
  const child = spawn(binary, [], {
    env: {
      ...process.env,
      ...handshake,
      CLOUDFLARE_API_TOKEN: token,
      ...(api === undefined ? {} : { CLOUDFLARE_BASE_URL: api }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await firstLine(child, binary);
  const [, protocol, network, address] = line.split('|');
  if (protocol !== '6' || network === undefined || address === undefined) {
    child.kill();
    throw new Error(`${binary} is not a provider of plugin protocol 6: it said ${JSON.stringify(line)}`);
  }
  const config = {
    Protocol: 'grpc',
    ProtocolVersion: 6,
    Pid: child.pid,
    Test: true,
    Addr: { Network: network, String: address },
  };
  return {
    name: binary,
    reattach: JSON.stringify({ 'registry.terraform.io/cloudflare/cloudflare': config }),
    remains: (type, state) => remainsAt(api, token, { type, state }),
    close: async () => {
      const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
      child.kill();
      await closed;
    },
  };
}

async function firstLine(child: ChildProcess, binary: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${binary} cannot be used: ${why}`));
    const timer = setTimeout(() => fail(`it said nothing in ${String(startMs / 1000)} seconds`), startMs);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`it ended with ${String(code)} before it listened`));
    if (child.stdout !== null) {
      createInterface(child.stdout).once('line', (line) => {
        clearTimeout(timer);
        resolve(line);
      });
    }
  });
}

/** Asks the API for the object itself, or for the list that it would be in. */
async function remainsAt(
  api: string | undefined,
  token: string,
  { type, state }: { readonly type: string; readonly state: JsonObject },
): Promise<Remains> {
  const own = liveValueOf(type, cloudflareSource, {});
  const path = pathOf(own?.read ?? listOf(type), state);
  if (api === undefined || path === null) {
    return 'not told';
  }
  const response = await fetch(`${api}${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (response.status === 404) {
    return 'gone';
  }
  const result = response.ok ? await resultOf(response) : null;
  if (result === null) {
    return 'not told';
  }
  return own !== null || isListed(result, type, state) ? 'kept' : 'gone';
}

async function resultOf(response: Response): Promise<Json> {
  const answer = (await response.json()) as { readonly result?: Json };
  return answer.result ?? null;
}

function listOf(type: string): string | null {
  return providerType(type)?.listing?.list ?? null;
}

function isListed(result: Json, type: string, state: JsonObject): boolean {
  const name = providerType(type)?.identity?.id ?? 'id';
  return isList(result) && result.some((each) => isObject(each) && each[name] === state[name]);
}
