/** Cells of this machine, as the commands make them. */
import { createConfinement, type ProcessConfinement } from '../../../scripts/adapters/process/confine.ts';

const confineScript = new URL('../../../scripts/adapters/process/confine.sh', import.meta.url).pathname;

export function realConfinement(onMissing: (text: string) => void = () => undefined): ProcessConfinement {
  return createConfinement({ environment: process.env, script: confineScript, onMissing });
}
