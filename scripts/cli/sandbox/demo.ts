import type { SluiceContext } from '../../contract/context.ts';
import { runDemo } from '../../demo/run.ts';

/** `sluice demo`, which is also `npm start`. */
export async function demoCommand(this: SluiceContext): Promise<void> {
  await runDemo(this);
}
