/**
 * Reads YAML as plain data: YAML 1.2 core schema, one document, no tags, no directives, no merge keys, few aliases,
 * unique text keys, bounded size and depth. Anything that could make a reviewer read another value than the pipeline
 * does is refused with its place, and all problems are reported at once.
 */
import { Composer, CST, Lexer, LineCounter, Parser } from 'yaml';
import type { Document, YAMLError } from 'yaml';
import { excess, limits, Meter } from '../../json/limits.ts';
import type { Diagnostic, Parsed, SourceLocation } from '../../plan/types.ts';
import { maxDiagnostics, nearestLocation, sizeProblem, tidyDiagnostics } from '../document.ts';
import type { LocatedDocument } from '../document.ts';
import { placeFinder, textProblem, withoutByteOrderMark } from '../document-text.ts';
import { explainYamlError } from './errors.ts';
import { convertNodes } from './nodes.ts';
import type { YamlLimits } from './nodes.ts';

const defaults: YamlLimits = { ...limits.yaml, mayHide: false };

type YamlPlace = (offset: number) => SourceLocation;

/**
 * Parses one YAML document. Never throws: everything that is wrong comes back as diagnostics with file, line and
 * column. `given` replaces limits of the table (`plan/limits.ts`).
 */
export function readYaml(
  text: string,
  file: string,
  given: Partial<YamlLimits> = {},
): Parsed<LocatedDocument> {
  const most = { ...defaults, ...given };
  const tooLarge = sizeProblem(text, file, most.bytes);
  if (tooLarge !== null) {
    return { ok: false, diagnostics: [tooLarge] };
  }
  const source = withoutByteOrderMark(text);
  const place = placeFinder(source, file);
  const unreadable = most.mayHide ? null : textProblem(source, place);
  if (unreadable !== null) {
    return { ok: false, diagnostics: [unreadable] };
  }
  const composed = compose(source, place, most);
  if (!composed.ok) {
    return composed;
  }
  return convert(composed.value, { file, place, most });
}

interface YamlReading {
  readonly file: string;
  readonly place: YamlPlace;
  readonly most: YamlLimits;
}

function convert(document: Document.Parsed, { file, place, most }: YamlReading): Parsed<LocatedDocument> {
  const converted = convertNodes(document, place, most);
  if (converted.diagnostics.length > 0) {
    return { ok: false, diagnostics: tidyDiagnostics(converted.diagnostics) };
  }
  const { value, locations, keyLocations } = converted;
  return {
    ok: true,
    value: {
      file,
      value,
      locations,
      locate: (pointer) => nearestLocation(locations, pointer, file),
      locateKey: (pointer) => keyLocations[pointer] ?? nearestLocation(locations, pointer, file),
    },
  };
}

/** Source to composed documents. The composer recurses, so depth is bounded on the tokens before it sees them. */
function compose(source: string, place: YamlPlace, most: YamlLimits): Parsed<Document.Parsed> {
  const tokens = scanTokens(source, place, most);
  if (!tokens.ok) {
    return tokens;
  }
  // Duplicate keys are found while converting: the library's own check is quadratic in the number of keys.
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  let documents: readonly Document.Parsed[];
  try {
    documents = [...composer.compose(tokens.value, true, source.length)];
  } catch (error) {
    if (error instanceof RangeError) {
      return { ok: false, diagnostics: [tooDeep(place(0), most.depth)] };
    }
    throw error;
  }
  // One more than is shown: a hostile text has an error at every character, and each costs a look at its place.
  const errors = documents.flatMap((document) => document.errors.slice(0, maxDiagnostics + 1));
  const problems = [
    ...errors.slice(0, maxDiagnostics + 1).map((error) => explained(error, place)),
    ...severalDocuments(documents, place),
  ];
  const [first] = documents;
  if (problems.length > 0 || first === undefined) {
    return { ok: false, diagnostics: tidyDiagnostics(problems) };
  }
  return { ok: true, value: first };
}

