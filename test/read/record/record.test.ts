import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readRecord } from '../../../scripts/read/record/record.ts';
import { renderDiagnostics } from '../../../scripts/render/findings/diagnostics.ts';
import { plainStyle } from '../../../scripts/render/text/style.ts';

type Fields = Record<string, unknown>;

const folder = new URL('../../../changes/', import.meta.url);
const path = 'changes/acme/CHG-2026-0003.yaml';
const text = readFileSync(new URL('acme/CHG-2026-0003.yaml', folder), 'utf8');

/** The example of a high-risk normal change, edited. */
function edited(edit: (record: Fields) => void, example = 'acme/CHG-2026-0003.yaml'): string {
  const record = parse(readFileSync(new URL(example, folder), 'utf8')) as Fields;
  edit(record);
  return stringify(record);
}

function messages(source: string, file = path): readonly string[] {
  const read = readRecord(source, file);
  return read.ok ? [] : read.diagnostics.map(({ message }) => message);
}

function at(record: Fields, key: string): Fields {
  return record[key] as Fields;
}

it('reads a record with the place of every field', () => {
  const read = readRecord(text, path);
  expect(read.ok && read.value.record.id).toBe('CHG-2026-0003');
  expect(read.ok && read.value.file).toBe(path);
  const line = text.split('\n').findIndex((row) => row.includes('maxDurationMin')) + 1;
  expect(read.ok && read.value.locations['/rollback/maxDurationMin']).toEqual({
    file: path,
    line,
    column: 19,
  });
});

it('shows everything that is wrong with a broken record, each with place, expectation, finding and fix', () => {
  const broken = readFileSync(new URL('record-broken.yaml', import.meta.url), 'utf8');
  const read = readRecord(broken, 'changes/acme/CHG-2026-0099.yaml');
  const shown = read.ok ? '' : renderDiagnostics(read.diagnostics, { style: plainStyle });
  expect(shown).toBe(readFileSync(new URL('record-broken.txt', import.meta.url), 'utf8'));
  expect(shown).not.toContain('4f1aKq7');
});

describe('what each kind of change needs', () => {
  it.each([
    ['implementer', 'acme/CHG-2026-0003.yaml'],
    ['schedule', 'acme/CHG-2026-0003.yaml'],
    ['requester', 'acme/CHG-2026-0011.yaml'],
    ['emergency', 'acme/CHG-2026-0005.yaml'],
    ['schedule', 'platform/CHG-2026-0002.yaml'],
    ['communications', 'borough/CHG-2026-0007.yaml'],
  ])('misses %s in %s', (field, example) => {
    const without = edited((record) => {
      delete record[field];
    }, example);
    expect(messages(without, `changes/${example}`)).toEqual([`the document has no "${field}"`]);
  });

  it('reads without what is computed, or asked by the effective risk', () => {
    const named = [
      'service',
      'category',
      'model',
      'stacks',
      'impact',
      'likelihood',
      'risk',
      'securityImpact',
    ];
    const asked = ['plan', 'test', 'acceptanceCriteria', 'rollback', 'monitoring', 'rollout', 'riskAnswers'];
    const short = edited((record) => {
      for (const field of [...named, ...asked, 'backupImplementer', 'benefit', 'slaImpact']) {
        delete record[field];
      }
      delete at(record, 'schedule')['window'];
      delete at(record, 'schedule')['plannedEnd'];
    });
    expect(messages(short)).toEqual([]);
  });

  it('keeps emergency and standardChange to their types', () => {
    const source = edited((record) => {
      record['emergency'] = {
        declaredBy: 'k.dunne',
        declaredAt: '2026-03-11T20:00:00Z',
        severity: 'P1',
        incident: 'INC-2026-0031',
      };
      record['standardChange'] = { ref: 'bulk-redirect-entry', version: '1.0.0' };
    });
    expect(messages(source)).toEqual([
      'emergency does not belong here',
      'standardChange does not belong here',
    ]);
  });

  it('asks for the reason why there is no rollback, and for the steps of a fix', () => {
    const gone = edited((record) => {
      record['rollback'] = { strategy: 'not-possible', steps: [], triggers: [] };
    });
    expect(messages(gone)).toEqual(['rollback has no "irreversibleReason"']);
    const explained = edited((record) => {
      const irreversibleReason = 'The old key is destroyed.';
      record['rollback'] = { strategy: 'not-possible', steps: [], triggers: [], irreversibleReason };
    });
    expect(messages(explained)).toEqual([]);
    const half = edited((record) => {
      record['rollback'] = { strategy: 'revert', steps: [], triggers: [], irreversibleReason: 'none' };
    });
    expect(messages(half).toSorted()).toEqual([
      'rollback.irreversibleReason does not belong here',
      'rollback.steps has too few entries',
      'rollback.triggers has too few entries',
    ]);
    const fix = edited((record) => {
      record['rollback'] = { strategy: 'forward-fix' };
    });
    expect(messages(fix)).toEqual(['rollback has no "steps"']);
  });

  it('lets an administrative record alter no stack, and any other at least one', () => {
    const administrative = edited((record) => {
      record['stacks'] = ['platform'];
    }, 'platform/CHG-2026-0010.yaml');
    expect(messages(administrative, 'changes/platform/CHG-2026-0010.yaml')).toEqual([
      'stacks has too many entries',
    ]);
    const change = edited((record) => {
      record['stacks'] = [];
    });
    expect(messages(change)).toEqual(['stacks has too few entries']);
  });
});

