/** The sources that a move is written into: the first makes the file and takes it up, the next is added. */
import { describe, expect, it } from 'vitest';
import {
  hasMove,
  movesIn,
  takingUp,
  withKept,
  withMove,
  withoutMoves,
  type Move,
} from '../../scripts/emergency/sources.ts';

const file = { stack: 'borough-production', library: '../../../constructs/emergency/moves.ts' };
const common = { zone: 'shop.example', incident: 'INC-41', expires: '2026-12-07' };
const block = (value: string, expires = common.expires): Move => ({
  ...common,
  expires,
  request: { move: 'block', target: { who: { kind: 'address', value }, path: null, host: null } },
});
const off: Move = { ...common, request: { move: 'disable', ref: 'block-dotfiles' } };
const written = (text: string | null, move: Move): string => withMove(text, move, file) ?? 'no place';

describe('the file of moves', () => {
  it('is made by the first one, with the other lists empty', () => {
    expect(written(null, block('198.51.100.7'))).toBe(
      [
        '/** Emergency moves of borough-production, newest first. Each ends on a day; what is over is taken out by a change of its own. */',
        "import type { EmergencyMoves } from '../../../constructs/emergency/moves.ts';",
        '',
        'export const emergency: EmergencyMoves = {',
        '  rules: [',
        '    {',
        "      zone: 'shop.example',",
        "      incident: 'INC-41',",
        "      expires: '2026-12-07',",
        "      ref: 'inc-41-block',",
        "      description: 'Block 198.51.100.7',",
        "      action: 'block',",
        "      expression: '(ip.src eq 198.51.100.7)',",
        '    },',
        '  ],',
        '  limits: [],',
        '  underAttack: [],',
        '  off: [],',
        '};',
        '',
      ].join('\n'),
    );
  });

  it('has the next one before it, under a ref of its own', () => {
    const text = written(written(null, block('198.51.100.7')), block('198.51.100.8'));
    expect(text.match(/ref: '.*'|eq 198[.\d]+/g)).toEqual([
      "ref: 'inc-41-block-2'",
      'eq 198.51.100.8',
      "ref: 'inc-41-block'",
      'eq 198.51.100.7',
    ]);
    expect(written(text, off)).toBe(
      text.replace(
        '  off: [],\n',
        "  off: [\n    {\n      zone: 'shop.example',\n      incident: 'INC-41',\n      expires: '2026-12-07',\n      off: 'block-dotfiles',\n    },\n  ],\n",
      ),
    );
  });

  it('is known to have a move, on another day too, and no other one', () => {
    const text = written(written(null, block('198.51.100.7')), off);
    expect(hasMove(text, block('198.51.100.7', '2026-12-08'))).toBe(true);
    expect(hasMove(text, off)).toBe(true);
    expect(hasMove(text, block('198.51.100.70'))).toBe(false);
    expect(hasMove(text, { ...off, zone: 'other.example' })).toBe(false);
    expect(hasMove(text, { ...off, incident: 'INC-4' })).toBe(false);
  });

  it('has no place for a move where its lists are not as they were written', () => {
    expect(withMove('export const emergency = { rules: [] };\n', block('198.51.100.7'), file)).toBeNull();
    const without = written(null, off).replace('  rules: [],\n', '');
    expect(withMove(without, block('198.51.100.7'), file)).toBeNull();
    expect(withMove(without, off, file)).not.toBeNull();
  });
});

describe('what is taken out', () => {
  const quoting: Move = {
    ...common,
    request: {
      move: 'challenge',
      target: { who: { kind: 'agent', text: "it's \\ one" }, path: null, host: null },
    },
  };
  const every: readonly Move[] = [
    block('198.51.100.7'),
    quoting,
    { ...common, request: { move: 'under-attack', host: null } },
    off,
    { ...common, incident: 'INC-4', request: { move: 'disable', ref: 'block-dotfiles' } },
  ];
  const all = every.reduce<string>((text, move) => written(text, move), written(null, block('198.51.100.9')));

  it('is known by its ref and its words', () => {
    expect(movesIn(all).map(({ incident, ref, description }) => [incident, ref, description])).toEqual([
      ['INC-41', 'inc-41-challenge', `Challenge agent "it's \\ one"`],
      ['INC-41', 'inc-41-block-2', 'Block 198.51.100.7'],
      ['INC-41', 'inc-41-block', 'Block 198.51.100.9'],
      ['INC-41', 'inc-41-under-attack', 'Under Attack mode'],
      ['INC-4', 'block-dotfiles', null],
      ['INC-41', 'block-dotfiles', null],
    ]);
  });

  it('leaves the others as they were, and the file of before when it was the last one', () => {
    const first = written(null, block('198.51.100.7'));
    expect(withoutMoves(written(first, quoting), ({ ref }) => ref === 'inc-41-challenge')).toBe(first);
    expect(withoutMoves(all, ({ incident }) => incident === 'INC-4')).toBe(
      every
        .slice(0, 4)
        .reduce<string>((text, move) => written(text, move), written(null, block('198.51.100.9'))),
    );
    const none = withoutMoves(all, () => true);
    expect(none).toContain('  rules: [],\n  limits: [],\n  underAttack: [],\n  off: [],\n');
    expect(written(none, block('198.51.100.7'))).toBe(first);
  });

  it('is kept: its end goes, the change that keeps it is named, and nothing else differs', () => {
    const kept = withKept(all, ({ ref }) => ref === 'inc-41-block', 'CHG-2026-0007');
    expect(movesIn(kept).flatMap(({ ref, expires }) => (expires === null ? [ref] : []))).toEqual([
      'inc-41-block',
    ]);
    const lines = new Set(all.split('\n'));
    expect(kept.split('\n').filter((line) => !lines.has(line))).toEqual(["      keptBy: 'CHG-2026-0007',"]);
    expect(withoutMoves(kept, ({ ref }) => ref === 'inc-41-block')).toBe(
      withoutMoves(all, ({ ref }) => ref === 'inc-41-block'),
    );
  });
});

describe('the program of the stack', () => {
  const program = `import { Zone, type EstateStack } from '../../constructs/library.ts';

export function declareBorough(stack: EstateStack): void {
  new Zone(stack, { key: 'shop', domain: 'shop.example' });
}
`;

  it('takes the moves up before its zones, once', () => {
    const taken = takingUp(program, 'declareBorough', 'production');
    expect(taken).toBe(`import { Zone, type EstateStack } from '../../constructs/library.ts';
import { emergency } from './emergency/production.ts';

export function declareBorough(stack: EstateStack): void {
  stack.inEmergency(emergency);
  new Zone(stack, { key: 'shop', domain: 'shop.example' });
}
`);
    expect(takingUp(taken ?? '', 'declareBorough', 'production')).toBe(taken);
  });

  it('is refused under another declaration', () => {
    expect(takingUp(program, 'declareAcme', 'production')).toBeNull();
    expect(takingUp(program.replace(': void', ''), 'declareBorough', 'production')).toBeNull();
    expect(takingUp('', 'declareBorough', 'production')).toBeNull();
  });
});
