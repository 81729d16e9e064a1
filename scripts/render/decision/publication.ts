/** Where the whole plan is kept, and what the verdict is worth by who publishes it. */
import { fitText } from '../text/bounded.ts';
import { escapeMarkdown } from '../text/escape.ts';

/** What surrounds a decision when it is shown. Nothing has a default: what is not known must not look like a guarantee. */
export interface Publication {
  /** The file with the plan as JSON, masked, in an artifact of the run; null when none was kept. */
  readonly artifact: { readonly name: string; readonly file: string; readonly sha256: string } | null;
  /** With which token check and comment are written; null when nobody publishes and the text is only printed. */
  readonly publisher: 'app' | 'workflow-token' | null;
}

/** Empty without an artifact. Stands before the plan, so that no cut can take it away. */
export function renderArtifact({ artifact }: Publication): string {
  if (artifact === null) {
    return '';
  }
  const [file, name] = [artifact.file, artifact.name].map((text) => fitText(text, 200, escapeMarkdown));
  return `The whole plan as JSON: ${file} in the artifact ${name} of the gate's run, \`sha256:${hexOf(artifact.sha256)}\`.`;
}

/** A digest is sixty-four hexadecimal digits; anything else must not stand between backticks. */
function hexOf(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? text : 'unknown';
}

/** What the workflow token cannot guarantee, as in .github/workflows/README.md; empty with the token of an App. */
export function renderPublisher({ publisher }: Publication): string {
  if (publisher !== 'workflow-token') {
    return '';
  }
  return [
    '<details><summary>Published without a GitHub App: who can push could forge this verdict</summary>',
    '',
    'The check and this comment were written with the token of a workflow. Compared with an App of its own:',
    '',
    '- **Lost: only the gate lets a change through.** Any branch’s workflow with `checks: write` can publish a check of this name.',
    '- **Lost: the required check has one source.** It can be pinned to GitHub Actions only, which is every workflow.',
    '- **Lost: an approval is for what was on show.** Who can push could show other digests under the same name.',
    '- **Lost: only releases write the ledger.** Any workflow with `contents: write` can, unless a ruleset forbids it.',
    '- **Weaker: this comment is the gate’s.** Every workflow writes as the same author.',
    '',
    'What still holds: secrets stay away from code of a pull request, and rules, roster and calendar come from the base branch.',
    'To close the gaps, set up the App: `.github/workflows/README.md`.',
    '',
    '</details>',
  ].join('\n');
}