describe('forms of values', () => {
  it.each([
    ['2026-03-11T20:15:00', 'no offset'],
    ['2026-03-11 20:15:00Z', 'a blank for the T'],
    ['2026-03-11T20:15Z', 'no seconds'],
    ['2026-02-30T20:15:00Z', 'no such day'],
    ['2026-03-11T25:15:00Z', 'no such hour'],
    ['2026-03-11T20:15:00+0100', 'an offset without colon'],
    ['tomorrow', 'words'],
  ])('refuses the time %s (%s)', (time) => {
    const source = edited((record) => {
      at(record, 'schedule')['plannedEnd'] = time;
    });
    expect(messages(source)).toEqual(['schedule.plannedEnd does not have the right form']);
  });

  it.each(['PT0S', 'PT15M', 'P1D', 'P1DT2H30M'])('accepts the duration %s', (duration) => {
    const source = edited((record) => {
      at(record, 'impact')['expectedOutage'] = duration;
    });
    expect(messages(source)).toEqual([]);
  });

  it.each(['P', 'PT', 'P1M', 'P1Y', '15 min', 'PT1.5H', '-PT5M', 'PT5M '])(
    'refuses the duration %j',
    (duration) => {
      const source = edited((record) => {
        at(record, 'impact')['expectedOutage'] = duration;
      });
      expect(messages(source)).toEqual(['impact.expectedOutage does not have the right form']);
    },
  );

  it.each(['*', 'a*b.c', '**', 'x'])('refuses the waiver subject %j', (subject) => {
    const source = edited((record) => {
      const reason = 'The rule does not fit this host.';
      const expires = '2026-04-01T00:00:00Z';
      record['waivers'] = [{ rule: 'waf-host-scope', subject, reason, approvedBy: 's.haddad', expires }];
    });
    expect(messages(source)).toHaveLength(1);
  });

  it('knows no other fields, at any depth', () => {
    const source = edited((record) => {
      record['approvals'] = [];
      at(record, 'risk')['computed'] = 'low';
      at(record, 'rollback')['tested'] = true;
    });
    expect(messages(source).toSorted()).toEqual([
      'unknown field "approvals" in the document',
      'unknown field "computed" in risk',
      'unknown field "tested" in rollback',
    ]);
  });
});

