/** The events of a pull request that emulate does not keep: who dismissed which review and why, who was assigned, a changed base. */
import { actorOf, ok, passed, repositoryPath, type Answered, type Asked, type Route } from './route.ts';

/** As GitHub lists it among the events of an issue. */
interface IssueEvent {
  readonly id: number;
  readonly event: 'assigned' | 'base_ref_changed' | 'review_dismissed' | 'unassigned';
  readonly actor: { readonly id: number; readonly login: string };
  readonly created_at: string;
  readonly dismissed_review?: {
    readonly state: string;
    readonly review_id: number;
    readonly dismissal_message: string;
  };
  readonly assignee?: { readonly id: number; readonly login: string };
}

type Note = (
  asked: Asked,
  event: Pick<IssueEvent, 'assignee' | 'dismissed_review' | 'event'>,
) => Promise<void>;

/** Routes that record events and list them. `now` is the server's clock. */
export function eventRoutes(now: () => string): readonly Route[] {
  const events = new Map<string, IssueEvent[]>();
  const note: Note = async (asked, event) => {
    const [repository = '', number = ''] = asked.found;
    const path = `${repository}/issues/${number}/events`;
    const list = events.get(path) ?? [];
    list.push({ id: list.length + 1, actor: await actorOf(asked), created_at: now(), ...event });
    events.set(path, list);
  };
  return [
    {
      method: 'GET',
      path: new RegExp(`^${repositoryPath}/issues/\\d+/events$`),
      answer: ({ url }) => ok(events.get(url.pathname) ?? []),
    },
    {
      method: 'PUT',
      path: new RegExp(`^${repositoryPath}/pulls/(\\d+)/reviews/(\\d+)/dismissals$`),
      answer: (asked) => dismiss(asked, note),
    },
    {
      method: 'PATCH',
      path: new RegExp(`^${repositoryPath}/pulls/(\\d+)$`),
      answer: (asked) => edit(asked, note),
    },
    ...(['POST', 'DELETE'] as const).map((method) => ({
      method,
      path: new RegExp(`^${repositoryPath}/issues/(\\d+)/assignees$`),
      answer: (asked: Asked) => assign(asked, method, note),
    })),
  ];
}

async function dismiss(asked: Asked, note: Note): Promise<Answered> {
  const [repository = '', number = '', review = ''] = asked.found;
  const before = await asked.upstream(`${repository}/pulls/${number}/reviews/${review}`);
  const { state = '' } = (await before.json()) as { readonly state?: string };
  const answer = await asked.upstream(asked.url.pathname, { method: 'PUT', body: asked.text });
  if (answer.ok) {
    const { message = '' } = JSON.parse(asked.text) as { readonly message?: string };
    await note(asked, {
      event: 'review_dismissed',
      dismissed_review: {
        state: state.toLowerCase(),
        review_id: Number(review),
        dismissal_message: message,
      },
    });
  }
  return passed(answer);
}

/** Emulate knows no assignees: one event for each account that is named, as GitHub records it. */
async function assign(asked: Asked, method: 'DELETE' | 'POST', note: Note): Promise<Answered> {
  const { assignees = [] } = JSON.parse(asked.text) as { readonly assignees?: readonly string[] };
  for (const name of assignees) {
    const { id, login } = (await (await asked.upstream(`/users/${name}`)).json()) as {
      readonly id: number;
      readonly login: string;
    };
    await note(asked, {
      event: method === 'POST' ? 'assigned' : 'unassigned',
      assignee: { id, login },
    });
  }
  return { status: method === 'POST' ? 201 : 200, body: {} };
}

async function edit(asked: Asked, note: Note): Promise<Answered> {
  const { pathname } = asked.url;
  const before = (await (await asked.upstream(pathname)).json()) as BasedPull;
  const answer = await passed(await asked.upstream(pathname, { method: 'PATCH', body: asked.text }));
  if (answer.status === 200 && (answer.body as BasedPull).base.ref !== before.base.ref) {
    await note(asked, { event: 'base_ref_changed' });
  }
  return answer;
}

interface BasedPull {
  readonly base: { readonly ref: string };
}