function explained(error: YAMLError, place: YamlPlace): Diagnostic {
  return { location: place(error.pos[0]), ...explainYamlError(error) };
}

function severalDocuments(documents: readonly Document.Parsed[], place: YamlPlace): readonly Diagnostic[] {
  const second = documents[1];
  if (second === undefined) {
    return [];
  }
  return [
    {
      location: place(second.range[0]),
      message: 'the file holds more than one YAML document',
      expected: 'one document',
      found: `${documents.length} documents separated by "---"`,
      fix: 'move each document into its own file, or delete the "---" line',
    },
  ];
}

/** Lexes and parses to tokens, refusing tags, directives, excessive nesting and too many tokens as they are met. */
function scanTokens(source: string, place: YamlPlace, most: YamlLimits): Parsed<readonly CST.Token[]> {
  const lines = new LineCounter();
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  const problems: Diagnostic[] = [];
  const depth = new TokenDepth();
  const meter = new Meter(most);
  let offset = 0;
  let inScalar = false;
  for (const lexeme of new Lexer().lex(source)) {
    const type = inScalar ? 'scalar' : CST.tokenType(lexeme);
    const refused = refusedToken(type, lexeme);
    if (refused !== null) {
      problems.push({ location: place(offset), ...refused });
    }
    if (depth.after(type) > most.depth) {
      return { ok: false, diagnostics: [tooDeep(place(offset), most.depth)] };
    }
    const exceeded = meter.more();
    if (exceeded !== null) {
      return { ok: false, diagnostics: [tooMuch(place(offset), excess(exceeded, most))] };
    }
    // The parser recognises a scalar's text by the control lexeme before it; control lexemes take no room in the text.
    inScalar = lexeme === CST.SCALAR;
    offset += isControl(lexeme) ? 0 : lexeme.length;
    tokens.push(...parser.next(lexeme));
  }
  tokens.push(...parser.end());
  return problems.length > 0
    ? { ok: false, diagnostics: tidyDiagnostics(problems) }
    : { ok: true, value: tokens };
}

function isControl(lexeme: string): boolean {
  return lexeme === CST.SCALAR || lexeme === CST.DOCUMENT || lexeme === CST.FLOW_END;
}

/** Counts open flow collections, and the compact `- - -` indicators of the current line. */
class TokenDepth {
  private flow = 0;
  private compact = 0;

  after(type: CST.TokenType | null): number {
    if (type === 'flow-seq-start' || type === 'flow-map-start') {
      this.flow += 1;
    } else if (type === 'flow-seq-end' || type === 'flow-map-end') {
      this.flow -= 1;
    } else if (type === 'newline') {
      this.compact = 0;
    } else if (type === 'seq-item-ind' || type === 'explicit-key-ind') {
      this.compact += 1;
    }
    return this.flow + this.compact;
  }
}

function refusedToken(type: CST.TokenType | null, lexeme: string): Omit<Diagnostic, 'location'> | null {
  if (type === 'tag') {
    return {
      message: 'YAML tags are not used here',
      expected: 'a plain value',
      found: lexeme.slice(0, 40),
      fix: 'delete the tag; put the value in quotes if it must be read as text',
    };
  }
  if (type === 'directive-line') {
    return {
      message: 'YAML directives are not used here: they change how the rest of the file is read',
      expected: 'YAML 1.2 without a %-line',
      found: lexeme.slice(0, 40),
      fix: 'delete the line and the "---" after it',
    };
  }
  return null;
}

function tooMuch(location: SourceLocation, found: string): Diagnostic {
  return {
    location,
    message: 'there is more in this document than is read',
    expected: 'a document that somebody could have written by hand',
    found,
    fix: 'check that this is the intended file, and split it if it is',
  };
}

function tooDeep(location: SourceLocation, maxDepth: number): Diagnostic {
  return {
    location,
    message: 'the document is nested too deeply',
    expected: `at most ${maxDepth} levels of lists and maps`,
    fix: 'check for an unclosed bracket, or flatten the structure',
  };
}