describe('fields that must agree', () => {
  it('finds every contradiction at once', () => {
    const source = edited((record) => {
      at(record, 'schedule')['plannedEnd'] = '2026-03-11T20:00:00Z';
      record['backupImplementer'] = 'r.okafor';
      record['retryOf'] = 'CHG-2026-0003';
      record['dependsOn'] = ['CHG-2026-0003'];
      const steps = at(record, 'plan')['steps'] as { n: number }[];
      record['plan'] = { steps: steps.map((step) => ({ ...step, n: 1 })) };
      const probes = at(record, 'test')['probes'] as { name: string }[];
      at(record, 'test')['probes'] = probes.map((probe) => ({ ...probe, name: 'same' }));
      record['links'] = { incidents: ['INC-2026-0022'] };
      at(record, 'outcome')['closedAt'] = '2026-03-01T09:00:00Z';
      const waiver = {
        rule: 'waf-host-scope',
        subject: 'record',
        reason: 'The rule does not fit this host.',
        approvedBy: 's.haddad',
        expires: '2026-03-01T00:00:00Z',
      };
      record['waivers'] = [waiver, waiver];
      record['rollout'] = { waves: [['acme-staging', 'acme-production'], ['acme-staging']] };
    });
    expect(messages(source).toSorted()).toEqual(
      [
        'a change cannot refer to itself here',
        'a change cannot refer to itself here',
        'an incident cannot be both the cause of the change and its effect',
        'the change ends before it starts',
        'the implementer is their own backup',
        'the record is closed before the change was to start',
        'the same waiver is given twice',
        'the stack is in two waves',
        'the step numbers do not increase',
        'the step numbers do not increase',
        'the waiver ends before the change starts',
        'two probes have the same name',
      ].toSorted(),
    );
  });

  it('refuses probes that cannot mean what they say, or that carry a credential', () => {
    const source = edited((record) => {
      const http = { url: 'https://www.shop.example/', expectStatus: 200 };
      at(record, 'test')['probes'] = [
        { ...http, name: 'a', tries: { of: 2, pass: 3 } },
        { ...http, name: 'b', expectBodyPattern: '(?=x)' },
        { ...http, name: 'c', headers: { 'X-Api-Key': 'abc' } },
        { ...http, name: 'd', headers: { 'X-From': `Bearer ${'a1B2'.repeat(8)}` } },
        { ...http, name: 'e', body: 'ping' },
      ];
    });
    expect(messages(source)).toEqual([
      'the probe must pass more often than it is made',
      expect.stringContaining('the pattern cannot be evaluated'),
      'the probe carries what looks like a credential',
      'the probe carries what looks like a credential',
      'only a POST has a body',
    ]);
  });

  it('holds each type of probe to its own fields', () => {
    const source = edited((record) => {
      at(record, 'test')['probes'] = [
        { name: 'a', type: 'dns', host: 'shop.example', recordType: 'A', url: 'https://shop.example/' },
        { name: 'b', type: 'tls', host: 'shop.example', minDaysLeft: 3, resolver: '1.1.1.1' },
        { name: 'c', host: 'shop.example' },
        { name: 'd', type: 'ping' },
      ];
    });
    expect(messages(source).toSorted()).toEqual(
      [
        'test.probes[0] has no "expectValues"',
        'test.probes[0].url does not belong here',
        'test.probes[1].resolver does not belong here',
        'test.probes[2] has no "url"',
        'test.probes[2] has no "expectStatus"',
        'test.probes[2].host does not belong here',
        'test.probes[3].type is not a known value',
      ].toSorted(),
    );
  });

  it('compares instants, not texts', () => {
    const source = edited((record) => {
      record['schedule'] = {
        plannedStart: '2026-03-11T20:15:00Z',
        plannedEnd: '2026-03-11T21:00:00+01:00',
        window: 'acme-weeknight',
      };
    });
    expect(messages(source)).toEqual(['the change ends before it starts']);
  });

  it.each([
    ['changes/borough/CHG-2026-0003.yaml', false],
    ['changes/acme/CHG-2026-0004.yaml', false],
    ['changes/acme/CHG-2026-0003.yml', false],
    ['changes/acme/old/CHG-2026-0003.yaml', false],
    ['/home/build/changes/acme/CHG-2026-0003.yaml', true],
    ['changes/acme/CHG-2026-0003.yaml', true],
    ['record.yaml', true],
  ])('holds the path %s to client and id', (file, isFine) => {
    expect(messages(text, file)).toEqual(
      isFine ? [] : ["the file's path does not agree with the record's client and id"],
    );
  });
});

it.each([
  ['an empty file', ''],
  ['a list', '- a\n- b\n'],
  ['a text', 'just words\n'],
  ['two documents', `${text}---\n${text}`],
  ['a tag', text.replace('kind: Change', 'kind: !!str Change')],
  ['a key given twice', `${text}\nid: CHG-2026-0004\n`],
])('refuses %s', (_name, source) => {
  expect(readRecord(source, path).ok).toBe(false);
});
