/** Which variables of an environment hold a secret, told by their names. */
import { isSecretName } from './names.ts';

/** `SLUICE_LEDGER_KEY`, and the half of a key pair that is not a secret alone but that nobody needs to read either. */
const keyName = /_KEY(?:_ID)?$/;

/** The values to keep out of everything that is printed, stored or published. Empty ones are none. */
export function secretValues(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && value !== '' && (isSecretName(name) || keyName.test(name)) ? [value] : [],
  );
}
