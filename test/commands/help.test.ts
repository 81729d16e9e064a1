/** What the command line says about itself: help by task and topic, examples that are right, completion in real shells. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildApplication, buildCommand, buildRouteMap, run } from '@stricli/core';
import { describe, expect, it } from 'vitest';
import type { SluiceContext } from '../../scripts/contract/context.ts';
import { root } from '../../scripts/cli/app.ts';
import { entriesOf, isCommand, type HelpTarget } from '../../scripts/cli/help/page.ts';
import { tasks } from '../../scripts/cli/help/tasks.ts';
import { topics } from '../../scripts/cli/help/topics.ts';
import { home, runIn } from '../scenarios/small-estate.ts';

const examples = tasks.flatMap(({ commands }) => Object.values(commands).flat());

/** The same commands, which do nothing: what is left is whether a command line is one. */
function withoutEffect(target: HelpTarget): HelpTarget {
  if (isCommand(target)) {
    return buildCommand({
      func: () => undefined,
      parameters: target.parameters as never,
      docs: { brief: target.brief },
    });
  }
  const entries = entriesOf(target);
  const fallback = target.getDefaultCommand();
  const defaultCommand = entries.find(([, each]) => each === fallback)?.[0];
  return buildRouteMap<string, SluiceContext>({
    routes: Object.fromEntries(entries.map(([name, each]) => [name, withoutEffect(each)])),
    ...(defaultCommand === undefined ? {} : { defaultCommand }),
    docs: { brief: target.brief },
  });
}

async function complaintOf(example: string): Promise<string> {
  const line = example.replace(/^source <\((.*)\)$/u, '$1').replace(/ \| source$| > \S+$/u, '');
  const words = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' }).split('\0');
  let said = '';
  const stream = { write: (text: string) => (said += text) };
  const app = buildApplication(withoutEffect(root) as typeof root, {
    name: 'sluice',
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
  });
  await run(app, words.slice(1, -1), {
    process: { stdout: stream, stderr: stream },
  } as unknown as SluiceContext);
  return said;
}

describe('examples', () => {
  it.each(examples)('%s is a command line', async (example) => {
    expect(await complaintOf(example)).toBe('');
  });

  it('would be complained about if they were none', async () => {
    expect(await complaintOf('sluice plan --bse HEAD')).toContain('--bse');
  });
});

describe('sluice --help', () => {
  it('lists the commands by task, with an example of each', async () => {
    const { stdout, exit } = await runIn(home, ['--help']);
    expect(exit).toBe('ok');
    for (const { title, commands } of tasks) {
      expect(stdout).toContain(`\n${title}\n`);
      expect(stdout).toContain(`e.g. ${Object.values(commands)[0]?.[0] ?? 'none'}\n`);
    }
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
  });

  it('shows usage, examples, arguments and flags of a command, required ones first', async () => {
    const { stdout } = await runIn(home, ['rollback', '--help']);
    expect(stdout).toContain('  sluice rollback --reason <text> [flags] [<stack>]\n');
    expect(stdout).toContain('--only R0006');
    expect(stdout).toMatch(/Flags\n {2}--reason <text> +why, for the ledger \(required\)\n/u);
    expect(stdout).toMatch(/--target <…> +.*\n? *.*one of sandbox, cloudflare/u);
  });

  it('shows the commands within one when it is called alone', async () => {
    const { stdout, exit } = await runIn(home, ['ledger']);
    expect(exit).toBe('ok');
    expect(stdout).toMatch(/ {2}verify +Check every hash/u);
  });

  it('says which command is nearest to one that is none, and where the list is', async () => {
    const { stderr, exit } = await runIn(home, ['chek']);
    expect(exit).toBe('usage');
    expect(stderr).toContain('There is no command "chek".');
    expect(stderr).toContain('sluice check --help');
  });
});

