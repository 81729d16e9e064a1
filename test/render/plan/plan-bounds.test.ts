import { describe, expect, it } from 'vitest';

import { renderPlanText } from '../../../scripts/render/plan/text.ts';
import { plainStyle } from '../../../scripts/render/text/style.ts';
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';
import { planOf, record, withRecords } from '../../plan/configurations.ts';

function records(count: number, more: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`r${at}`, record({ name: `r${at}`, ...more })]),
  );
}

const text = (before: JsonObject, after: JsonObject): string =>
  renderPlanText(planOf(before, after), { style: plainStyle });

describe('a plan of very many changes', () => {
  it('shows the gravest first and counts the rest', () => {
    const before = withRecords({ ...records(3000, {}), gone: record({ name: 'gone' }) });
    const shown = text(before, withRecords(records(3000, { content: '192.0.2.2' })));
    expect(shown.split('\n')[1]).toContain('delete  cloudflare_dns_record.gone');
    expect(shown.split('\n').length).toBeLessThan(2100);
    expect(shown).toContain('and 2001 more, the least grave');
    expect(shown).toContain('Plan: 1 to delete, 3000 to update');
  });

  it('names each that is destroyed', () => {
    const shown = text(withRecords(records(1500, {})), withRecords({}));
    expect(shown.match(/^ {2}delete {2}cloudflare_dns_record\.r\d+/gm)).toHaveLength(1500);
    expect(shown).not.toContain('more, the least grave');
  });
});
