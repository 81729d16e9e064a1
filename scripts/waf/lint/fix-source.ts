/** Finds where an expression is written in source files, and replaces it there when there is no doubt about the place. */

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** How a text can stand in source as one literal, untouched by escapes; none when it would need some. */
function spellings(text: string): readonly ((body: string) => string)[] {
  const isPlain = !/['`\\\r\n]|\$\{/u.test(text);
  return [
    ...(isPlain ? [(body: string) => `'${body}'`, (body: string) => `\`${body}\``] : []),
    JSON.stringify,
  ];
}

/**
 * The file with the literal `from` replaced by `to`; null when `from` does not occur as one whole literal in exactly one
 * place of all files, or when either would need escapes that the literal does not have.
 */
export function replaceLiteral(files: readonly SourceFile[], from: string, to: string): SourceFile | null {
  const places = spellings(from).flatMap((spell) =>
    files.flatMap((file) =>
      Array.from({ length: file.text.split(spell(from)).length - 1 }, () => ({ file, spell })),
    ),
  );
  const [place, ...others] = places;
  if (place === undefined || others.length > 0) {
    return null;
  }
  const isSpelled = spellings(to).some((spell) => spell(to) === place.spell(to));
  return isSpelled
    ? {
        path: place.file.path,
        text: place.file.text.split(place.spell(from)).join(place.spell(to)),
      }
    : null;
}
