/** GitHub through octokit, as the gate needs it. */
import type { GitHub } from '../../contract/ports.ts';
import { asked, connect, type GitHubSettings } from './connection.ts';
import { findPage, sendPage } from './page.ts';
import { mergedPulls, pullFacts } from './pull.ts';
import { openPulls, pullHead, verdictOn } from './open.ts';
import { onShow, publish } from './verdict.ts';

/** Throws nothing by itself: connections are made per call. */
export function createGitHub(settings: GitHubSettings): GitHub {
  const at = connect(settings);
  return {
    publisher: settings.appId === null ? 'workflow-token' : 'app',
    pullFacts: (number) =>
      asked(`read pull request ${String(number)}`, again(number), () => pullFacts(at, number)),
    pullHead: (number) =>
      asked(`read the head of pull request ${String(number)}`, again(number), () => pullHead(at, number)),
    openPulls: () => asked('list the open pull requests', 'sluice gate --sweep', () => openPulls(at)),
    verdictOn: (head) =>
      asked(`read the verdict on pull request ${String(head.number)}`, again(head.number), () =>
        verdictOn(at, head),
      ),
    onShow: (number, verdict) =>
      asked(`read what is on show on pull request ${String(number)}`, again(number), () =>
        onShow(at, number, verdict),
      ),
    mergedPulls: (headSha) =>
      asked(`find the pull request of ${headSha}`, 'sluice gate --pr <number>', () =>
        mergedPulls(at, headSha),
      ),
    pagedAt: (number, occasion) =>
      asked(`read the comments of pull request ${String(number)}`, again(number), () =>
        findPage(at, number, occasion),
      ),
    page: (number, page) =>
      asked(`page people on pull request ${String(number)}`, again(number), () => sendPage(at, number, page)),
    publish: (number, verdict) =>
      asked(`publish the verdict on pull request ${String(number)}`, again(number), () =>
        publish(at, number, verdict),
      ),
  };
}

function again(number: number): string {
  return `sluice gate --pr ${String(number)}`;
}
