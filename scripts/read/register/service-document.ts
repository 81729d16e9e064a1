/** The parts of `service.yaml` that code reads, after the schema was checked. Names follow the YAML. */
import type { FreezeScope, FreezeTimes, Window } from '../../../policies/model/calendar.ts';
import type { Register } from '../../../policies/model/facts.ts';
import type { Probe } from '../../../policies/model/record.ts';

/**
 * A register as it is written: while its client is being taken over, only the name, the title, the lifecycle, the account
 * and the stacks have to be there.
 */
export interface WrittenRegister {
  readonly metadata: ServiceDocument['metadata'];
  readonly spec: Partial<ServiceDocument['spec']> &
    Pick<ServiceDocument['spec'], 'lifecycle' | 'account' | 'stacks'>;
}

export type WrittenWindow = Window & { readonly noticeDays?: number; readonly note?: string };

/** A freeze of one client: what is not written is read the stricter way. */
export type WrittenFreeze = Omit<FreezeScope, 'clients' | 'kind' | 'exemptionBy'> &
  Partial<Pick<FreezeScope, 'kind' | 'exemptionBy'>> &
  FreezeTimes & { readonly contact?: string };

interface IdentifiedItem {
  readonly id: string;
}

export interface ServiceDocument {
  readonly metadata: { readonly name: string; readonly title: string };
  readonly spec: {
    readonly tier: Register['tier'];
    readonly lifecycle: Register['lifecycle'];
    readonly owner: string | null;
    readonly account: { readonly cloudflareId: string };
    readonly services: readonly (IdentifiedItem & {
      readonly name: string;
      readonly zones: readonly string[];
      readonly owner: string | null;
      readonly probes?: readonly Probe[];
    })[];
    readonly stacks: Register['stacks'];
    readonly windows: readonly WrittenWindow[];
    readonly freezes: readonly WrittenFreeze[];
    readonly clientApprovalRequired: boolean;
    readonly standardChanges: readonly string[];
    readonly people: readonly (IdentifiedItem & {
      readonly delegate?: string;
      readonly roles: readonly string[];
    })[];
    readonly escalation: readonly {
      readonly level: number;
      readonly who: string;
      readonly afterMinutes: number;
    }[];
    readonly monitoring: readonly IdentifiedItem[];
    readonly configurationItems: readonly (IdentifiedItem & {
      readonly owner: string;
      readonly relations?: readonly string[];
    })[];
    readonly dependencies: readonly (IdentifiedItem & { readonly neededBy?: readonly string[] })[];
    readonly runbooks: readonly (IdentifiedItem & { readonly owner: string })[];
    readonly knownErrors: readonly (IdentifiedItem & { readonly item?: string; readonly problem?: string })[];
    readonly openProblems: readonly (IdentifiedItem & { readonly owner: string })[];
    readonly risks: readonly (IdentifiedItem & { readonly owner: string })[];
    readonly access?: {
      readonly tokens: readonly {
        readonly name: string;
        readonly id?: string;
        readonly releases?: boolean;
      }[];
    };
  };
}

/**
 * The register with what is not written yet: nothing where nothing can be known, and of what decides the stricter reading
 * (the first tier, the client's approval). All zones are those of one service, called like the client.
 */
export function completed({ metadata, spec }: WrittenRegister): ServiceDocument {
  const zones = spec.stacks
    .filter(({ environment }) => environment === 'production')
    .flatMap((stack) => stack.zones);
  return {
    metadata,
    spec: {
      tier: 1,
      owner: null,
      services: [{ id: metadata.name, name: metadata.title, zones, owner: null }],
      windows: [],
      freezes: [],
      clientApprovalRequired: true,
      standardChanges: [],
      people: [],
      escalation: [],
      monitoring: [],
      configurationItems: [],
      dependencies: [],
      runbooks: [],
      knownErrors: [],
      openProblems: [],
      risks: [],
      ...spec,
    },
  };
}
