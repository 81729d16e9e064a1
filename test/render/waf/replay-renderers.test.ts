/** The figures of a replay in text and Markdown: worst first, honest at the edges, escaped, bounded. */
import { describe, expect, it } from 'vitest';
import type { ReplaySummary } from '../../../scripts/waf/replay/types.ts';
import { renderReplayMarkdown } from '../../../scripts/render/waf/replay-markdown.ts';
import { renderReplayText } from '../../../scripts/render/waf/replay-text.ts';
import { limitsOfReplay, shareText } from '../../../scripts/render/waf/replay-words.ts';
import { plainStyle } from '../../../scripts/render/text/style.ts';
import { aReplay, aReplayOf, aSample } from '../../builders/traffic.ts';

const text = (summary: ReplaySummary): string => renderReplayText(summary, plainStyle);

const blocking = aReplay(
  { 'newly-blocked': 12, 'newly-challenged': 3, undecidable: 5 },
  {
    rules: [
      { change: 'newly-blocked', rule: 'few', ruleset: 'custom', count: 2, samples: [] },
      { change: 'newly-blocked', rule: 'many', ruleset: 'custom', count: 10, samples: [aSample()] },
    ],
    breakdowns: [
      {
        change: 'newly-blocked',
        dimension: 'path',
        values: ['/cart', '/a', '/b', '/c', '/d', '/e'].map((value) => ({ value, count: 1 })),
        rest: 4,
      },
    ],
    missing: [{ field: 'cf.bot_management.score', column: 'BotScore', count: 5 }],
    protectionLost: [{ value: 'managed#execute', count: 40 }],
    calibration: {
      compared: 9000,
      agreed: 8990,
      disagreements: [{ recorded: 'block', replayed: 'pass', count: 10, samples: ['ray-9'] }],
    },
  },
);

describe('shares', () => {
  it.each([
    [0, 10, '0.00 %'],
    [1, 1_000_000, '< 0.01 %'],
    [999_999, 1_000_000, '> 99.99 %'],
    [10, 10, '100.00 %'],
    [1, 3, '33.33 %'],
    [0, 0, '–'],
  ])('%d of %d is %s', (count, total, expected) => {
    expect(shareText(count, total)).toBe(expected);
  });
});

describe.each([
  ['text', text],
  ['Markdown', renderReplayMarkdown],
])('the replay as %s', (_, render) => {
  it('puts the classes worst first and what is unchanged last', () => {
    const shown = render(blocking);
    const places = [
      'newly blocked',
      'newly challenged',
      'newly allowed',
      'undecidable',
      'another action',
      'unchanged',
    ].map((words) => shown.indexOf(words));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('names the rule of most requests first, with a sample', () => {
    const shown = render(blocking);
    expect(shown.indexOf('many')).toBeGreaterThan(0);
    expect(shown.indexOf('many')).toBeLessThan(shown.indexOf('few'));
    expect(shown).toContain('ray');
  });

  it('counts what it does not list', () => {
    expect(render(blocking)).toMatch(/others .*[57]/);
  });

  it('says which log column settles what is undecidable', () => {
    expect(render(blocking)).toContain('BotScore');
  });

  it('names the managed rules that no longer look', () => {
    expect(render(blocking)).toMatch(/do not look at requests any more[^]*managed.*40 requests/);
  });

  it('gives the agreement with what was recorded, and the disagreements', () => {
    const shown = render(blocking);
    expect(shown).toContain('8990 of 9000');
    expect(shown).toMatch(/recorded block, replayed pass/);
    expect(render(aReplay({}, { calibration: null }))).toContain('does not say what happened');
    expect(render(aReplay({}, { calibration: { compared: 0, agreed: 0, disagreements: [] } }))).toContain(
      'No recorded outcome',
    );
  });

  it('never shows a sample without requests of these stacks as good news', () => {
    const shown = render(aReplay({}, { requests: 0, otherHosts: 5000 }));
    expect(shown).toContain('this says nothing');
    expect(shown).toContain('5000 requests for hosts of other stacks');
    expect(shown).not.toContain('newly blocked');
  });
});

describe('what the figures cannot tell', () => {
  it('is said with the counts that there are', () => {
    const limits = limitsOfReplay(
      aReplay({}, { onlyByOrder: 1, flipsWithMissing: 2, newlyCounted: 3, badLines: 4, otherHosts: 5 }),
    );
    expect(limits).toHaveLength(7);
    expect(limits[0]).toBe('1 request: changed only because rules have another order.');
  });

  it('always says who is not in a sample, and that counters are not replayed', () => {
    const limits = limitsOfReplay(aReplay());
    expect(limits).toHaveLength(2);
    expect(limits.join(' ')).toMatch(/stayed away.*Rate limits are bounds/);
  });
});

describe('hostile traffic', () => {
  const evil =
    '</code></details><img src=x onerror=alert(1)>\n# APPROVED @acme/security #1 | `x` \u001b[2K\u202e';
  const flood = 'long "path"\u{e0041}@'.repeat(5000);
  it('is not a markup in Markdown', () => {
    const shown = renderReplayMarkdown(aReplayOf(evil));
    expect(shown).not.toContain('<img');
    expect(shown).not.toMatch(/^# APPROVED/m);
    expect(shown).not.toMatch(/@acme|\p{Cf}|(?!\n)\p{Cc}/u);
    expect(shown.match(/<details>/g)).toHaveLength(1);
    expect(shown.match(/<\/details>/g)).toHaveLength(1);
  });

  it('is not a line of ours in a terminal', () => {
    const shown = text(aReplayOf(evil));
    expect(shown).not.toMatch(/^# APPROVED/m);
    expect(shown).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
  });

  it('cannot grow without limit, and still says every class and every limit', () => {
    const shown = renderReplayMarkdown(aReplayOf(flood));
    expect(shown.length).toBeLessThan(replayMost);
    expect(shown.match(/^\*\*(?:newly|undecidable|another)/gm)).toHaveLength(5);
    expect(shown).toContain('Rate limits are bounds');
    expect(text(aReplayOf(flood)).length).toBeLessThan(100_000);
  });
});

/** What the comment reserves for the replay. */
const replayMost = 7000;
