/** GitHub through octokit, as the gate needs it. */
import type { GitHub } from '../../contract/ports.ts';
import { callGitHub, connect, type GitHubSettings } from './connection.ts';
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
      callGitHub(`read pull request ${String(number)}`, again(number), () => pullFacts(at, number)),
    pullHead: (number) =>
      callGitHub(`read the head of pull request ${String(number)}`, again(number), () =>
        pullHead(at, number),
      ),
    openPulls: () => callGitHub('list the open pull requests', 'sluice gate --sweep', () => openPulls(at)),
    verdictOn: (head) =>
      callGitHub(`read the verdict on pull request ${String(head.number)}`, again(head.number), () =>
        verdictOn(at, head),
      ),
    onShow: (number, verdict) =>
      callGitHub(`read what is on show on pull request ${String(number)}`, again(number), () =>
        onShow(at, number, verdict),
      ),
    mergedPulls: (headSha) =>
      callGitHub(`find the pull request of ${headSha}`, 'sluice gate --pr <number>', () =>
        mergedPulls(at, headSha),
      ),
    pagedAt: (number, occasion) =>
      callGitHub(`read the comments of pull request ${String(number)}`, again(number), () =>
        findPage(at, number, occasion),
      ),
    page: (number, page) =>
      callGitHub(`page people on pull request ${String(number)}`, again(number), () =>
        sendPage(at, number, page),
      ),
    publish: (number, verdict) =>
      callGitHub(`publish the verdict on pull request ${String(number)}`, again(number), () =>
        publish(at, number, verdict),
      ),
  };
}

function again(number: number): string {
  return `sluice gate --pr ${String(number)}`;
}
