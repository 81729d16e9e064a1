/** What the YAML parser's error codes mean to the author of the file, and what to do about each. */
import type { ErrorCode, YAMLError } from 'yaml';
import type { Diagnostic } from '../../plan/types.ts';

type Text = Omit<Diagnostic, 'location'>;

const indentFix = 'indent with spaces only, the same number for every entry of a list or map';

const known: Partial<Record<ErrorCode, Text>> = {
  TAB_AS_INDENT: {
    message: 'a tab is used as indentation',
    expected: 'spaces',
    found: 'a tab',
    fix: 'replace the tab with two spaces for each level',
  },
  BAD_INDENT: {
    message: 'the indentation does not fit, or a bracket is not closed',
    expected: 'entries of one list or map at the same column, and every [ and { closed',
    fix: indentFix,
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a second ": " follows on the same line',
    expected: 'one key and one value on a line',
    fix: 'put the value in quotes if it contains ": "',
  },
  BAD_SCALAR_START: {
    message: 'a text may not begin with this character unless it is in quotes',
    expected: 'a text in quotes',
    fix: 'put the value in quotes',
  },
  BAD_DQ_ESCAPE: {
    message: 'unknown escape sequence in a text in double quotes',
    expected: 'an escape that YAML knows, such as \\n, \\t, \\" or \\\\',
    fix: 'write \\\\ for a backslash, or use single quotes, in which nothing is escaped',
  },
  MISSING_CHAR: {
    message: 'something is left open or a separator is missing',
    expected: 'a closing quote or bracket, or a ":" or "," between entries',
    fix: 'close the quote or bracket that was opened before this place',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'a key runs over more than one line',
    expected: 'a key, a colon and its value on one line',
    fix: 'add the missing ":" after the key, or indent the line further if it belongs to the text above',
  },
  BAD_ALIAS: {
    message: 'malformed anchor or alias',
    expected: 'a name without spaces after & or *',
    fix: 'put the value in quotes if it should begin with & or *',
  },
  KEY_OVER_1024_CHARS: {
    message: 'a key is longer than YAML allows',
    expected: 'at most 1,024 characters before the colon',
    fix: 'add the missing quotes or line break',
  },
  RESOURCE_EXHAUSTION: {
    message: 'the document is nested too deeply',
    expected: 'at most 64 levels of lists and maps',
    fix: 'check for an unclosed bracket, or flatten the structure',
  },
  UNEXPECTED_TOKEN: {
    message: 'this does not belong here',
    expected: 'the end of the value, or an entry at the indentation of its neighbours',
    fix: indentFix,
  },
};

/** Text for a parser error; an unknown code keeps the parser's own first line. */
export function explainYamlError(error: YAMLError): Text {
  const text = known[error.code];
  if (text === undefined) {
    return { message: `not valid YAML: ${error.message}`, fix: 'correct the YAML at this place' };
  }
  return text;
}
