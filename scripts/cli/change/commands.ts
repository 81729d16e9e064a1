/** What an engineer and the CAB use before anything is released. */
import { buildCommand } from '@stricli/core';
import {
  changeId,
  choice,
  optionalChoice,
  optionalNumber,
  optionalText,
  repeatedText,
  requiredNumber,
  requiredText,
  stackNames,
  text,
  toggle,
} from '../flags.ts';

const planSource = {
  base: optionalText(
    'what to compare with: a git ref, or `released` for what the ledger says is live (the default)',
    'ref',
  ),
  bundles: optionalText(
    'folder written by `sluice synth`; the working tree is synthesized when left away',
    'folder',
  ),
  terraformPlan: optionalText('a plan of any Terraform configuration: `terraform show -json` output', 'file'),
  before: optionalText('a *.tf.json configuration to compare from', 'file'),
  after: optionalText('a *.tf.json configuration to compare to', 'file'),
};

const whoEnds = 'who ends it: person id of the roster';

export const changeRoutes = {
  demo: buildCommand({
    loader: async () => (await import('../sandbox/demo.ts')).demoCommand,
    parameters: {},
    docs: { brief: 'The whole way of a change in a minute: local GitHub, sandbox, real Terraform' },
  }),
  new: buildCommand({
    loader: async () => (await import('../record/new-command.ts')).newCommand,
    parameters: {
      flags: {
        from: optionalText(
          'write this change once more, for the next window; nothing else is asked',
          'change',
        ),
        client: optionalText('client of the register', 'client'),
        service: optionalText('service of the register', 'service'),
        type: optionalText('standard, normal or emergency', 'type'),
        category: optionalText(
          'waf, dns, tls, cache, lb, access, workers, rules, account, monitoring or other',
          'category',
        ),
        title: optionalText('10 to 120 characters', 'text'),
        reason: optionalText('why the change is needed, at least 30 characters', 'text'),
        requester: optionalText('person id of the roster', 'person'),
        owner: optionalText('person id of the roster', 'person'),
        implementer: optionalText('person id of the roster', 'person'),
        stack: repeatedText('stack that the change touches', 'stack'),
        kind: optionalText('change, or administrative for a decision that alters no stack', 'kind'),
        model: optionalText('kind of work, where it is not that of the plan', 'id'),
        risk: optionalText('declared risk: low, medium, high or critical', 'level'),
        backupImplementer: optionalText('person id of the roster', 'person'),
        severity: optionalText('of an emergency: P1 or P2', 'severity'),
        incident: optionalText('incident of an emergency', 'id'),
        standardChange: optionalText('catalogue entry of a standard change', 'id'),
        trafficSample: optionalText('digest of recorded traffic that a WAF change is tried on', 'sha256'),
        start: optionalText('planned start, RFC 3339 with offset', 'time'),
        end: optionalText('planned end, RFC 3339 with offset', 'time'),
      },
    },
    docs: { brief: 'Write a change record, from flags or by asking' },
  }),
  emergency: buildCommand({
    loader: async () => (await import('../emergency/emergency.ts')).emergencyCommand,
    parameters: {
      flags: {
        incident: requiredNumber('issue of the incident: open, P1 or P2', 'number'),
        zone: optionalText('zone, where the service of the incident has several', 'zone'),
        by: optionalText('person id of the roster; that of the token when left away', 'person'),
        reason: optionalText('why, at least 30 characters; the title of the incident when left away', 'text'),
        waivedBy: optionalText(
          'who waives, and approves, what denies it: person id, of the security, change-manager or CAB seat',
          'person',
        ),
        days: optionalNumber('how many days it holds, where it is not as many as the policies say', 'days'),
        dryRun: toggle('say what would be written, and write nothing'),
      },
      positional: {
        kind: 'tuple',
        parameters: [
          { brief: 'what to do, as "block ASN 64496 on /login"', parse: String, placeholder: 'move' },
        ],
      },
    },
    docs: {
      brief: 'From a sentence to a pull request: code, record, branch and seats of an emergency change',
    },
  }),
  lift: buildCommand({
    loader: async () => (await import('../emergency/lift.ts')).liftCommand,
    parameters: {
      flags: {
        by: requiredText('who asks for it and does it: person id of the roster', 'person'),
        backup: optionalText('who can take over: person id of the roster', 'person'),
        reviewer: optionalText('who of the security seat looks at it: person id of the roster', 'person'),
        reason: optionalText(
          'why, at least 30 characters; that it is not needed any more when left away',
          'text',
        ),
        dryRun: toggle('say what would be written, and write nothing'),
      },
      positional: changeId,
    },
    docs: { brief: 'Take out what an emergency switched on: from code to pull request of a normal change' },
  }),
  keep: buildCommand({
    loader: async () => (await import('../emergency/keep.ts')).keepCommand,
    parameters: {
      flags: {
        by: requiredText('who asks for it and does it: person id of the roster', 'person'),
        reason: requiredText('why it stays, at least 30 characters', 'text'),
        backup: optionalText('who can take over: person id of the roster', 'person'),
        reviewer: optionalText('who of the security seat looks at it: person id of the roster', 'person'),
        dryRun: toggle('say what would be written, and write nothing'),
      },
      positional: changeId,
    },
    docs: { brief: 'Keep what an emergency switched on: from code to pull request of a normal change' },
  }),
  close: buildCommand({
    loader: async () => (await import('../record/close.ts')).closeCommand,
    parameters: {
      flags: {
        by: requiredText(whoEnds, 'person'),
        result: optionalChoice(
          ['successful', 'successful-with-issues', 'rolled-back', 'failed', 'aborted'] as const,
          'how it ended, where the ledger does not say all',
        ),
        deviation: repeatedText('what went otherwise than planned', 'text'),
        incident: repeatedText('an incident that it caused, beside those that the list has', 'id'),
        settled: repeatedText('of an emergency: what it owes and how that was made up for', 'name=text'),
        registerUpdated: toggle('the service register agrees with what is live'),
      },
      positional: changeId,
    },
    docs: { brief: 'Write into its record how a change ended, as the ledger has it' },
  }),
  cancel: buildCommand({
    loader: async () => (await import('../record/cancel.ts')).cancelCommand,
    parameters: {
      flags: {
        by: requiredText(whoEnds, 'person'),
        rejected: toggle('the CAB refused it; otherwise it was withdrawn'),
        reason: optionalText('why', 'text'),
      },
      positional: changeId,
    },
    docs: { brief: 'Write into its record that a change is not made' },
  }),
  retry: buildCommand({
    loader: async () => (await import('../record/repeat.ts')).retryCommand,
    parameters: { flags: {}, positional: changeId },
    docs: { brief: 'Write a record for another try of a change, for the next window' },
  }),
  synth: buildCommand({
    loader: async () => (await import('./synth.ts')).synthCommand,
    parameters: {
      flags: {
        out: text('folder to write the bundles to', 'folder', '.sluice/bundles'),
        twice: toggle('synthesize twice and refuse code whose output differs'),
      },
    },
    docs: { brief: 'Turn the stack code into bundles, as data' },
  }),
  plan: buildCommand({
    loader: async () => (await import('./plan.ts')).planCommand,
    parameters: {
      flags: {
        ...planSource,
        format: choice(['text', 'json', 'markdown'] as const, 'text', 'how to print the plan'),
      },
      positional: stackNames,
    },
    docs: { brief: 'Show what a change does, resource by resource' },
  }),
  check: buildCommand({
    loader: async () => (await import('./check.ts')).checkCommand,
    parameters: {
      flags: {
        ...planSource,
        record: optionalText('change record; found on the branch when left away', 'file'),
        format: choice(['text', 'json', 'sarif'] as const, 'text', 'how to print the result'),
      },
      positional: stackNames,
    },
    docs: { brief: 'Everything that can be known before pushing: plan, risk, rules, record' },
  }),
  raise: buildCommand({
    loader: async () => (await import('./raise.ts')).raiseCommand,
    parameters: {
      flags: {
        draft: toggle('open it as a draft, which asks nobody and may still be denied by rules'),
        replace: toggle(
          'after an amend or a rebase: put it in place of what origin has, if that has not moved',
        ),
        dryRun: toggle('say what would be pushed, written and asked, and do nothing'),
        base: optionalText('branch to merge into; the default branch when left away', 'branch'),
        format: choice(['text', 'json'] as const, 'text', 'how to print the result'),
      },
    },
    docs: { brief: 'Push the branch, open or update its pull request, ask the people of its quorum' },
  }),
  gate: buildCommand({
    loader: async () => (await import('./gate.ts')).gateCommand,
    parameters: {
      flags: {
        facts: optionalText('facts document to decide from', 'file'),
        pr: optionalNumber('pull request to decide on, through the GitHub API', 'number'),
        bundles: optionalText('with --pr: folder of proposed bundles from the synth job', 'folder'),
        ciBundles: toggle(
          'with --pr: take the proposed bundles from the synth job of the head, at the moment `apply` from the job `bundles` of this run',
        ),
        sweep: toggle('decide on every open pull request; with --publish, write where something changed'),
        moment: optionalChoice(
          ['merge', 'apply'] as const,
          'with --pr: what the decision is for (default merge)',
        ),
        publish: toggle('with --pr or --sweep: write the check run and the comment'),
        saveFacts: optionalText('with --pr: write the facts document, for evidence and what-if', 'file'),
        savePlan: optionalText('write the whole plan as JSON; the comment names it with its digest', 'file'),
        format: choice(['text', 'json', 'markdown'] as const, 'text', 'how to print the decision'),
      },
    },
    docs: { brief: 'Decide: allow, deny or undetermined, with every reason' },
  }),
};
