/** What of an issue's text is an incident, and what is only written like one. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { incidentText, readIncidentForm } from '../../../scripts/read/incident/form.ts';

const form = { services: ['storefront', 'acme'], impact: 'high', urgency: 'medium', causedBy: null } as const;
const written = incidentText(form);

it('comes back as it was filled in, with other answers beside it', () => {
  expect(readIncidentForm(written)).toEqual({ kind: 'form', form });
  const seen = `${written}\n### What is seen, and by whom\n\nThe shop answers 502.\n\n#### since noon\n`;
  expect(readIncidentForm(seen.replaceAll('\n', '\r\n'))).toEqual({ kind: 'form', form });
  const caused = { ...form, causedBy: 'CHG-2026-0042' };
  expect(readIncidentForm(incidentText(caused))).toEqual({ kind: 'form', form: caused });
});

it('has the labels and levels that the form has', () => {
  const { body } = parse(readFileSync('.github/ISSUE_TEMPLATE/incident.yml', 'utf8')) as {
    readonly body: readonly {
      readonly attributes: { readonly label?: string; readonly options?: readonly string[] };
    }[];
  };
  const fields = new Map(body.map(({ attributes }) => [attributes.label, attributes.options]));
  for (const label of written.matchAll(/^### (.*)$/gm)) {
    expect([...fields.keys()]).toContain(label[1]);
  }
  expect(fields.get('Impact')).toEqual(['high', 'medium', 'low']);
  expect(fields.get('Urgency')).toEqual(['high', 'medium', 'low']);
});

it.each([
  ['another issue', 'The shop is slow.', 'other', ''],
  ['an answer given twice', `${written}\n### Impact\n\nhigh`, 'unreadable', '"Impact" is answered twice'],
  [
    'a level of its own',
    written.replace('medium', 'P1'),
    'unreadable',
    '"Urgency" is none of high, medium, low',
  ],
  [
    'no level',
    written.replace('### Impact', '### Harm'),
    'unreadable',
    '"Impact" is none of high, medium, low',
  ],
  [
    'no service',
    written.replace('storefront, acme', '_No response_'),
    'unreadable',
    '"Service" is not a list of services',
  ],
  [
    'a cause that is no change',
    written.replace('_No response_', 'mine'),
    'unreadable',
    '"Caused by" is not the id of a change',
  ],
])('%s', (_, body, kind, problem) => {
  expect(readIncidentForm(body)).toMatchObject(kind === 'other' ? { kind } : { kind, problem });
});
