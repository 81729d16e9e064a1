/** `sluice waf compare` as it is called: what it prints under each format, and how it ends. */
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../scripts/cli/run.ts';

interface Ended {
  readonly exit: string;
  readonly stdout: string;
  readonly stderr: string;
}

async function compare(...args: readonly string[]): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const exit = await runCommandLine(
    ['waf', 'compare', ...args],
    {
      env: {},
      cwd: '/nowhere',
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
      ask: null,
      signal: new AbortController().signal,
    },
    '/nowhere',
    () => Promise.reject(new Error('it needs nothing of the outside world')),
  );
  return { exit, stdout, stderr };
}

const narrow = 'http.request.uri.path eq "/v1/basket" and http.request.method eq "POST"';
const wide = 'starts_with(http.request.uri.path, "/v") and http.request.method eq "POST"';

describe('sluice waf compare', () => {
  it('says how the second relates to the first, with a request to send', async () => {
    const { exit, stdout } = await compare(narrow, wide);
    expect(exit).toBe('ok');
    expect(stdout).toBe(`wider: the second matches more
  matches something new: yes
  no longer matches something: no (proven)

Only the second matches:
  POST www.example.com/v
  curl --path-as-is --globoff -X POST -H 'user-agent:' -H 'accept:' 'https://www.example.com/v'

Tests that come:
  + http.request.uri.path starts with "/v"

Tests that go:
  - http.request.uri.path is "/v1/basket"
`);
  });

  it('gives programs the example in its parts', async () => {
    const { exit, stdout } = await compare(wide, narrow, '--format', 'json');
    expect(exit).toBe('ok');
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'sluice.comparison',
      version: 1,
      outcome: 'ok',
      relation: 'narrower',
      gains: 'no',
      loses: 'yes',
      examples: [{ matches: 'before', method: 'POST', host: 'www.example.com', target: '/v', headers: [] }],
    });
  });

  it('ends well when it cannot tell', async () => {
    const { exit, stdout } = await compare(
      'ssl',
      'is_timed_hmac_valid_v0("a", http.request.uri, 60, http.request.timestamp.sec)',
    );
    expect(exit).toBe('ok');
    expect(stdout).toContain('unknown: not proven, and no request found that decides it');
    expect(stdout).toContain('matches something new: could not be told');
  });

  it.each([
    ['the expression before:1:26', 'http.request.uri.path eq /x', 'ssl'],
    ['the expression after:1:11', 'ssl', 'ssl and x ('],
  ])('refuses what is not an expression, with its place: %s', async (place, before, after) => {
    const { exit, stdout, stderr } = await compare(before, after);
    expect(exit).toBe('invalidInput');
    expect(stdout).toBe('');
    expect(stderr).toContain(place);
    expect(stderr).toContain("Next: sluice waf explain '<expression>'");
  });

  it('lets nothing of an expression steer the terminal', async () => {
    const { stdout } = await compare('false', 'http.user_agent eq "\\x1b[2J"');
    expect(stdout).not.toContain('\u001b');
  });
});
