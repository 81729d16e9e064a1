import { isReachable } from '../../../scripts/waf/evaluate/special-networks.ts';
import { readIp } from '../../../scripts/waf/language/ip.ts';
import { isProduction } from '../../reading/estate-context.ts';
import type { RuleContext } from '../../model/finding.ts';
import type { ChangeRecord, Probe } from '../../model/record.ts';
import { defineRule, fine, finding, judgeRecord, judged } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const recordStepsAndTests = defineRule({
  id: 'record-steps-and-tests',
  title: 'Steps, tests and acceptance criteria are written down',
  area: 'record',
  severity: 'deny',
  why: 'Without a test afterwards nobody knows whether the change worked; without steps nobody else can carry it out.',
  fix: 'List the steps (normal, emergency), a test before (normal) and after, and at least one acceptance criterion.',
  since: '2026-11-23',
  source: 'ISO/IEC 20000-1 8.5.1.3 and 8.5.3',
  waivable: true,
  evaluate: (context) =>
    judgeRecord(context, (record) => judged([...judgeLists(record), ...judgeProbes(context, record)])),
});

function judgeLists({ type, plan, test, acceptanceCriteria }: ChangeRecord): Judgement {
  return [
    ...(type === 'standard' ? fine : atLeastOne(plan?.steps, '/plan', 'no steps')),
    ...(type === 'normal' ? atLeastOne(test.pre, '/test', 'no test before the change') : fine),
    ...atLeastOne(test.post, '/test', 'no test after the change'),
    ...atLeastOne(acceptanceCriteria, '/acceptanceCriteria', 'no acceptance criterion'),
  ];
}

function judgeProbes(context: RuleContext, { test: { probes = [] } }: ChangeRecord): Judgement {
  const needsProbes = context.reach.stacks.some((stack) => isProduction(context.policy, stack));
  const allowed = context.policy.thresholds.probeNetworks ?? [];
  return [
    ...(needsProbes && probes.length === 0
      ? finding('record', 'no probe', 'a probe that the release runs after apply', {
          pointer: '/test',
          severity: 'warn',
        })
      : fine),
    ...probes.flatMap((probe, index) => {
      const address = writtenAddress(probe);
      return address === null || isReachable(address, allowed)
        ? fine
        : finding(
            'record',
            `${address} is not a public address`,
            'public addresses, or probeNetworks of the thresholds',
            {
              pointer: `/test/probes/${String(index)}`,
              fix: 'Probe the public address, or name the network under probeNetworks in policies/thresholds.yaml: the release refuses it.',
            },
          );
    }),
  ];
}

/** Where an address is written instead of a name. What a name resolves to is looked at when it is probed. */
function writtenAddress(probe: Probe): string | null {
  const host =
    probe.type === 'dns'
      ? (probe.resolver ?? '').replace(/^\[(.*)\](?::\d+)?$/u, '$1').replace(/^([\d.]+):\d+$/u, '$1')
      : probe.type === 'tls'
        ? probe.host
        : hostOf(probe.url);
  return readIp(host) === null ? null : host;
}

/** As a browser reads it: `http://0x7f.1/` is 127.0.0.1. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/u, '$1') : '';
}

function atLeastOne(list: readonly unknown[] | undefined, pointer: string, seen: string): Judgement {
  return (list ?? []).length > 0 ? fine : finding('record', seen, 'at least one', { pointer });
}
