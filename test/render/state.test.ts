import { describe, expect, it } from 'vitest';
import { renderState } from '../../scripts/render/decision/check-text.ts';
import { plainStyle } from '../../scripts/render/text/style.ts';

describe('the state of a change, for a person', () => {
  it('comes with the facts it follows from', () => {
    const state = { state: 'draft' as const, reasons: ['the record is only on a branch'], isOverdue: false };
    expect(renderState(state, plainStyle)).toBe('State: draft, the record is only on a branch');
  });

  it('says when the planned start has passed, and keeps hostile reasons on one line', () => {
    const state = { state: 'authorised' as const, reasons: ['a\nb'], isOverdue: true };
    const shown = renderState(state, plainStyle);
    expect(shown).toContain('authorised (planned start has passed)');
    expect(shown).not.toContain('\n');
  });
});
