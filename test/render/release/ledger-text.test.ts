import { describe, expect, it } from 'vitest';
import {
  renderDerivations,
  renderLedgerFaults,
  renderLedgerText,
} from '../../../scripts/render/release/ledger-text.ts';
import { printedJson } from '../../../scripts/render/text/printed-json.ts';
import { plainStyle as plain } from '../../../scripts/render/text/style.ts';
import { LedgerBuilder, recordsBundle } from '../../release/ledger-builder.ts';

const hostile = 'eve\u001B[31m\u202E\u200B\u0007\n::error::x\u2028';
/** What a terminal or a log would act on, or would not show. */
const raw = /[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}]|^::/mu;

describe('what is printed of a ledger', () => {
  it('shows nothing raw, whoever is said to have released', () => {
    const builder = new LedgerBuilder();
    const bundle = recordsBundle('acme-production', { www: '192.0.2.1' });
    builder.release({ action: 'baseline', changeId: null, bundle });
    const folders = builder.read().folders.map((folder) => ({
      ...folder,
      intent: {
        ...folder.intent,
        by: hostile,
        id: hostile,
        stack: hostile,
        changeId: hostile,
        undoes: [hostile],
      },
    }));
    const open = folders.map((folder) => ({ ...folder, entry: null }));
    for (const shown of [folders, open]) {
      const text = renderLedgerText(shown, new Map(), plain);
      expect(text).toContain('eve');
      expect(text).not.toMatch(raw);
    }
    expect(printedJson({ releases: open.map(({ intent }) => ({ by: intent.by })) })).not.toMatch(raw);
  });

  it('shows no fault and no derivation raw', () => {
    const faults = [{ place: hostile, what: hostile, next: hostile }];
    expect(renderLedgerFaults(faults, plain)).not.toMatch(raw);
    const derivations = [{ id: hostile, stack: hostile, state: 'differs', why: hostile } as const];
    expect(renderDerivations(derivations, plain)).not.toMatch(raw);
  });
});
