/** What moves a change to production and back. */
import { buildCommand } from '@stricli/core';
import {
  changeId,
  choice,
  maybeOneStack,
  optionalTarget,
  optionalNumber,
  optionalText,
  repeatedText,
  requiredText,
  stackNames,
  targetFlag,
  text,
  toggle,
} from '../flags.ts';

const bundleFolder = optionalText(
  'folder written by `sluice synth`; the working tree is synthesized when left away, in the sandbox only',
  'folder',
);

const edge = optionalText('base address that probes are sent to instead of the public edge', 'url');

export const releaseRoutes = {
  rehearse: buildCommand({
    loader: async () => (await import('./rehearse.ts')).rehearseCommand,
    parameters: {
      flags: {
        base: text('what to start from: a git ref, or `released`', 'ref', 'released'),
        bundles: optionalText(
          'folder of proposed bundles; the working tree is synthesized when left away',
          'folder',
        ),
        out: optionalText('folder to write the evidence to', 'folder'),
        format: choice(['text', 'json'] as const, 'text', 'how to print the evidence'),
      },
      positional: stackNames,
    },
    docs: { brief: 'Prove the rollback: apply, roll back and compare, in a sandbox of its own' },
  }),
  baseline: buildCommand({
    loader: async () => (await import('./baseline.ts')).baselineCommand,
    parameters: {
      flags: {
        bundles: bundleFolder,
        target: targetFlag,
        reason: requiredText('why, for the ledger', 'text'),
        empty: toggle('nothing of the stack is live yet: its first release creates it, through the gate'),
        dryRun: toggle('only show what would be recorded'),
      },
      positional: stackNames,
    },
    docs: { brief: 'Record the first release of a stack, the state that everything later is compared with' },
  }),
  release: buildCommand({
    loader: async () => (await import('./release.ts')).releaseCommand,
    parameters: {
      flags: {
        facts: optionalText('facts document with the approvals', 'file'),
        pr: optionalNumber('merged pull request with the approvals, through the GitHub API', 'number'),
        bundles: bundleFolder,
        ciBundles: toggle('take the bundles from the job `bundles` of this run of the workflow'),
        wave: optionalNumber(
          'only this wave, counted from 1, by one of several processes: what fails is left to rollback --change',
          'number',
        ),
        abandon: repeatedText(
          'release of this change that was begun, never ended, and is finished now',
          'release',
        ),
        target: targetFlag,
        edge,
        format: choice(['text', 'json'] as const, 'text', 'how to print what was released'),
      },
      positional: stackNames,
    },
    docs: { brief: 'Apply exactly what was approved, verify it, record it' },
  }),
  rollback: buildCommand({
    loader: async () => (await import('./rollback.ts')).rollbackCommand,
    parameters: {
      flags: {
        to: optionalText('go back to the state after this release', 'release'),
        only: optionalText('undo only this release and keep the later ones', 'release'),
        including: repeatedText('change whose release may be undone as well', 'change'),
        abandon: optionalText('release that was begun and never ended', 'release'),
        accept: repeatedText('address that was changed by hand and may be overwritten', 'address'),
        reason: requiredText('why, for the ledger', 'text'),
        target: optionalTarget,
        dryRun: {
          kind: 'boolean',
          brief: 'show what would be undone and stop',
          default: false,
          withNegated: false,
        },
        edge,
        change: optionalText(
          'undo this change on every stack that it reached, or on the one that is named',
          'change',
        ),
        format: choice(['text', 'json'] as const, 'text', 'how to print, with --change'),
      },
      positional: maybeOneStack,
    },
    docs: { brief: 'Undo a release: show the inverse, refuse conflicts, apply, verify, record' },
  }),
  probe: buildCommand({
    loader: async () => (await import('./probe.ts')).probeCommand,
    parameters: {
      flags: {
        watch: toggle('go on for as long as the record says that a wave is watched'),
        edge,
        format: choice(['text', 'json'] as const, 'text', 'how to print what they found'),
      },
      positional: changeId,
    },
    docs: { brief: 'Make the probes of a change for what is released of it; exit 4 when one fails' },
  }),
};
