/**
 * The sandbox as a provider binary: it starts as Terraform starts any provider and says where it listens. For trying the
 * comparison where there is no other binary; with SLUICE_PROVIDER_FAULT it fails where it is told to (JSON, see
 * `scripts/sandbox/provider/faults.ts`), so that a difference is there to be found.
 */
import type { Fault } from '../../scripts/sandbox/provider/faults.ts';
import { startSandbox } from '../../scripts/sandbox/provider/server.ts';
import { freshFolder, noon } from '../sandbox/provider/terraform.ts';

const told = process.env['SLUICE_PROVIDER_FAULT'];
const faults = told === undefined ? [] : [JSON.parse(told) as Fault];
const sandbox = await startSandbox({ folder: freshFolder('binary'), faults, now: () => noon });
const [config] = Object.values(
  JSON.parse(sandbox.reattach) as Record<string, { readonly Addr: { readonly String: string } }>,
);
process.stdout.write(`1|6|unix|${config?.Addr.String ?? ''}|grpc|\n`);
process.once('SIGTERM', () => {
  void sandbox.close().then(() => process.exit(0));
});
