/** The templates of a configuration, each read once: most of an estate's are alike. */
import type { PlacedReference } from '../expression/facts.ts';
import { objectionsTo } from '../expression/harmless.ts';
import { mayBeTemplate, parseTemplate } from '../expression/parse.ts';
import { isList, isObject } from '../../json/json.ts';
import type { Json } from '../types.ts';

export interface TextReading {
  /** Why the template is not harmless; empty when it is. */
  readonly objections: readonly string[];
  readonly references: readonly PlacedReference[];
}

export class TextReader {
  readonly #known = new Map<string, TextReading>();

  /** What a text is as a template; undefined for one that is none, as most are. */
  read(text: string): TextReading | undefined {
    if (!mayBeTemplate(text)) {
      return undefined;
    }
    const reading = this.#known.get(text) ?? readingOf(text);
    this.#known.set(text, reading);
    return reading;
  }

  /** Visits every template of a value. Terraform evaluates names of members as well. */
  visit(value: Json, each: (reading: TextReading) => void): void {
    if (typeof value === 'string') {
      this.#visitText(value, each);
    } else if (isList(value)) {
      for (const item of value) {
        this.visit(item, each);
      }
    } else if (isObject(value)) {
      for (const key in value) {
        this.#visitText(key, each);
        this.visit(value[key] ?? null, each);
      }
    }
  }

  #visitText(text: string, each: (reading: TextReading) => void): void {
    const reading = this.read(text);
    if (reading !== undefined) {
      each(reading);
    }
  }
}

function readingOf(text: string): TextReading {
  const template = parseTemplate(text);
  return template.kind === 'unread'
    ? {
        objections: [
          `holds a template that is not understood at character ${template.at + 1}: ${template.why}`,
        ],
        references: [],
      }
    : { objections: objectionsTo(template), references: template.references };
}
