/** The events of a pull request that emulate does not keep: who dismissed which review and why, who was assigned, a changed base. */
import { actorOf, ok, passed, repositoryPath, type Answered, type Call, type Route } from './route.ts';

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

type Note = (call: Call, event: Pick<IssueEvent, 'assignee' | 'dismissed_review' | 'event'>) => Promise<void>;

/** Routes that record events and list them. `now` is the server's clock. */
export function eventRoutes(now: () => string): readonly Route[] {
  const events = new Map<string, IssueEvent[]>();
  const note: Note = async (call, event) => {
    const [repository = '', number = ''] = call.found;
    const path = `${repository}/issues/${number}/events`;
    const list = events.get(path) ?? [];
    list.push({ id: list.length + 1, actor: await actorOf(call), created_at: now(), ...event });
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
      answer: (call) => dismiss(call, note),
    },
    {
      method: 'PATCH',
      path: new RegExp(`^${repositoryPath}/pulls/(\\d+)$`),
      answer: (call) => edit(call, note),
    },
    ...(['POST', 'DELETE'] as const).map((method) => ({
      method,
      path: new RegExp(`^${repositoryPath}/issues/(\\d+)/assignees$`),
      answer: (call: Call) => assign(call, method, note),
    })),
  ];
}

async function dismiss(call: Call, note: Note): Promise<Answered> {
  const [repository = '', number = '', review = ''] = call.found;
  const before = await call.upstream(`${repository}/pulls/${number}/reviews/${review}`);
  const { state = '' } = (await before.json()) as { readonly state?: string };
  const answer = await call.upstream(call.url.pathname, { method: 'PUT', body: call.text });
  if (answer.ok) {
    const { message = '' } = JSON.parse(call.text) as { readonly message?: string };
    await note(call, {
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
async function assign(call: Call, method: 'DELETE' | 'POST', note: Note): Promise<Answered> {
  const { assignees = [] } = JSON.parse(call.text) as { readonly assignees?: readonly string[] };
  for (const name of assignees) {
    const { id, login } = (await (await call.upstream(`/users/${name}`)).json()) as {
      readonly id: number;
      readonly login: string;
    };
    await note(call, {
      event: method === 'POST' ? 'assigned' : 'unassigned',
      assignee: { id, login },
    });
  }
  return { status: method === 'POST' ? 201 : 200, body: {} };
}

async function edit(call: Call, note: Note): Promise<Answered> {
  const { pathname } = call.url;
  const before = (await (await call.upstream(pathname)).json()) as BasedPull;
  const answer = await passed(await call.upstream(pathname, { method: 'PATCH', body: call.text }));
  if (answer.status === 200 && (answer.body as BasedPull).base.ref !== before.base.ref) {
    await note(call, { event: 'base_ref_changed' });
  }
  return answer;
}

interface BasedPull {
  readonly base: { readonly ref: string };
}
