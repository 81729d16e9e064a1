/**
 * One Terraform state: a client's environment, or the account. It owns the provider, the backend and the register of
 * addresses. Every resource claims its address here, because an address that changes by accident is a destroy.
 */
import { TerraformStack, type TerraformElement } from 'cdktf';
import type { Construct } from 'constructs';
import { CloudflareProvider } from '@cdktf/provider-cloudflare/lib/provider/index.js';
import { declareBackend } from './backend.ts';
import { EstateError } from './checks/estate-error.ts';
import type { EmergencyMoves } from './emergency/moves.ts';

export interface EstateStackProps {
  readonly client: string;
  readonly environment: 'production' | 'staging' | 'account';
  readonly accountId: string;
}

const logicalName = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const accountIdentifier = /^[0-9a-f]{32}$/;
const maxNameLength = 64;

export class EstateStack extends TerraformStack {
  readonly client: string;
  readonly environment: EstateStackProps['environment'];
  readonly accountId: string;
  private readonly addresses = new Set<string>();
  private emergency: EmergencyMoves = {};

  constructor(scope: Construct, name: string, props: EstateStackProps) {
    super(scope, name);
    if (typeof (props.accountId as unknown) !== 'string') {
      throw new EstateError(
        name,
        'the account is not known',
        `Name one that stacks/accounts.ts has; \`sluice doctor --fix\` writes it from the register of ${props.client}`,
      );
    }
    if (!accountIdentifier.test(props.accountId)) {
      throw new EstateError(
        name,
        `account id "${props.accountId}" is not 32 hexadecimal digits`,
        'Correct spec.account.cloudflareId in the register of the client',
      );
    }
    this.client = props.client;
    this.environment = props.environment;
    this.accountId = props.accountId;
    new CloudflareProvider(this, 'cloudflare', {});
    declareBackend(this, { client: props.client, environment: props.environment });
  }

  /** What an emergency switched on; said before the zones are declared. */
  inEmergency(moves: EmergencyMoves): void {
    this.emergency = moves;
  }

  get moves(): EmergencyMoves {
    return this.emergency;
  }

  /**
   * Reserves `type.name` and returns the construct id to create the resource with; `settle` then fixes its logical id.
   * Refuses a name that is not lower snake case, is longer than 64 characters, or is taken.
   */
  claim(type: string, name: string): string {
    const address = `${type}.${name}`;
    if (!logicalName.test(name) || name.length > maxNameLength) {
      throw new EstateError(
        `${this.node.id}/${address}`,
        `"${name}" is not a logical name`,
        `Use lower-case letters, digits and single underscores, at most ${maxNameLength} characters`,
      );
    }
    if (this.addresses.has(address)) {
      throw new EstateError(
        `${this.node.id}/${address}`,
        'the address is declared twice',
        'Give one of the two another id; ids of released resources must stay as they are',
      );
    }
    this.addresses.add(address);
    return address;
  }

  /** Creates a resource under an explicit address: claims it, builds it, and pins its logical id. */
  declare<T extends TerraformElement>(type: string, name: string, build: (id: string) => T): T {
    const element = build(this.claim(type, name));
    element.overrideLogicalId(name);
    return element;
  }

  /** For error messages: where in the estate something is. */
  place(type: string, name: string): string {
    return `${this.node.id}/${type}.${name}`;
  }
}
