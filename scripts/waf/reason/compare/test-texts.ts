/** Texts that are worth trying for what a test is about. */
import type { Expression } from '../../language/ast.ts';
import { walkExpression } from '../../language/walk.ts';

/** Texts in a test, and for its regular expressions a text that they are likely to match. */
export function textsIn(test: Expression): readonly string[] {
  const found: string[] = [];
  walkExpression(test, {
    comparison: ({ operator, right }) => {
      if (right.kind === 'string') {
        found.push(...(operator === 'matches' ? sampleRegex(right.bytes) : around(right.bytes)));
      } else if (right.kind === 'set') {
        found.push(
          ...right.elements.flatMap((element) => (element.kind === 'string' ? [element.bytes] : [])),
        );
      } else if (right.kind === 'int' && right.value >= 0n && right.value < 4096n) {
        found.push('x'.repeat(Number(right.value)), 'x'.repeat(Number(right.value) + 1));
      }
    },
    value: (value) => {
      if (value.kind === 'call') {
        found.push(...value.args.flatMap((argument) => (argument.kind === 'string' ? [argument.bytes] : [])));
      }
    },
  });
  return found;
}

function around(text: string): readonly string[] {
  return [text, `${text}0`, text.slice(0, -1)];
}

const classTexts: Readonly<Record<string, string>> = { d: '1', w: 'a', s: ' ', D: 'a', W: '-', S: 'a' };

/** A text that a simple pattern matches: first alternatives, fewest repeats. */
function sampleRegex(pattern: string): readonly string[] {
  const samples: string[] = [];
  for (const alternative of pattern.replace(/^\(\?[a-z]+\)/u, '').split('|')) {
    const text = alternative
      .replaceAll(
        /\[(\^?)(?:\\(.)|([^\]\\]))[^\]]*\]/gu,
        (_, not: string, escaped: string | undefined, plain: string) =>
          not === '' ? (escaped === undefined ? plain : (classTexts[escaped] ?? escaped)) : '~',
      )
      .replaceAll(/\(\?[:a-z]*:?|[()^$]|\{[0-9,]*\}|(?<!\\)[?*+]/gu, '')
      .replaceAll(/\\([dwsDWSbB])|\\(.)|\./gu, (whole, name: string | undefined, plain: string | undefined) =>
        name === undefined ? (plain ?? (whole === '.' ? 'x' : '')) : (classTexts[name] ?? ''),
      );
    samples.push(text, `/${text}`, `${text}1`);
    if (samples.length > 24) {
      break;
    }
  }
  return samples;
}
