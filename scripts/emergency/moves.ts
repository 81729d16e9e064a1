/**
 * The catalogue of emergency moves: what may be asked for in a hurry, how it is said, and which rule it becomes. What is
 * not here is a change like any other.
 */

/** Which requests: of whom, and where. A text of the Rules language is made of it by `expressionOf` alone. */
export interface MoveTarget {
  readonly who:
    | { readonly kind: 'address'; readonly value: string }
    | { readonly kind: 'network'; readonly number: number }
    | { readonly kind: 'country'; readonly code: string }
    | { readonly kind: 'agent'; readonly text: string }
    | null;
  readonly path: string | null;
  readonly host: string | null;
}

export type EmergencyRequest =
  | { readonly move: 'block' | 'challenge'; readonly target: MoveTarget }
  | { readonly move: 'limit'; readonly target: MoveTarget; readonly perMinute: number }
  | { readonly move: 'under-attack'; readonly host: string | null }
  | { readonly move: 'disable'; readonly ref: string }
  | { readonly move: 'roll-back'; readonly release: string };

/** Every form, with an example that is one. */
export const known: readonly { readonly form: string; readonly example: string }[] = [
  { form: 'block|challenge <address or network> [on <path>] [on <host>]', example: 'block 198.51.100.7' },
  { form: 'block|challenge ASN <number> [on <path>] [on <host>]', example: 'block ASN 64496 on /login' },
  {
    form: 'block|challenge country <code> [on <path>] [on <host>]',
    example: 'challenge country KP on /login',
  },
  {
    form: 'block|challenge agent "<part of it>" [on <path>] [on <host>]',
    example: 'block agent "badbot/1.0"',
  },
  { form: 'block|challenge path <path> [on <host>]', example: 'block path /old-checkout' },
  {
    form: 'limit path <path> to <requests> a minute [on <host>]',
    example: 'limit path /login to 20 a minute',
  },
  { form: 'under attack [on <host>]', example: 'under attack' },
  { form: 'disable rule <ref>', example: 'disable rule block-dotfiles' },
  { form: 'roll back <release>', example: 'roll back R0006' },
];

/** In the Rules language; a path is meant with everything below it. */
export function expressionOf({ who, path, host }: MoveTarget): string {
  const parts = [
    ...(host === null ? [] : [`http.host eq "${host}"`]),
    ...(path === null ? [] : [pathExpression(path)]),
    ...(who === null ? [] : [whoExpression(who)]),
  ];
  return `(${parts.join(' and ')})`;
}

function pathExpression(path: string): string {
  const plain = path.replace(/\/$/, '');
  return `(http.request.uri.path eq "${plain}" or starts_with(http.request.uri.path, "${plain}/"))`;
}

function whoExpression(who: NonNullable<MoveTarget['who']>): string {
  switch (who.kind) {
    case 'address':
      return who.value.includes('/') ? `ip.src in {${who.value}}` : `ip.src eq ${who.value}`;
    case 'network':
      return `ip.src.asnum eq ${String(who.number)}`;
    case 'country':
      return `ip.src.country eq "${who.code}"`;
    case 'agent':
      return `lower(http.user_agent) contains "${who.text.toLowerCase()}"`;
    default:
      throw new Error(`target that is not known: ${JSON.stringify(who satisfies never)}`);
  }
}

/** As a person says it: `Block AS64496 on /login`. */
export function titleOf(request: EmergencyRequest): string {
  switch (request.move) {
    case 'block':
    case 'challenge':
      return `${request.move === 'block' ? 'Block' : 'Challenge'} ${subjectOf(request.target)}`;
    case 'limit':
      return `Limit ${subjectOf(request.target)} to ${String(request.perMinute)} requests a minute for each address`;
    case 'under-attack':
      return `Under Attack mode${request.host === null ? '' : ` on ${request.host}`}`;
    case 'disable':
      return `Switch off the rule ${request.ref}`;
    case 'roll-back':
      return `Roll back ${request.release}`;
    default:
      throw new Error(`move that is not known: ${JSON.stringify(request satisfies never)}`);
  }
}

function subjectOf({ who, path, host }: MoveTarget): string {
  const places = [...(path === null ? [] : [path]), ...(host === null ? [] : [host])];
  return who === null ? places.join(' on ') : [whoOf(who), ...places].join(' on ');
}

function whoOf(who: NonNullable<MoveTarget['who']>): string {
  switch (who.kind) {
    case 'address':
      return who.value;
    case 'network':
      return `AS${String(who.number)}`;
    case 'country':
      return `country ${who.code}`;
    case 'agent':
      return `agent "${who.text}"`;
    default:
      throw new Error(`target that is not known: ${JSON.stringify(who satisfies never)}`);
  }
}
