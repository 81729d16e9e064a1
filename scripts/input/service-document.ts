/** The parts of `service.yaml` that code reads, after the schema was checked. Names follow the YAML. */
import type { Register, Window } from '../../policies/model/facts.ts';

interface Identified {
  readonly id: string;
}

export interface ServiceDocument {
  readonly metadata: { readonly name: string; readonly title: string };
  readonly spec: {
    readonly tier: Register['tier'];
    readonly lifecycle: Register['lifecycle'];
    readonly owner: string;
    readonly account: { readonly cloudflareId: string };
    readonly services: readonly (Identified & {
      readonly name: string;
      readonly zones: readonly string[];
      readonly owner: string;
    })[];
    readonly stacks: Register['stacks'];
    readonly windows: readonly Window[];
    readonly freezes: readonly (Identified & { readonly start: string; readonly end: string })[];
    readonly clientApprovalRequired: boolean;
    readonly standardChanges: readonly string[];
    readonly people: readonly (Identified & {
      readonly delegate?: string;
      readonly roles: readonly string[];
    })[];
    readonly escalation: readonly {
      readonly level: number;
      readonly who: string;
      readonly afterMinutes: number;
    }[];
    readonly monitoring: readonly Identified[];
    readonly configurationItems: readonly (Identified & {
      readonly owner: string;
      readonly relations?: readonly string[];
    })[];
    readonly dependencies: readonly (Identified & { readonly neededBy?: readonly string[] })[];
    readonly runbooks: readonly (Identified & { readonly owner: string })[];
    readonly knownErrors: readonly (Identified & { readonly item?: string; readonly problem?: string })[];
    readonly openProblems: readonly (Identified & { readonly owner: string })[];
    readonly risks: readonly (Identified & { readonly owner: string })[];
  };
}
