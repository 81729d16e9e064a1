/** Synthesizes the generated estate with cdktf, as stack code would: one stack per zone, as real estates are cut. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformResource, TerraformStack } from 'cdktf';
import { generateEstate } from './estate.ts';
import type { JsonObject } from '../../scripts/plan/types.ts';

const [zones = '10', perZone = '100'] = process.argv.slice(2);
const outdir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const app = new App({ outdir });
for (let zone = 0; zone < Number(zones); zone += 1) {
  const estate = generateEstate({ zones: 1, perZone: Number(perZone) }, 0);
  declare(new TerraformStack(app, `bench-${String(zone)}`), estate['resource'] as JsonObject);
}
app.synth();
rmSync(outdir, { recursive: true });

function declare(stack: TerraformStack, resources: JsonObject): void {
  for (const [type, names] of Object.entries(resources)) {
    for (const [name, attributes] of Object.entries(names as JsonObject)) {
      const resource = new TerraformResource(stack, `${type}_${name}`, { terraformResourceType: type });
      for (const [key, value] of Object.entries(attributes as JsonObject)) {
        resource.addOverride(key, value);
      }
    }
  }
}
