/**
 * The sandbox: a local Cloudflare for stock Terraform. It listens on a unix socket and speaks plugin protocol 6;
 * Terraform finds it through TF_REATTACH_PROVIDERS. Everything it knows is on disk below `folder`; any number of
 * sandboxes may run in one process. Each connection has its own gRPC server, so a fault can cut exactly one.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server as SocketServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type {
  sendUnaryData,
  ServerUnaryCall,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { ExternalError } from '../../contract/errors.ts';
import { startApi } from './api.ts';
import { loadCatalogue, ofTypes } from './catalogue.ts';
import { FaultPlan } from './faults.ts';
import type { Fault } from './faults.ts';
import { Interrupted, ProviderCore } from './handlers.ts';
import { encodeSchemas, metadata, providerService } from './protocol/protocol.ts';
import { ReportPlan } from './reports.ts';
import { Store } from './store.ts';
import { usedTypes } from './used-types.ts';

export interface SandboxOptions {
  /** Where the local Cloudflare lives; created when absent. Several sandboxes may share it. */
  readonly folder: string;
  readonly faults?: readonly Fault[];
  /** Folders of Terraform's working folders and states: only types that are named there have a schema. All types when absent. */
  readonly terraformFolders?: readonly string[];
  /** RFC 3339; stamps what is created and modified. */
  readonly now: () => string;
}

export interface Sandbox {
  /** Value for the environment variable TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  /** Base of Cloudflare's HTTP API over the same objects. */
  readonly api: string;
  /** Where its socket lies: a Terraform that sees only some folders must see this one. */
  readonly socketFolder: string;
  close(): Promise<void>;
}

/** Both registries' addresses, so that Terraform and OpenTofu find the same sandbox. */
const providerAddresses = [
  'registry.terraform.io/cloudflare/cloudflare',
  'registry.opentofu.org/cloudflare/cloudflare',
];

/** Largest path that a unix socket address holds on every supported system, in bytes. */
const maxSocketPath = 100;

/** Unlimited message size: schemas alone are megabytes. */
const serverOptions = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };

/**
 * Starts a sandbox on `folder`.
 * @throws ExternalError when the folder cannot be made, or no socket can be made.
 * @throws InputError when something other than a store is in the folder.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { terraformFolders } = options;
  makeFolder(options.folder);
  const catalogue = loadCatalogue();
  const store = new Store(options.folder);
  const core = new ProviderCore({
    catalogue,
    store,
    faults: new FaultPlan(options.folder, options.faults ?? []),
    reports: new ReportPlan(options.folder),
    now: options.now,
  });
  const service = providerService();
  const schemas = (): Buffer =>
    encodeSchemas(ofTypes(catalogue, terraformFolders === undefined ? null : usedTypes(terraformFolders)));
  const describe = metadata(catalogue);
  const socketFolder = makeSocketFolder();
  const socketPath = join(socketFolder, 's');
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket, service, implementation(core, schemas, describe, socket));
  });
  await listen(listener, socketPath);
  const api = await startApi(store, options.now);
  return {
    reattach: reattachText(socketPath),
    api: api.url,
    socketFolder,
    close: async () => {
      await api.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise<void>((resolve) => {
        listener.close(() => {
          resolve();
        });
      });
      rmSync(socketFolder, { recursive: true, force: true });
    },
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new ExternalError({
      what: `The sandbox cannot use the folder ${folder}`,
      why: error instanceof Error ? error.message : String(error),
      fix: 'Choose a folder that can be written.',
      cause: error,
    });
  }
}

function reattachText(socketPath: string): string {
  const config = {
    Protocol: 'grpc',
    ProtocolVersion: 6,
    Pid: process.pid,
    Test: true,
    Addr: { Network: 'unix', String: socketPath },
  };
  return JSON.stringify(Object.fromEntries(providerAddresses.map((address) => [address, config])));
}

function makeSocketFolder(): string {
  const wanted = tmpdir();
  const base = Buffer.byteLength(wanted) + 16 <= maxSocketPath ? wanted : '/tmp';
  return mkdtempSync(join(base, 'sluice-'));
}

async function listen(listener: SocketServer, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    listener.once('error', (error) => {
      reject(
        new ExternalError({ what: `The sandbox cannot listen on ${path}`, why: error.message, cause: error }),
      );
    });
    listener.listen(path, resolve);
  });
}

function serve(socket: Socket, service: ServiceDefinition, handlers: UntypedServiceImplementation): void {
  const server = new Server(serverOptions);
  server.addService(service, handlers);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  injector.injectConnection(socket);
  socket.once('close', () => {
    server.forceShutdown();
  });
}

type Procedure = (request: never) => unknown;

const nothing: Procedure = () => ({ diagnostics: [] });

function implementation(
  core: ProviderCore,
  schemas: () => Buffer,
  describe: object,
  socket: Socket,
): UntypedServiceImplementation {
  const procedures: Readonly<Record<string, Procedure>> = {
    GetMetadata: () => describe,
    GetProviderSchema: schemas,
    GetFunctions: nothing,
    ValidateProviderConfig: nothing,
    ConfigureProvider: nothing,
    ValidateResourceConfig: core.validateResource.bind(core),
    ValidateDataResourceConfig: core.validateDataSource.bind(core),
    UpgradeResourceState: core.upgrade.bind(core),
    ReadResource: core.read.bind(core),
    PlanResourceChange: core.plan.bind(core),
    ApplyResourceChange: core.apply.bind(core),
    ImportResourceState: core.import.bind(core),
    MoveResourceState: core.move.bind(core),
    ReadDataSource: core.readDataSource.bind(core),
    StopProvider: () => ({ Error: '' }),
  };
  return Object.fromEntries(
    Object.entries(procedures).map(([name, procedure]) => [name, unary(procedure, socket)]),
  );
}

/** Answers a call; a hanging one is left without an answer until its connection goes. */
function unary(procedure: Procedure, socket: Socket) {
  return (call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<unknown>): void => {
    try {
      answer(null, procedure(call.request as never));
    } catch (error) {
      if (!(error instanceof Interrupted)) {
        answer(error instanceof Error ? error : new Error(String(error)));
      } else if (error.kind === 'drop') {
        socket.destroy();
      }
    }
  };
}