describe('sluice help', () => {
  it.each(Object.keys(topics))('has a page about %s, every part of it', async (name) => {
    const { stdout, stderr, exit } = await runIn(home, ['help', name]);
    expect({ exit, stderr }).toEqual({ exit: 'ok', stderr: '' });
    for (const { headings = [] } of topics[name]?.parts ?? []) {
      for (const heading of headings) {
        expect(stdout).toMatch(new RegExp(`^${heading}\n\n.*\\S`, 'mu'));
      }
    }
    expect(stdout).not.toMatch(/^#|^```|\]\(|\*\*/mu);
  });

  it('names commands that exist', async () => {
    for (const command of Object.values(topics).flatMap(({ see }) => see)) {
      expect(await runIn(home, ['help', ...command.split(' ')])).toMatchObject({ exit: 'ok', stderr: '' });
    }
  });

  it('has every field of a record, from its schema', async () => {
    const { stdout } = await runIn(home, ['help', 'record']);
    expect(stdout).toMatch(/ {2}schedule\.plannedStart +Start of the work, with offset\./u);
    expect(stdout).toMatch(/ {2}type +standard: exactly what a catalogue entry describes\./u);
    expect(stdout).toMatch(/ {2}communications\[\]\.audience +Who is told\./u);
  });

  it('says the same of a command as its --help', async () => {
    const [asked, flagged] = [
      await runIn(home, ['help', 'waf', 'lint']),
      await runIn(home, ['waf', 'lint', '--help']),
    ];
    expect(asked.stdout).toBe(flagged.stdout);
  });

  it('names the nearest word', async () => {
    const { stderr, exit } = await runIn(home, ['help', 'exit-code']);
    expect(exit).toBe('usage');
    expect(stderr).toContain('sluice help exit-codes');
  });
});

describe('completion', () => {
  async function proposed(...words: readonly string[]): Promise<readonly string[]> {
    const { stdout } = await runIn(home, ['completion', 'words', '--', ...words]);
    return stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
  }

  it('knows commands, flags, values of flags', async () => {
    expect(await proposed('sched')).toContain('schedule');
    expect(await proposed('waf', 'traffic', '')).toEqual(expect.arrayContaining(['import', 'generate']));
    expect(await proposed('gate', '--sa')).toEqual(expect.arrayContaining(['--save-facts', '--save-plan']));
    expect(await proposed('check', '--format', '')).toEqual(
      expect.arrayContaining(['text', 'json', 'sarif']),
    );
  });

  it('knows what the estate has: stacks, clients, people, changes', async () => {
    expect(await proposed('plan', 'acme')).toEqual(
      expect.arrayContaining(['acme-production', 'acme-staging']),
    );
    expect(await proposed('changes', '--client', '')).toContain('borough');
    expect(await proposed('close', '--by', 'm')).toContain('m.lind');
    expect(await proposed('show', 'CHG-2026-00')).toContain('CHG-2026-0014');
    expect(await proposed('help', 'ri')).toContain('risk');
  });

  it('proposes nothing, and fails at nothing, where there is no estate', async () => {
    const { stdout, stderr, exit } = await runIn('/', ['completion', 'words', '--', 'plan', 'acme']);
    expect({ stdout, stderr, exit }).toEqual({
      stdout: '',
      stderr: '',
      exit: 'ok',
    });
  });

  const has = (shell: string): boolean => {
    try {
      execFileSync(shell, ['-c', 'true'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  const inShell = (shell: string, script: string): readonly string[] =>
    execFileSync(shell, ['-c', script], { cwd: home, encoding: 'utf8' }).trim().split('\n');

  it('works in bash', () => {
    const script = (words: string, at: number): string =>
      `source <(./sluice completion bash); COMP_WORDS=(${words}); COMP_CWORD=${String(at)}; _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect(inShell('bash', script('./sluice check --format s', 3))).toEqual(['sarif']);
    expect(inShell('bash', script('./sluice plan borough-', 2))).toEqual([
      'borough-production',
      'borough-staging',
    ]);
    expect(inShell('bash', 'source <(./sluice completion bash); complete -p sluice')).toEqual([
      'complete -o default -F _sluice sluice',
    ]);
  });

  it.runIf(has('zsh'))('works in zsh', () => {
    const script =
      'autoload -Uz compinit; compinit -u -D; source <(./sluice completion zsh); ' +
      '_describe() { print -l -- $found }; words=(./sluice check --format ""); CURRENT=4; _sluice; print -- $_comps[sluice]';
    expect(inShell('zsh', script)).toEqual([
      'text:how to print the result',
      'json:how to print the result',
      'sarif:how to print the result',
      '_sluice',
    ]);
  });

  it.runIf(has('fish'))('works in fish', () => {
    const script = `set -x PATH ${join(home)} $PATH; sluice completion fish | source; complete -C 'sluice check --format s'`;
    expect(inShell('fish', script)).toContain('sarif\thow to print the result');
  });
});
