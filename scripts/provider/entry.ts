/** What an entry of the table of types (`types.json`) may say. Paths are written `a.b[].c`. */
import type { Json } from '../plan/types.ts';
import type { Spelling } from './spelling.ts';
import type { Validator } from './validators.ts';

/** What a change of a type is for; the kinds of a change record. */
export type Category =
  | 'waf'
  | 'dns'
  | 'tls'
  | 'cache'
  | 'lb'
  | 'access'
  | 'workers'
  | 'rules'
  | 'account'
  | 'monitoring'
  | 'other';

/** Where Cloudflare lists the objects of a type, and what such a list does not tell of them. */
export interface TypeListing {
  /**
   * Path below the API's base. `{zone_id}`, `{account_id}` and the like stand for attributes; `{scope}` for `zones/<zone_id>` or
   * `accounts/<account_id>`.
   */
  readonly list: string;
  /** Where one of them is read whole; `{id}` is its id. Absent where there is no such request. */
  readonly object?: string;
  /** Configurable attributes that the list leaves out; those inside others are written `a.b`, `a[].b`. */
  readonly notTold?: readonly string[];
}

/** Which attributes make an object that object, where Cloudflare lists the objects, and what the provider imports them by. */
export interface TypeIdentity {
  /** Attributes whose values are the identity; a dotted name goes into an object. */
  readonly by: readonly string[];
  /** Attributes of the identity that the list can be narrowed by, with the name of the query parameter. */
  readonly filter?: Readonly<Record<string, string>>;
  /** Member with the id, when it is not `id`. */
  readonly id?: string;
  readonly import: string;
  /** Only where it was found that there cannot be two. */
  readonly isUnique: boolean;
}

/**
 * What a resource names beside the zone that it stands in: hosts that it acts on, and objects of the account that it writes
 * to. Left out on purpose: where traffic goes to (origins, targets of redirects, contents of records) and who is told (e-mail
 * addresses of alerts). They send something of the stack's own elsewhere, and take nothing of anybody else's. Paths are
 * written `a.b[].c`.
 */
interface TypePlaces {
  /** Hosts, URLs, patterns with `*`, and e-mail addresses whose domain is meant. */
  readonly hosts: readonly string[];
  /** Ids and names of objects of the account that are written to, or handed to code. */
  readonly objects: readonly string[];
  /**
   * What it reaches where it names no zone: its zone is not known; all of the account; or nothing but what it names,
   * because others have to refer to it.
   */
  readonly withoutZone: 'unknown' | 'account' | 'named';
  /** It acts on nothing but the hosts that it names, where it names any. */
  readonly isConfined?: boolean;
}

/** What the schema says of attributes; paths are written `a.b[].c`. */
export interface SchemaFacts {
  readonly replace?: readonly string[];
  readonly computed?: readonly string[];
  readonly sensitive?: readonly string[];
  readonly sets?: readonly string[];
  readonly dynamic?: readonly string[];
  readonly bools?: readonly string[];
  readonly numbers?: readonly string[];
  readonly defaults?: Readonly<Record<string, Json>>;
}

/** A default that holds only for some kinds of an object. */
export interface ConditionalDefault {
  readonly path: string;
  readonly when: { readonly path: string; readonly in: readonly string[] };
  readonly value: string | number | boolean;
}

