import type { ExitName } from '../../contract/exit-codes.ts';
import type { Verdict } from '../../../policies/model/decision.ts';

/** Exit code of a verdict, the same for every command and under every flag. */
export function verdictExit(verdict: Verdict): ExitName {
  switch (verdict) {
    case 'allow':
      return 'ok';
    case 'deny':
      return 'denied';
    case 'undetermined':
      return 'undetermined';
  }
}
