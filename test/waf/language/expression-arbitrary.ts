/** Random legal expressions of the Rules language, in random spelling, for property tests. */
import * as fc from 'fast-check';

const blank = fc.constantFrom(' ', '  ', '\n', ' \r\n ');

const word = fc.stringMatching(/^[a-z]{1,6}$/u);
const plainText = fc.oneof(
  word,
  fc.constantFrom('/login', '/api/v1', 'shop.example', '', 'ü', 'a b', '() {', '\u{1f600}', '%2e'),
);

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;
}

const stringLiteral = fc.oneof(
  plainText.map(quote),
  plainText.map((text) => `r"${text}"`),
  plainText.map((text) => `r##"${text}"#"##`),
  fc.constantFrom(String.raw`"\x2f\057"`, String.raw`"\"\\"`, '2f:61', '2F-61-00', '2f.61'),
);

const regexLiteral = fc.constantFrom(
  '"^/a"',
  String.raw`"\.php$"`,
  String.raw`"a\"b"`,
  '"[\\"x]+"',
  '"["]"',
  String.raw`r"\d+"`,
  String.raw`"(?i)login|admin"`,
);

const wildcardLiteral = fc.constantFrom('"*"', '"/a/*/b"', String.raw`r"/a\*"`, '"*.example/*"');

const intLiteral = fc.oneof(
  fc.integer({ min: -1000, max: 1_000_000 }).map(String),
  fc.constantFrom('0x1f', '017', '0'),
);

const ipLiteral = fc.oneof(
  fc.ipV4(),
  fc.constantFrom('::', '::1', '2001:db8::1', '2001:0db8:0:0:0:0:0:7', '::ffff:192.0.2.1', '1:2:3:4:5:6:7:8'),
);

function setOf(element: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .array(element, { maxLength: 4 })
    .chain((elements) => blank.map((gap) => `{${elements.join(gap)}}`));
}

const quotedSet = setOf(stringLiteral);
const intSet = setOf(fc.oneof(intLiteral, fc.constantFrom('1..5', '400..499', '-5..5')));
const ipSet = setOf(
  fc.oneof(ipLiteral, fc.constantFrom('10.0.0.0/8', '2001:db8::/32', '192.0.2.1..192.0.2.9', '::1..::5')),
);

const equality = fc.constantFrom('eq', 'ne', '==', '!=');
const ordering = fc.constantFrom('lt', 'le', 'gt', 'ge', '<', '<=', '>', '>=');
const anyOrder = fc.oneof(equality, ordering);

const stringFields = [
  'http.host',
  'http.request.uri.path',
  'http.request.uri.query',
  'http.user_agent',
  'http.referer',
];
const stringArrays = [
  'http.request.headers.names',
  'http.request.headers["x-a"]',
  'http.request.uri.args["q"]',
  'http.request.uri.args.values',
];

const stringField = fc.constantFrom(...stringFields);
const stringArray = fc.constantFrom(...stringArrays);

const stringValue: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: stringField },
  { weight: 2, arbitrary: stringArray.map((field) => `${field}[0]`) },
  stringField.map((field) => `lower(${field})`),
  stringField.map((field) => `substring(${field}, 0, 4)`),
  stringField.map((field) => `concat("a", ${field})`),
  stringArray.map((field) => `coalesce(${field}[0], "none")`),
  stringField.map((field) => `url_decode(${field}, "r")`),
);

const intValue = fc.oneof(
  fc.constantFrom('ip.src.asnum', 'cf.edge.server_port', 'http.request.timestamp.sec'),
  stringValue.map((value) => `len(${value})`),
);

function compare(
  left: fc.Arbitrary<string>,
  operator: fc.Arbitrary<string>,
  right: fc.Arbitrary<string>,
): fc.Arbitrary<string> {
  return fc.tuple(left, blank, operator, blank, right).map((parts) => parts.join(''));
}

function stringComparison(left: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    compare(left, anyOrder, stringLiteral),
    compare(left, fc.constant('contains'), stringLiteral),
    compare(left, fc.constantFrom('matches', '~'), regexLiteral),
    compare(left, fc.constantFrom('wildcard', 'strict wildcard'), wildcardLiteral),
    compare(left, fc.constant('in'), quotedSet),
  );
}

const eachValue = fc.oneof(
  stringArray.map((field) => `${field}[*]`),
  stringArray.map((field) => `lower(${field}[*])[*]`),
);

const quantified = fc
  .tuple(fc.constantFrom('any', 'all'), fc.constantFrom('', 'not ', '!'), stringComparison(eachValue))
  .map(([quantifier, negation, test]) => `${quantifier}(${negation}${test})`);

export const atomText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: stringComparison(stringValue) },
  compare(stringValue, anyOrder, stringValue),
  compare(intValue, anyOrder, intLiteral),
  compare(intValue, fc.constant('in'), intSet),
  compare(fc.constant('ip.src'), equality, ipLiteral),
  compare(fc.constant('ip.src'), fc.constant('in'), ipSet),
  quantified,
  fc.constantFrom('ssl', 'cf.client.bot', 'ip.src in $office', 'has_key(http.request.headers, "x-a")'),
  stringField.map((field) => `starts_with(${field}, "/a")`),
);

export const expressionText: fc.Arbitrary<string> = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    atomText,
    fc
      .tuple(fc.constantFrom('not ', '!', 'not'), tie('expression'))
      .map(([not, inner]) => `${not}(${inner})`),
    tie('expression').map((inner) => `( ${inner} )`),
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom(' and ', ' or ', ' xor ', '&&', ' || ', '\nand\n'),
        tie('expression'),
      )
      .map((parts) => parts.join('')),
  ),
})).expression;
