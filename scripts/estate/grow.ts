/** Additions to the files of an estate that people write as well: everything else in them stays as it is. */
import { isSeq, parseDocument, visit, type Document } from 'yaml';
import type { Register, RosterPerson } from '../../policies/model/facts.ts';

/** The register with another stack; its production zones become those of a service. */
export function withStack(text: string, stack: Register['stacks'][number], service: string | null): string {
  const document = parseDocument(text);
  append(document, ['spec', 'stacks'], { ...stack, zones: [...stack.zones] });
  const services = document.getIn(['spec', 'services']);
  if (stack.environment === 'production' && isSeq(services)) {
    const at = services.items.findIndex(
      (_, index) => service === null || document.getIn(['spec', 'services', index, 'id']) === service,
    );
    for (const zone of stack.zones) {
      append(document, ['spec', 'services', at, 'zones'], zone);
    }
  }
  return written(document);
}

/** The roster with another person, or with other seats for one who is there already. */
export function withPerson(text: string, person: RosterPerson): string {
  const document = parseDocument(text);
  const people = document.getIn(['people']);
  const at = isSeq(people)
    ? people.items.findIndex((_, index) => document.getIn(['people', index, 'id']) === person.id)
    : -1;
  if (at < 0) {
    append(document, ['people'], person, false);
    return written(document);
  }
  for (const seat of person.seats) {
    append(document, ['people', at, 'seats'], seat);
  }
  return written(document);
}

function append(document: Document, path: readonly (number | string)[], value: unknown, flow = true): void {
  const list = document.getIn(path);
  const node = document.createNode(value, { flow });
  // A date without quotes is not text to every reader of YAML.
  visit(node, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && /^\d/.test(scalar.value)) {
        scalar.type = 'QUOTE_DOUBLE';
      }
    },
  });
  if (!isSeq(list)) {
    document.setIn(path, document.createNode([value]));
    return;
  }
  // An empty list is written as [] and would make one line of everything that is put into it.
  if (list.items.length === 0 && typeof value === 'object') {
    list.flow = false;
  }
  list.add(node);
}

function written(document: Document): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
