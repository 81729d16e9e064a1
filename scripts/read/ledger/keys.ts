/** Reads `policies/ledger-keys.yaml`: whose signature makes an entry of the ledger count. */
import keysSchema from '../../../policies/schemas/ledger-keys.schema.json' with { type: 'json' };
import type { Diagnostic, Parsed } from '../../plan/types.ts';
import type { LocatedDocument } from '../document.ts';
import { checkSchema } from '../schema/schema.ts';
import { readYaml } from '../yaml/yaml.ts';

export const ledgerKeysPath = 'policies/ledger-keys.yaml';

interface KeyInFile {
  readonly id: string;
  readonly publicKey: string;
  readonly from: string;
  readonly until?: string;
  readonly revoked?: { readonly at: string; readonly lastTrusted: string | null };
}

interface KeysFile {
  readonly repository: string;
  readonly keys: readonly KeyInFile[];
}

/** The keys of the control file, with what it leaves away as null. */
export interface LedgerKeys {
  readonly repository: string;
  readonly keys: readonly {
    readonly id: string;
    readonly publicKey: string;
    readonly from: string;
    readonly until: string | null;
    readonly revoked: { readonly at: string; readonly lastTrusted: string | null } | null;
  }[];
}

/** Every problem at once. Ids and keys are unique: one name must not mean two keys, and no key may outlive its end by another name. */
export function readLedgerKeys(text: string, path = ledgerKeysPath): Parsed<LedgerKeys> {
  const document = readYaml(text, path);
  if (!document.ok) {
    return document;
  }
  const parsed = checkSchema<KeysFile>(keysSchema, document.value);
  if (!parsed.ok) {
    return parsed;
  }
  const { repository, keys } = parsed.value;
  const diagnostics = keys.flatMap((_, index) => problemsOf(keys, index, document.value));
  return diagnostics.length > 0
    ? { ok: false, diagnostics }
    : {
        ok: true,
        value: {
          repository,
          keys: keys.map(({ until = null, revoked = null, ...key }) => ({ ...key, until, revoked })),
        },
      };
}

function problemsOf(
  keys: readonly KeyInFile[],
  index: number,
  document: LocatedDocument,
): readonly Diagnostic[] {
  const key = keys[index];
  const earlier = keys.slice(0, index);
  if (key === undefined) {
    return [];
  }
  const at = (field: string, message: string, fix: string): Diagnostic => ({
    location: document.locate(`/keys/${String(index)}/${field}`),
    message,
    fix,
  });
  return [
    ...(earlier.some(({ id }) => id === key.id)
      ? [at('id', 'this id names two keys', 'give each key an id of its own')]
      : []),
    ...(earlier.some(({ publicKey }) => publicKey === key.publicKey)
      ? [at('publicKey', 'this key is here twice', 'make a new one: sluice ledger key --out <file>')]
      : []),
    ...(key.until !== undefined && !(Date.parse(key.from) < Date.parse(key.until))
      ? [at('until', 'the key ends before it begins', 'correct from or until')]
      : []),
  ];
}
