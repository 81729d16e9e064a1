/** What a record names is there on the default branch, is the client's own, and does not wait for the record itself. */
import { describe, expect, it } from 'vitest';
import { referenceFaults, type ReferenceTargets } from '../../../policies/gate/references.ts';
import type { ChangeRecord, LocatedRecord } from '../../../policies/model/record.ts';
import { aRecord, anEmergency } from '../../builders/record.ts';

const id = 'CHG-2026-0042';

/** A default branch with these changes, and one incident. */
function known(...records: readonly LocatedRecord[]): ReferenceTargets {
  return {
    records: [aRecord({ id: 'CHG-2026-0030' }), aRecord({ id: 'CHG-2026-0031' }), ...records],
    incidents: [
      {
        id: 'INC-2026-0007',
        priority: 'P3',
        state: 'resolved',
        services: ['storefront'],
        openedBy: 'k-dunne',
        editedBy: null,
      },
    ],
  };
}

function texts(parts: Partial<ChangeRecord>, base: ReferenceTargets = known()): readonly string[] {
  return referenceFaults([aRecord({ id, ...parts })], base).map(({ text }) => text);
}

describe('what a record names', () => {
  it('is found on the default branch', () => {
    const names: Partial<ChangeRecord> = {
      retryOf: 'CHG-2026-0030',
      dependsOn: ['CHG-2026-0030', 'CHG-2026-0031'],
      conflictsWith: ['CHG-2026-0031'],
      links: { incidents: ['INC-2026-0007'], problems: ['PRB-2026-0001'] },
    };
    expect(texts(names)).toEqual([]);
    expect(texts({})).toEqual([]);
  });

  it.each<[string, Partial<ChangeRecord>]>([
    ['retryOf', { retryOf: 'CHG-2026-0999' }],
    ['dependsOn', { dependsOn: ['CHG-2026-0999'] }],
    ['conflictsWith', { conflictsWith: ['CHG-2026-0999'] }],
  ])('is refused when `%s` names no change there', (relation, parts) => {
    expect(texts(parts)).toEqual([
      `\`${relation}\` names CHG-2026-0999, which is not a change of the default branch`,
    ]);
  });

  it('is refused at its own place', () => {
    const located = aRecord({ id, dependsOn: ['CHG-2026-0030', 'CHG-2026-0999'] });
    const place = located.locations['/dependsOn/1'];
    expect(place).toBeDefined();
    expect(referenceFaults([located], known())).toEqual([
      { ...place, text: expect.any(String) as string, fix: expect.stringContaining('is merged') as string },
    ]);
  });

  it('is not what only the pull request brings along', () => {
    const brought = [
      aRecord({ id, dependsOn: ['CHG-2026-0043'] }),
      aRecord({ id: 'CHG-2026-0043', retryOf: id }),
    ];
    expect(referenceFaults(brought, known()).map(({ text }) => text)).toEqual([
      '`dependsOn` names CHG-2026-0043, which is not a change of the default branch',
      `\`retryOf\` names ${id}, which is not a change of the default branch`,
    ]);
  });

  it('is the same in one spelling only', () => {
    expect(texts({ dependsOn: ['CHG-2026-00030'] })).toHaveLength(1);
    expect(texts({ dependsOn: ['chg-2026-0030'] })).toHaveLength(1);
  });

  it('is a change of the client where this one comes after it; anybody’s may be in the way', () => {
    const base = known(aRecord({ id: 'CHG-2026-0035', client: 'borough' }));
    const other = 'names CHG-2026-0035, a change of another client';
    expect(texts({ dependsOn: ['CHG-2026-0035'] }, base)).toEqual([`\`dependsOn\` ${other}`]);
    expect(texts({ retryOf: 'CHG-2026-0035' }, base)).toEqual([`\`retryOf\` ${other}`]);
    expect(texts({ conflictsWith: ['CHG-2026-0035'] }, base)).toEqual([]);
  });

  it('may come after a change of the platform; the platform waits for no client, and retries its own', () => {
    const platform = known(aRecord({ id: 'CHG-2026-0035', client: 'platform' }));
    expect(texts({ dependsOn: ['CHG-2026-0035'] }, platform)).toEqual([]);
    expect(texts({ retryOf: 'CHG-2026-0035' }, platform)).toHaveLength(1);
    expect(texts({ client: 'platform', dependsOn: ['CHG-2026-0030'] })).toHaveLength(1);
  });

  it('does not wait for the record, however long the way around', () => {
    const around = [
      aRecord({ id }),
      aRecord({ id: 'CHG-2026-0035', dependsOn: [id] }),
      aRecord({ id: 'CHG-2026-0036', retryOf: 'CHG-2026-0035' }),
      aRecord({ id: 'CHG-2026-0037', dependsOn: ['CHG-2026-0036', 'CHG-2026-0037'] }),
    ];
    expect(texts({ dependsOn: ['CHG-2026-0037'] }, known(...around))).toEqual([
      `\`dependsOn\` names CHG-2026-0037, which itself waits for ${id}`,
    ]);
    expect(texts({ retryOf: 'CHG-2026-0035' }, known(...around))).toHaveLength(1);
    expect(texts({ dependsOn: ['CHG-2026-0031'] }, known(...around))).toEqual([]);
  });

  it('is an incident of the list', () => {
    expect(texts({ links: { incidents: ['INC-2026-0007', 'INC-2026-0008'] } })).toEqual([
      'incident INC-2026-0008 is not an issue of the repository',
    ]);
  });

  it('is not the incident of an emergency, which a check of its own judges', () => {
    expect(referenceFaults([anEmergency()], { records: [], incidents: [] })).toEqual([]);
  });

  it('is not judged again where the default branch’s own record names it, but what is added is', () => {
    const merged = known(aRecord({ id, dependsOn: ['CHG-2026-0999'] }));
    expect(texts({ dependsOn: ['CHG-2026-0999'] }, merged)).toEqual([]);
    expect(texts({ dependsOn: ['CHG-2026-0998', 'CHG-2026-0999'] }, merged)).toHaveLength(1);
    expect(texts({ retryOf: 'CHG-2026-0999' }, merged)).toHaveLength(1);
  });
});
