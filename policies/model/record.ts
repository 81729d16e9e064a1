/**
 * The change record: as its author writes it, after the schema was checked, and as everything that decides reads it, with
 * what its author left out computed (`policies/record/complete.ts`). Names follow the YAML, so a reader of one knows the
 * other.
 */
import type { Json, SourceLocation } from '../../scripts/plan/types.ts';
import type { Category } from '../../scripts/provider/entry.ts';

export type { Category };
export type ChangeType = 'standard' | 'normal' | 'emergency';
export type RiskLevel = 'low' | 'medium' | 'high' | 'critical';
export type ImpactLevel = 1 | 2 | 3 | 4;

export interface Step {
  readonly n: number;
  readonly action: string;
  /** Where it is done; left out, it counts for every client of the change. */
  readonly stack?: string;
  readonly actor: string;
  readonly expected: string;
  readonly durationMin: number;
  /** A go/no-go point before this step. */
  readonly gate?: string;
}

interface TestStep {
  readonly what: string;
  readonly how: string;
  readonly automated: boolean;
  readonly evidenceUrl?: string;
}

interface AnyProbe {
  readonly name: string;
  /** Milliseconds from the question to the end of the answer. */
  readonly maxLatencyMs?: number;
  /** Passes when `pass` of at most `of` questions do; once if left out. */
  readonly tries?: { readonly of: number; readonly pass: number; readonly everySec?: number };
  /** It tests what the change brings. Without it a probe that failed before the release is not held against the change. */
  readonly expectBefore?: 'fails';
  /** Made once these are released; after every wave if left out, or after the last where it tests what the change brings. */
  readonly stacks?: readonly string[];
}

interface HttpQuestion {
  readonly type?: 'http';
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'OPTIONS';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly expectStatus: number;
  /** Header of the answer to a regular expression, found anywhere in its value. */
  readonly expectHeaders?: Readonly<Record<string, string>>;
  readonly expectBodyContains?: string;
  readonly expectBodyPattern?: string;
}

interface DnsQuestion {
  readonly type: 'dns';
  readonly host: string;
  readonly recordType: 'A' | 'AAAA' | 'CAA' | 'CNAME' | 'MX' | 'NS' | 'PTR' | 'SOA' | 'SRV' | 'TXT';
  /** Exactly these, in any order, as zone files have them; empty: no such record. */
  readonly expectValues: readonly string[];
  /** Address and perhaps a port; the system's if left out. */
  readonly resolver?: string;
}

interface TlsQuestion {
  readonly type: 'tls';
  readonly host: string;
  readonly port?: number;
  /** The host if left out. */
  readonly serverName?: string;
  readonly minDaysLeft: number;
  /** What is older must be refused. */
  readonly minVersion?: '1.2' | '1.3';
}

export type HttpProbe = AnyProbe & HttpQuestion;
export type DnsProbe = AnyProbe & DnsQuestion;
export type TlsProbe = AnyProbe & TlsQuestion;

/** A check that the release makes before the first apply and after each; one that fails rolls back. */
export type Probe = HttpProbe | DnsProbe | TlsProbe;

export interface Rollback {
  readonly strategy: 'revert' | 'restore-baseline' | 'forward-fix' | 'not-possible';
  readonly steps: readonly string[];
  readonly maxDurationMin?: number;
  readonly triggers: readonly string[];
  readonly decider?: string;
  readonly irreversibleReason?: string;
}

export interface Waiver {
  /** Exact id of the finding: the rule's, or `rule/kind` for a rule that reports several kinds. */
  readonly rule: string;
  /** Exact Terraform address, `stack/address`, or `record`; a trailing `*` matches a prefix. Never a bare `*`. */
  readonly subject: string;
  readonly reason: string;
  /** Person id from the roster. */
  readonly approvedBy: string;
  /** RFC 3339 date-time. */
  readonly expires: string;
}

