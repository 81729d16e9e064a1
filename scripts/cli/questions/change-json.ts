import type { KnownChange } from '../../questions/types.ts';
import type { JsonObject } from '../../plan/types.ts';

/** One change as the JSON of `status`, `changes` and `show` has it. */
export function changeJson({ record, file, branch, pull, state, releases }: KnownChange): JsonObject {
  return {
    id: record.id,
    title: record.title,
    client: record.client,
    stacks: record.stacks === undefined ? null : [...record.stacks],
    type: record.type,
    category: record.category ?? null,
    model: record.model ?? null,
    risk: record.risk?.declared ?? null,
    state: state.state,
    reasons: [...state.reasons],
    overdue: state.isOverdue,
    plannedStart: record.schedule?.plannedStart ?? null,
    plannedEnd: record.schedule?.plannedEnd ?? null,
    requester: record.requester,
    owner: record.owner,
    implementer: record.implementer ?? null,
    file,
    branch,
    pull: pull === null ? null : { number: pull.number, draft: pull.draft, verdict: pull.verdict },
    releases: releases.map(({ intent, entry }) => ({
      id: intent.id,
      action: intent.action,
      stack: intent.stack,
      result: entry?.result ?? null,
      at: entry?.finishedAt ?? intent.startedAt,
    })),
  };
}
