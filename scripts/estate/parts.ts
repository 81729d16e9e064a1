/**
 * The files of an estate that the product writes, and where each comes from. Of `generated` ones the product keeps the
 * upkeep (`sluice upgrade`); `first` ones are the estate's own from the moment they were written.
 */
import type { EstateSettings } from './settings.ts';

export interface EstatePart {
  /** In the estate. */
  readonly path: string;
  /** In the product. */
  readonly from: string;
  readonly upkeep: 'first' | 'generated';
  readonly adapt?: (text: string, settings: Pick<EstateSettings, 'organization'>) => string;
}

const template = 'scripts/estate/template';
const workflows = '.github/workflows';

/** Where the program is in a repository that depends on it. */
const launcher = 'node_modules/sluice/scripts/launch.mjs';

const onInstalled = (text: string): string => text.replaceAll('node scripts/launch.mjs', `node ${launcher}`);

const inEstate = (text: string): string => text.replace('$here/scripts/launch.mjs', `$here/${launcher}`);

const asTheyAre: readonly string[] = [
  '.github/ISSUE_TEMPLATE/change-request.yml',
  '.github/ISSUE_TEMPLATE/config.yml',
  '.github/ISSUE_TEMPLATE/incident.yml',
  '.github/ISSUE_TEMPLATE/problem.yml',
  '.github/PULL_REQUEST_TEMPLATE.md',
  '.github/actions/setup/action.yml',
  '.github/zizmor.yml',
  `${workflows}/README.md`,
  'changes/README.md',
  'changes/record.schema.json',
  'policies/README.md',
  'stacks/clients/service.schema.json',
  'stacks/clients/traffic-cases.schema.json',
];

const started: readonly string[] = [
  `${workflows}/decide.sh`,
  `${workflows}/scope.sh`,
  `${workflows}/gate-trigger.yml`,
  `${workflows}/gate.yml`,
  `${workflows}/release.yml`,
  `${workflows}/baseline.yml`,
  `${workflows}/due.yml`,
  `${workflows}/rollback.yml`,
];

const firstPolicies: readonly string[] = [
  'calendar.yaml',
  'catalogue.yaml',
  'quorum.yaml',
  'risk-matrix.yaml',
  'roster.yaml',
  'thresholds.yaml',
];

export const parts: readonly EstatePart[] = [
  ...asTheyAre.map((path): EstatePart => ({ path, from: path, upkeep: 'generated' })),
  ...started.map((path): EstatePart => ({ path, from: path, upkeep: 'generated', adapt: onInstalled })),
  {
    path: `${workflows}/change.yml`,
    from: `${workflows}/change.yml`,
    upkeep: 'generated',
    adapt: (text) => onInstalled(withEstateChecks(text)),
  },
  {
    path: '.github/CODEOWNERS',
    from: `${template}/CODEOWNERS`,
    upkeep: 'generated',
    adapt: (text, { organization }) => text.replaceAll('@ORGANIZATION/', `@${organization}/`),
  },
  { path: 'sluice', from: 'sluice', upkeep: 'generated', adapt: inEstate },
  { path: 'stacks/main.ts', from: `${template}/main.txt`, upkeep: 'generated' },
  { path: 'stacks/README.md', from: `${template}/stacks-README.md`, upkeep: 'generated' },
  { path: 'tsconfig.json', from: `${template}/tsconfig.json`, upkeep: 'generated' },
  { path: '.npmrc', from: `${template}/npmrc`, upkeep: 'generated' },
  { path: '.gitignore', from: `${template}/gitignore`, upkeep: 'first' },
  { path: 'README.md', from: `${template}/README.md`, upkeep: 'first' },
  ...firstPolicies.map((name): EstatePart => ({
    path: `policies/${name}`,
    from: `${template}/policies/${name}`,
    upkeep: 'first',
  })),
];

const testJob = '\n  test:\n';

/** An estate's own checks in the place of the product's tests. */
function withEstateChecks(text: string): string {
  const at = text.indexOf(testJob);
  if (at < 0) {
    throw new Error('change.yml has no job `test` that an estate could do without');
  }
  const checkout =
    /\n {6}- name: Check out the head of the pull request\n[\s\S]*?persist-credentials: false\n/.exec(text);
  return `${text.slice(0, at)}
  doctor:
    name: Doctor
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      contents: read # check out the pull request
    steps:${checkout?.[0] ?? ''}
      - name: Set up
        uses: ./.github/actions/setup

      - name: Types, and everything in its place
        run: |
          npm run typecheck
          node scripts/launch.mjs doctor
`;
}