/** As it is written. What is optional here and not in `ChangeRecord` is computed where it is left out. */
export interface AuthoredRecord {
  readonly apiVersion: 'sluice/v1';
  readonly kind: 'Change' | 'Administrative';
  readonly id: string;
  readonly title: string;
  /** Whose record it is. */
  readonly client: string;
  /** Of a change of several: all that it concerns, whether or not `client` is one of them. */
  readonly clients?: readonly string[];
  readonly service?: string;
  readonly type: ChangeType;
  readonly model?: string;
  readonly standardChange?: { readonly ref: string; readonly version: string };
  readonly category?: Category;
  readonly reason: string;
  readonly benefit?: string;
  readonly consequenceIfNot?: string;
  readonly costImpact?: { readonly kind: 'none' | 'minor' | 'plan-upgrade'; readonly note?: string };
  readonly requester: string;
  readonly implementer?: string;
  readonly backupImplementer?: string;
  readonly owner: string;
  readonly stacks?: readonly string[];
  readonly configurationItems?: readonly string[];
  readonly links?: {
    readonly incidents?: readonly string[];
    readonly problems?: readonly string[];
    readonly knownErrors?: readonly string[];
    readonly requests?: readonly string[];
    readonly vulnerabilities?: readonly string[];
  };
  readonly dependsOn?: readonly string[];
  readonly conflictsWith?: readonly string[];
  readonly retryOf?: string;
  readonly impact?: { readonly level?: ImpactLevel; readonly users: string; readonly expectedOutage: string };
  readonly likelihood?: { readonly level: ImpactLevel };
  readonly riskAnswers?: Readonly<Record<string, string>>;
  readonly risk?: { readonly declared: RiskLevel };
  readonly securityImpact?: {
    readonly assessed: boolean;
    readonly summary: string;
    readonly reviewer?: string;
  };
  readonly continuityImpact?: string;
  readonly capacityImpact?: string;
  readonly availabilityImpact?: string;
  readonly slaImpact?: string;
  readonly dataProtectionImpact?: string;
  readonly plan?: { readonly steps: readonly Step[] };
  readonly test?: {
    readonly pre?: readonly TestStep[];
    readonly post?: readonly TestStep[];
    readonly probes?: readonly Probe[];
  };
  readonly acceptanceCriteria?: readonly { readonly statement: string; readonly metric?: string }[];
  readonly rollback?: Partial<Rollback>;
  readonly schedule?: {
    readonly plannedStart: string;
    readonly plannedEnd?: string;
    readonly window?: string;
  };
  readonly rollout?: {
    readonly kind?: 'all-at-once' | 'staged';
    readonly stages?: readonly string[];
    /** Stacks that are released together, in order. */
    readonly waves?: readonly (readonly string[])[];
    /** Minutes of probing between two waves. */
    readonly observeMin?: number;
  };
  readonly monitoring?: {
    readonly watch: readonly string[];
    readonly alertsExpected?: readonly string[];
    readonly silence?: readonly string[];
    readonly observeMin: number;
  };
  readonly communications?: readonly {
    readonly audience: string;
    readonly channel: string;
    readonly when: string;
    readonly template?: string;
  }[];
  readonly traffic?: {
    /** `sha256:` of the sample that the gate replays. */
    readonly sample: string;
    readonly from?: string;
    readonly to?: string;
    readonly note?: string;
  };
  readonly clientApproval?: {
    readonly required: boolean;
    readonly method?: string;
    readonly evidence?: string;
  };
  readonly emergency?: {
    readonly declaredBy: string;
    readonly declaredAt: string;
    readonly severity: 'P1' | 'P2';
    readonly incident: string;
    readonly relaxations?: readonly string[];
  };
  readonly waivers?: readonly Waiver[];
  /** Written by the author at closure, with evidence from the ledger; absent until then. */
  readonly outcome?: {
    readonly result:
      | 'successful'
      | 'successful-with-issues'
      | 'rolled-back'
      | 'failed'
      | 'aborted'
      | 'cancelled'
      /** Refused by the CAB; the record is kept because refusals are part of the history. */
      | 'rejected';
    readonly incidentsCaused?: readonly string[];
    readonly deviation?: readonly string[];
    /** How what an emergency left out was made up for. */
    readonly owed?: readonly { readonly item: string; readonly settled: string }[];
    readonly closedBy: string;
    readonly closedAt: string;
    readonly registerUpdated: boolean;
  };
}

/** As everything that decides, releases or shows a change reads it: nothing that can be computed is missing. */
export interface ChangeRecord extends AuthoredRecord {
  /** Empty where the plan does not say which of several services it is: only the author knows. */
  readonly service: string;
  readonly category: Category;
  readonly stacks: readonly string[];
  /** Without a level the risk takes the one that the plan comes to. */
  readonly impact: NonNullable<AuthoredRecord['impact']>;
  readonly securityImpact: NonNullable<AuthoredRecord['securityImpact']>;
  readonly test: NonNullable<AuthoredRecord['test']> & { readonly post: readonly TestStep[] };
  readonly acceptanceCriteria: NonNullable<AuthoredRecord['acceptanceCriteria']>;
  readonly rollback: Rollback;
  readonly schedule?: {
    readonly plannedStart: string;
    readonly plannedEnd: string;
    readonly window?: string;
  };
}

/** A field that the author left out, with what was computed for it. */
export interface ComputedField {
  /** Path in the record, as `rollback.maxDurationMin`; or `affectedHosts`, which no author writes. */
  readonly field: string;
  readonly value: Json;
  /** What it was computed from, for a person: `the plan`, `the register`. */
  readonly from: string;
}

/** Names the hosts that a change concerns. */
export const affectedHostsField = 'affectedHosts';

/** A record with the places of its fields, so that findings point at file:line:column. */
export interface LocatedRecord {
  readonly file: string;
  readonly record: AuthoredRecord;
  /** JSON pointer (`/rollback/maxDurationMin`) to its place; the empty pointer is the document. */
  readonly locations: Readonly<Record<string, SourceLocation>>;
}

/** A record of which nothing that can be computed is missing, and what of it was computed. */
export interface CompleteRecord extends LocatedRecord {
  readonly record: ChangeRecord;
  readonly written: AuthoredRecord;
  /** In the order of the schema. */
  readonly computed: readonly ComputedField[];
}

/** Something that an emergency left out and that is not made up for yet. */
export interface Owed {
  /** A rule, something that was relaxed, or a field of the record. */
  readonly item: string;
  readonly what: string;
}
