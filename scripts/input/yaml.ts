/**
 * Reads YAML as plain data: YAML 1.2 core schema, one document, no tags, no directives, no merge keys, few aliases,
 * unique text keys, bounded size and depth. Anything that could make a reviewer read another value than the pipeline
 * does is refused with its place, and all problems are reported at once.
 */
import { Composer, CST, Lexer, LineCounter, Parser } from 'yaml';
import type { Document, YAMLError } from 'yaml';
import type { Diagnostic, Parsed, SourceLocation } from '../plan/types.ts';
import { nearestLocation, sizeProblem, tidyDiagnostics } from './document.ts';
import type { LocatedDocument } from './document.ts';
import { placeFinder, textProblem, withoutByteOrderMark } from './document-text.ts';
import { explainYamlError } from './yaml-errors.ts';
import { convertNodes } from './yaml-nodes.ts';
import type { YamlLimits } from './yaml-nodes.ts';

/** Measured against the example records (3 to 6 kB): 1 MB is far more than anyone writes by hand. */
const defaults: YamlLimits = { maxBytes: 1_000_000, maxDepth: 64, mayHide: false };

type Place = (offset: number) => SourceLocation;

/**
 * Parses one YAML document. Never throws: everything that is wrong comes back as diagnostics with file, line and
 * column. `limits` may raise or lower the defaults of 1 MB and 64 levels.
 */
export function readYaml(
  text: string,
  file: string,
  limits: Partial<YamlLimits> = {},
): Parsed<LocatedDocument> {
  const { maxBytes, maxDepth, mayHide } = { ...defaults, ...limits };
  const tooLarge = sizeProblem(text, file, maxBytes);
  if (tooLarge !== null) {
    return { ok: false, diagnostics: [tooLarge] };
  }
  const source = withoutByteOrderMark(text);
  const place = placeFinder(source, file);
  const unreadable = mayHide ? null : textProblem(source, place);
  if (unreadable !== null) {
    return { ok: false, diagnostics: [unreadable] };
  }
  const composed = compose(source, place, maxDepth);
  if (!composed.ok) {
    return composed;
  }
  return convert({ document: composed.value, file, place, maxDepth, mayHide });
}

interface ConvertInput {
  readonly document: Document.Parsed;
  readonly file: string;
  readonly place: Place;
  readonly maxDepth: number;
  readonly mayHide: boolean;
}

function convert({ document, file, place, maxDepth, mayHide }: ConvertInput): Parsed<LocatedDocument> {
  const converted = convertNodes(document, place, { maxDepth, mayHide });
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
function compose(source: string, place: Place, maxDepth: number): Parsed<Document.Parsed> {
  const tokens = scanTokens(source, place, maxDepth);
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
      return { ok: false, diagnostics: [tooDeep(place(0), maxDepth)] };
    }
    throw error;
  }
  const errors = documents.flatMap((document) => document.errors);
  const problems = [...errors.map((error) => explained(error, place)), ...severalDocuments(documents, place)];
  const [first] = documents;
  if (problems.length > 0 || first === undefined) {
    return { ok: false, diagnostics: tidyDiagnostics(problems) };
  }
  return { ok: true, value: first };
}

function explained(error: YAMLError, place: Place): Diagnostic {
  return { location: place(error.pos[0]), ...explainYamlError(error) };
}

function severalDocuments(documents: readonly Document.Parsed[], place: Place): readonly Diagnostic[] {
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

/** Lexes and parses to tokens, refusing tags, directives and excessive nesting as they are met. */
function scanTokens(source: string, place: Place, maxDepth: number): Parsed<readonly CST.Token[]> {
  const lines = new LineCounter();
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  const problems: Diagnostic[] = [];
  const depth = new TokenDepth();
  let offset = 0;
  let inScalar = false;
  for (const lexeme of new Lexer().lex(source)) {
    const type = inScalar ? 'scalar' : CST.tokenType(lexeme);
    const refused = refusedToken(type, lexeme);
    if (refused !== null) {
      problems.push({ location: place(offset), ...refused });
    }
    if (depth.after(type) > maxDepth) {
      return { ok: false, diagnostics: [tooDeep(place(offset), maxDepth)] };
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

function tooDeep(location: SourceLocation, maxDepth: number): Diagnostic {
  return {
    location,
    message: 'the document is nested too deeply',
    expected: `at most ${maxDepth} levels of lists and maps`,
    fix: 'check for an unclosed bracket, or flatten the structure',
  };
}
