/**
 * Products outside the ruleset engine that decide before custom rules: IP Access rules, Zone Lockdown and User Agent
 * Blocking. Cloudflare documentation, WAF, tools (2026-11): an IP Access rule that allows ends every further security
 * check of the request and wins over one that blocks. It names no order among those that stop a request; here a block
 * comes before a challenge.
 */
import type { CompiledTest } from '../evaluate/compile.ts';
import { readListItems } from '../evaluate/lists.ts';
import { actionEffect } from './phases.ts';
import type { ActionEffect } from './phases.ts';
import { unknownBecause } from '../evaluate/runtime.ts';
import type { RequestFields, RuntimeValue, Truth } from '../evaluate/runtime.ts';
import { toByteString } from '../language/literals.ts';
import { compileWildcard } from '../evaluate/wildcard.ts';

type AccessProduct = 'ip-access' | 'zone-lockdown' | 'user-agent-blocking';

export interface AccessControl {
  /** Its id, as rules have their `ref`. */
  readonly id: string;
  readonly product: AccessProduct;
  /** `allow`, or the action as rules have it. */
  readonly action: string;
  readonly concerns: AccessSubject;
}

/** Whom it is about. Lockdown: everyone who asks for `urls` from another address than `from`. */
export type AccessSubject =
  | { readonly kind: 'address' | 'asn' | 'country' | 'agent'; readonly value: string }
  | { readonly kind: 'lockdown'; readonly urls: readonly string[]; readonly from: readonly string[] };

export interface CompiledAccess {
  readonly control: AccessControl;
  readonly test: CompiledTest;
  readonly effect: ActionEffect | 'allow';
  /** Scope of a skip rule that leaves it out; null when none can. */
  readonly skippable: string | null;
}

const skippable: Readonly<Record<AccessProduct, string | null>> = {
  'ip-access': null,
  'zone-lockdown': 'product:zoneLockdown',
  'user-agent-blocking': 'product:uaBlock',
};

/** Phases of security checks, which an allowed client does not meet. */
const securityPhases = [
  'http_request_firewall_custom',
  'http_ratelimit',
  'http_request_api_gateway_late',
  'http_request_firewall_managed',
  'http_request_sbfm',
];

/** What an allow leaves out, as scopes of a skip. For a country the managed rules still run. */
export function allowedScopes({ concerns }: AccessControl): readonly string[] {
  const phases = securityPhases.filter(
    (phase) => concerns.kind !== 'country' || phase !== 'http_request_firewall_managed',
  );
  return [...phases.map((phase) => `phase:${phase}`), 'access'];
}

const order = ['allow', 'block'];

function rank({ product, action }: AccessControl): number {
  const byProduct = ['ip-access', 'zone-lockdown', 'user-agent-blocking'].indexOf(product);
  const byAction = order.indexOf(action);
  return byProduct * 10 + (byAction === -1 ? order.length : byAction);
}

/** In the order in which they decide. */
export function compileAccess(controls: readonly AccessControl[]): readonly CompiledAccess[] {
  return controls
    .toSorted((a, b) => rank(a) - rank(b))
    .map((control) => ({
      control,
      test: compileSubject(control),
      effect: control.action === 'allow' ? 'allow' : actionEffect(control.action),
      skippable: skippable[control.product],
    }));
}

function compileSubject({ id, product, concerns }: AccessControl): CompiledTest {
  const unreadable = unknownBecause(`${product} ${id}`);
  switch (concerns.kind) {
    case 'address':
      return inList('ip.src', 'ip', [concerns.value]) ?? (() => unreadable);
    case 'asn':
      return inList('ip.src.asnum', 'asn', [concerns.value.replace(/^AS/iu, '')]) ?? (() => unreadable);
    case 'country':
      return equals('ip.src.country', concerns.value.toUpperCase());
    case 'agent':
      return equals('http.user_agent', toByteString(concerns.value));
    case 'lockdown': {
      const isInside = inList('ip.src', 'ip', concerns.from);
      const asksFor = urlTest(concerns.urls);
      return isInside === null ? () => unreadable : (request) => isLockedOut(asksFor, isInside, request);
    }
    default:
      throw new Error('unexpected subject of an access control');
  }
}

function isLockedOut(asksFor: CompiledTest, isInside: CompiledTest, request: RequestFields): Truth {
  const asks = asksFor(request);
  if (asks === false) {
    return false;
  }
  const inside = isInside(request);
  if (inside === true) {
    return false;
  }
  return asks === true && inside === false ? true : asks === true ? inside : asks;
}

function ofField(name: string, holds: (value: RuntimeValue) => boolean): CompiledTest {
  const unknown = unknownBecause(name);
  return (request) => {
    const value = request.fields.get(name);
    return value === undefined ? unknown : holds(value);
  };
}

function equals(name: string, wanted: string): CompiledTest {
  return ofField(name, (value) => value === wanted);
}

function inList(name: string, kind: 'ip' | 'asn', items: readonly string[]): CompiledTest | null {
  const read = readListItems(kind, items);
  return read.ok ? ofField(name, (value) => read.value.contains(value)) : null;
}

/** Patterns of host and path with `*`, with or without a scheme; letters match in either case. */
function urlTest(urls: readonly string[]): CompiledTest {
  const tests = urls.map((url) => {
    const pattern = toByteString(url.replace(/^https?:\/\//iu, '')).replaceAll('\\', '\\\\');
    return compileWildcard(pattern.includes('/') ? pattern : `${pattern}/*`, false);
  });
  const unknown = unknownBecause('http.request.uri.path');
  return ({ fields }) => {
    const host = fields.get('http.host');
    const path = fields.get('http.request.uri.path');
    return typeof host === 'string' && typeof path === 'string'
      ? tests.some((test) => test(host + path))
      : unknown;
  };
}
