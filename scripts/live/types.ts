/**
 * What is asked of Cloudflare about the objects of a plan, and what it answered. Terraform knows what its state holds; an
 * object that was created by a run that died before it wrote the state is in no state, and only Cloudflare knows of it.
 */
import type { Json, JsonObject } from '../plan/types.ts';

/** A list to be read, with what narrows it down. */
interface Listing {
  /** Below the API's base, for example `/zones/<id>/dns_records`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** One object of a plan, by what makes it that object whatever its id is. Data only: it is kept with the release. */
export interface LiveQuestion {
  readonly address: string;
  readonly type: string;
  /** For people: `A www.shop.example 203.0.113.4 in zone <id>`. */
  readonly identity: string;
  readonly listing: Listing;
  /** Values that the object has, by name; all of them must agree. */
  readonly match: JsonObject;
  /** Name of the member that holds the object's id. */
  readonly id: string;
  /** What Terraform imports it by, with `{id}` in place of the object's id; null when the provider imports none. */
  readonly importAs: string | null;
  /** Cloudflare keeps two of them apart: if one is there, another cannot be made. */
  readonly isUnique: boolean;
}

export interface NotAsked {
  readonly address: string;
  readonly type: string;
  /** Why, as the end of a sentence: `objects of its type cannot be told by name`. */
  readonly reason: string;
  /** It was asked, and there was no answer: nothing may be concluded. */
  readonly hasFailed: boolean;
}

/** One object at Cloudflare that answers to a question. */
export interface LiveObject {
  readonly address: string;
  readonly type: string;
  readonly identity: string;
  readonly id: string;
  readonly importId: string | null;
  /** Where it is, for a person who removes it by hand: path below the API's base. */
  readonly path: string;
}

/** An object that Cloudflare always has, whoever manages it: deleting it from Terraform leaves it as it was set last. */
export interface Setting {
  readonly address: string;
  readonly type: string;
  readonly identity: string;
  readonly path: string;
  /** What names the object, for who writes it: `zone_id`, `setting_id` and the like. Absent in older ledgers. */
  readonly names?: JsonObject;
  /** Attributes that the plan sets. Absent in older ledgers. */
  readonly sets?: readonly string[];
  /** Attributes beside them that a write of the object may change too; asked as well. Absent where there are none. */
  readonly beside?: readonly string[];
}

export interface LiveSetting extends Setting {
  /**
   * The value where the type has a single one under that name, else an object of its values (see `live-values.ts`). Null:
   * there is none.
   */
  readonly value: Json;
}

/** What is to be asked for the objects of a plan. */
export interface Inquiry {
  readonly questions: readonly LiveQuestion[];
  readonly settings: readonly Setting[];
  readonly notAsked: readonly NotAsked[];
}

/** What was found for the objects of a plan. Kept with a release as `live-before.json` and `live-after.json`. */
export interface LiveAnswers {
  readonly kind: 'sluice.live';
  readonly version: 1;
  readonly at: string;
  readonly asked: readonly LiveQuestion[];
  readonly found: readonly LiveObject[];
  readonly settings: readonly LiveSetting[];
  readonly notAsked: readonly NotAsked[];
}

/** What was there before a run, and what the run was to do. */
export interface LiveBefore extends LiveAnswers {
  readonly planned: readonly { readonly address: string; readonly actions: readonly string[] }[];
}

/** What is known when a run has ended, whichever way. */
export interface LiveFindings extends LiveAnswers {
  /** Brought into the state, and by it under control again. */
  readonly adopted: readonly LiveObject[];
  /** Live and in no state: for a person. */
  readonly left: readonly LiveObject[];
  /** Has another value than before. */
  readonly moved: readonly (LiveSetting & { readonly was: Json })[];
  /** A rollback: set to what was there before, and then no longer managed. Absent: nothing was. */
  readonly restored?: readonly LiveSetting[];
  /** No longer managed, with the value that it was given: what was there before is not known, or there was nothing. */
  readonly kept?: readonly LiveSetting[];
}