/** Paths are written `a.b[].c`. Whatever is left out holds for no attribute. */
export interface Behaviour {
  /**
   * `keeps-value`: destroying it changes nothing at Cloudflare. `unsupported`: this call fails, and every other of the type.
   * Absent: it is deleted.
   */
  readonly delete?: 'keeps-value' | 'unsupported';
  /**
   * No update in place reaches Cloudflare: the provider does nothing (`empty`, whereupon Terraform finds another result than it
   * planned), fails (`error`), or writes modules into the state (`copies-modules`).
   */
  readonly update?: 'empty' | 'error' | 'copies-modules';
  /** Forces replacement only when the new configuration sets it. */
  readonly replaceIfConfigured?: readonly string[];
  /** What a read takes over: nothing, only whether it exists, only computed attributes. Absent: all but `notRefreshed`. */
  readonly refresh?: 'none' | 'existence' | 'computed';
  /** Configurable attributes whose change outside of Terraform no plan shows. */
  readonly notRefreshed?: readonly string[];
  /**
   * Unknown in the plan of every update. `rules[].last_updated` and `rules[].version` of a ruleset are of earlier versions
   * 5.x (cloudflare/terraform-provider-cloudflare issue 5419, read on 2026-11-30); this one has no such attributes.
   */
  readonly recomputed?: readonly string[];
  /** Unknown in the plan of every update that does not configure them. */
  readonly recomputedUnlessConfigured?: readonly string[];
  /** The same in plans of earlier versions 5.x: cloudflare/terraform-provider-cloudflare issues 5517 and 5858, read on 2026-11-30. */
  readonly recomputedEarlier?: readonly string[];
  /** Exceptions from `recomputed`: the provider's plan function puts the value of the state back on every update. */
  readonly retainedByPlan?: readonly string[];
  /** Put back by the plan function as well, unless the update is about them; nothing may be concluded from it. */
  readonly retainedUnlessConcerned?: readonly string[];
  /** For each configured value what Cloudflare may report of it: `active` is `pending` until others have acted. */
  readonly reportedFor?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Values of computed attributes that are on the way to another one. */
  readonly onTheWay?: Readonly<Record<string, readonly string[]>>;
  /** Attributes of the schema's file that the provider does not serve. */
  readonly notServed?: readonly string[];
  readonly conditionalDefaults?: readonly ConditionalDefault[];
  /** What an absent attribute is equal to: what the provider's read or plan function takes for the same. */
  readonly absentAs?: readonly (Omit<ConditionalDefault, 'when' | 'value'> &
    Partial<Pick<ConditionalDefault, 'when'>> & { readonly value: Json })[];
  /** Lists whose order the provider ignores. */
  readonly unordered?: readonly string[];
  /** Attributes with more than one spelling for a value, see scripts/provider/spelling.ts. */
  readonly spellings?: Readonly<Record<string, Spelling>>;
}

export interface LiveValue {
  /** Path below the API's base. Names in braces are attributes; `{scope}` is `zones/<zone_id>` or `accounts/<account_id>`. */
  readonly read: string;
  /**
   * Of a type that keeps its value: configurable attributes that are not its identity and no secret, under the names that
   * they have in the answer as well.
   */
  readonly values?: readonly string[];
}

/** One entry. Whatever is left out is not so, or not known to be. */
export interface ProviderType {
  readonly category: Category;
  /** It protects something, or says who may do what. */
  readonly isControl?: boolean;
  /** The day on which its effect on security was looked at: a rule or a floor judges it, or it cannot weaken anything. */
  readonly reviewed?: string;
  /** What its reviewer has to find out, as the end of a sentence. */
  readonly review?: string;
  /** Losing one is felt at once by visitors or mail. */
  readonly servesTraffic?: boolean;
  /** It gives somebody power over the account, or is a setting of the account itself. */
  readonly account?: 'grants' | 'settings';
  /** Its id is known outside of the account: deleting it and creating it again is no restoration. */
  readonly hasOutsideIdentity?: boolean;
  /** Cloudflare makes its id up, although a change of it forces replacement. */
  readonly hasGeneratedId?: boolean;
  /** The version of the format in the state, where the provider raised it from 0. */
  readonly stateVersion?: number;
  /** The attribute that tells its kinds apart, where the type alone says too little. */
  readonly kindBy?: string;
  /** The argument that takes it out of service while it stays, with the value that does; null is not being set. */
  readonly offWhen?: { readonly attribute: string; readonly is: boolean | null };
  /** Attributes that decide nothing: no request and no log-in goes another way for them. */
  readonly labels?: readonly string[];
  /** Attributes that say which rules apply to it: while one is unknown, the other rules cannot tell that they should look. */
  readonly guarded?: readonly string[];
  /** Where it has an expression that may name a list: a member of each element of a list, or an attribute of its own. */
  readonly expressions?: { readonly in?: string; readonly attribute: string };
  /** The type that it hangs on, and the attribute with that object's id. */
  readonly partOf?: { readonly type: string; readonly by: string };
  /** Absent: it may reach all of its account. */
  readonly places?: TypePlaces;
  /**
   * Requests that the provider makes to create, change and delete one: the verb and the path below the API's base, with attributes
   * in braces; `{scope}` as in `listing`. Absent: it makes none, or they are not known.
   */
  readonly writes?: readonly string[];
  /** Absent: there is no list, or it is not known to carry what is configured; objects are read one by one. */
  readonly listing?: TypeListing;
  /** Absent: objects of the type cannot be asked for, and are named as not checked, never as verified. */
  readonly identity?: TypeIdentity;
  /** Why they cannot, where more is known than that; the end of a sentence. */
  readonly identityUnknown?: string;
  readonly live?: LiveValue;
  readonly schema?: SchemaFacts;
  readonly behaviour?: Behaviour;
  /** What it takes, for each attribute by its path `a.b[].c`. */
  readonly accepts?: Readonly<Record<string, readonly Validator[]>>;
}
