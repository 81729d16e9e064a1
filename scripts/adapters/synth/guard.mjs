/**
 * The module that is loaded before stack code. It makes what differs from run to run (clock, randomness, network, other
 * processes) refuse, records each attempt so that a `catch` cannot hide it, and writes what happened to a report.
 *
 * It keeps stack code honest and its output repeatable. It is not a wall against hostile code: that is the cell it runs in
 * (confine.ts), the empty environment, and a job without secrets.
 */
import { writeFileSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';

const require = createRequire(import.meta.url);
const reportPath = process.env.SLUICE_SYNTH_REPORT;
delete process.env.SLUICE_SYNTH_REPORT;
const guardUrl = import.meta.url;
const guardPath = decodeURIComponent(new URL(guardUrl).pathname);
const violations = [];
let thrown = null;

// cdktf 0.21 brings two that never show what they saw: brace-expansion makes placeholders by chance, and lodash times how
// often it sets a function.
const exempt = /\/node_modules\/(?:brace-expansion\/|lodash\/_shortOut\.js)/;
const frame = /\(?((?:file:\/\/)?\/[^()]*?):\d+:\d+\)?$/;

function stackOf() {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const stack = String(new Error('here').stack);
  Error.stackTraceLimit = before;
  return stack;
}

function callers(stack) {
  return stack
    .split('\n')
    .map((line) => frame.exec(line.trim())?.[1])
    .filter((file) => file !== undefined && !file.includes(guardUrl) && !file.includes(guardPath));
}

class StackCodeRefused extends Error {
  constructor(what) {
    super(what + ' is not available to stack code');
    this.name = 'StackCodeRefused';
  }
}

function refuse(kind, what) {
  const stack = stackOf();
  const first = callers(stack)[0];
  if (first === undefined || exempt.test(first)) {
    return;
  }
  // One is enough to refuse, and any number of them would be no report that is read.
  if (violations.length === 0) {
    violations.push({ kind, what, stack });
  }
  throw new StackCodeRefused(what);
}

function guardMethod(owner, name, kind, what) {
  const original = owner?.[name];
  if (typeof original !== 'function') {
    return;
  }
  const guarded = new Proxy(original, {
    apply(target, self, args) {
      refuse(kind, what);
      return Reflect.apply(target, self, args);
    },
    construct(target, args, newTarget) {
      refuse(kind, what);
      return Reflect.construct(target, args, newTarget);
    },
  });
  Object.defineProperty(owner, name, {
    value: guarded,
    writable: true,
    configurable: true,
    enumerable: true,
  });
}

function guardMethods(owner, names, kind, prefix) {
  for (const name of names) {
    guardMethod(owner, name, kind, prefix + name + '()');
  }
}

const RealDate = Date;
const realNow = Date.now;
function guardedNow() {
  refuse('clock', 'Date.now()');
  return realNow();
}
const GuardedDate = new Proxy(RealDate, {
  apply(target, self, args) {
    refuse('clock', 'Date()');
    return Reflect.apply(target, self, args);
  },
  construct(target, args, newTarget) {
    if (args.length === 0) {
      refuse('clock', 'new Date()');
    }
    return Reflect.construct(target, args, newTarget);
  },
  get(target, name, receiver) {
    return name === 'now' ? guardedNow : Reflect.get(target, name, receiver);
  },
});
Object.defineProperty(RealDate.prototype, 'constructor', {
  value: GuardedDate,
  writable: true,
  configurable: true,
});
globalThis.Date = GuardedDate;

guardMethods(performance, ['now', 'mark', 'measure'], 'clock', 'performance.');
guardMethods(process, ['uptime'], 'clock', 'process.');
guardMethods(process.hrtime, ['bigint'], 'clock', 'process.hrtime.');
guardMethods(process, ['hrtime'], 'clock', 'process.');
guardMethods(Math, ['random'], 'randomness', 'Math.');

const crypto = require('node:crypto');
const makesRandom = [
  'randomBytes',
  'pseudoRandomBytes',
  'randomUUID',
  'randomInt',
  'randomFill',
  'randomFillSync',
];
guardMethods(crypto, makesRandom, 'randomness', 'crypto.');
guardMethods(
  crypto,
  ['generateKey', 'generateKeySync', 'generateKeyPair', 'generateKeyPairSync'],
  'randomness',
  'crypto.',
);
guardMethods(
  Object.getPrototypeOf(crypto.webcrypto),
  ['getRandomValues', 'randomUUID'],
  'randomness',
  'crypto.',
);

const net = require('node:net');
guardMethods(net, ['connect', 'createConnection', 'createServer'], 'network', 'net.');
guardMethods(net.Socket.prototype, ['connect'], 'network', 'net.Socket.');
guardMethods(net.Server.prototype, ['listen'], 'network', 'net.Server.');
guardMethods(require('node:tls'), ['connect', 'createServer'], 'network', 'tls.');
guardMethods(require('node:http'), ['request', 'get', 'createServer'], 'network', 'http.');
guardMethods(require('node:https'), ['request', 'get', 'createServer'], 'network', 'https.');
guardMethods(require('node:http2'), ['connect', 'createServer', 'createSecureServer'], 'network', 'http2.');
guardMethods(require('node:dgram'), ['createSocket'], 'network', 'dgram.');
const dns = require('node:dns');
const asksDns = Object.keys(dns.promises).filter((name) => /^(?:lookup|resolve|reverse)/.test(name));
guardMethods(dns, asksDns, 'network', 'dns.');
guardMethods(dns.promises, asksDns, 'network', 'dns.promises.');
guardMethods(globalThis, ['fetch', 'WebSocket', 'EventSource'], 'network', '');

const startsProcess = ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'];
guardMethods(require('node:child_process'), startsProcess, 'process', 'child_process.');
guardMethods(require('node:cluster'), ['fork'], 'process', 'cluster.');
guardMethods(require('node:worker_threads'), ['Worker'], 'process', 'worker_threads.');
guardMethods(process, ['exit', 'abort', 'kill', 'dlopen'], 'process', 'process.');

const tellsMachine = ['hostname', 'networkInterfaces', 'userInfo', 'uptime', 'loadavg', 'freemem', 'cpus'];
guardMethods(require('node:os'), tellsMachine, 'machine', 'os.');

syncBuiltinESMExports();
Error.stackTraceLimit = 30;

process.on('uncaughtExceptionMonitor', (error) => {
  thrown =
    error instanceof Error
      ? {
          name: String(error.name),
          message: String(error.message),
          stack: String(error.stack),
          code: String(error.code ?? ''),
          // What constructs refuse says where it is and what to write instead.
          ...(error.name === 'EstateError'
            ? {
                refused: {
                  where: String(error.where),
                  problem: String(error.problem),
                  fix: String(error.fix),
                },
              }
            : {}),
        }
      : { name: 'not an Error', message: String(error), stack: '', code: '' };
});
process.on('exit', () => {
  writeFileSync(reportPath, JSON.stringify({ violations, thrown }));
});
