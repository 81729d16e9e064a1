/** What `sluice --help` lists: the commands by what somebody wants to do, and an example of each. */
export interface Task {
  readonly title: string;
  /** Examples by command, `waf lint` for one within another. The first one of a task stands for it. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
}

export const tasks: readonly Task[] = [
  { title: 'See how it works', commands: { demo: ['sluice demo'] } },
  {
    title: 'Make a change',
    commands: {
      plan: ['sluice plan acme-production --base HEAD', 'sluice plan --terraform-plan plan.json'],
      new: ['sluice new', 'sluice new --from CHG-2026-0014'],
      check: ['sluice check --base HEAD', 'sluice check --base HEAD --format sarif'],
      raise: ['sluice raise --dry-run', 'sluice raise'],
      rehearse: ['sluice rehearse acme-staging'],
      synth: ['sluice synth --out .sluice/proposed'],
    },
  },
  {
    title: 'Ask what is going on',
    commands: {
      status: ['sluice status --mine', 'sluice status'],
      changes: ['sluice changes --client acme --since 2026-06-01 --state closed'],
      show: ['sluice show CHG-2026-0014', 'sluice show R0006'],
      'who-can': ['sluice who-can CHG-2026-0014'],
      due: ['sluice due'],
      'schedule show': [
        'sluice schedule --client borough',
        'sluice schedule --client borough --format ics > borough.ics',
      ],
      'schedule next': ['sluice schedule next CHG-2026-0015'],
    },
  },
  {
    title: 'Know what is live',
    commands: {
      drift: [
        'sluice drift',
        'sluice drift acme-production --format json',
        'sluice drift --target cloudflare --publish',
      ],
      audit: [
        'sluice audit',
        'sluice audit --from 2026-11-01 --to 2026-12-01 --format json',
        'sluice audit --log audit-2026-11.ndjson.gz --target cloudflare',
      ],
    },
  },
  {
    title: 'Act in an emergency',
    commands: {
      emergency: [
        "sluice emergency 'block ASN 64496 on /login' --incident 41 --dry-run",
        "sluice emergency 'under attack' --incident 41 --zone shop.example",
      ],
      lift: ['sluice lift CHG-2026-0014 --by r.okafor --dry-run'],
      keep: [
        'sluice keep CHG-2026-0014 --by r.okafor --reason "the network has done nothing else for a month" --dry-run',
      ],
    },
  },
  {
    title: 'Decide and release',
    commands: {
      gate: ['sluice gate --pr 12', 'sluice gate --facts .sluice/facts.json'],
      release: [
        'sluice release --pr 12 --target cloudflare --ci-bundles',
        'sluice release --pr 12 --wave 2 --target cloudflare --ci-bundles acme-production',
      ],
      probe: ['sluice probe CHG-2026-0102', 'sluice probe CHG-2026-0102 --watch --format json'],
      rollback: [
        'sluice rollback acme-production --only R0006 --reason "the shop is slow" --dry-run',
        'sluice rollback acme-production --to R0005 --reason "the shop is slow"',
        'sluice rollback --change CHG-2026-0102 --reason "the shop is slow" --dry-run',
      ],
    },
  },
  {
    title: 'End a change',
    commands: {
      close: ['sluice close CHG-2026-0014 --by m.lind'],
      cancel: ['sluice cancel CHG-2026-0014 --by m.lind --reason "the limit holds without it"'],
      retry: ['sluice retry CHG-2026-0014'],
    },
  },
  {
    title: 'Understand rules of the WAF',
    commands: {
      'waf explain': [
        `sluice waf explain 'http.request.uri.path contains "/.env" and not ip.src in {192.0.2.0/24}'`,
      ],
      'waf compare': [
        `sluice waf compare 'http.request.uri.path eq "/v1"' 'starts_with(http.request.uri.path, "/v")'`,
      ],
      'waf format': [`sluice waf format 'not ( http.host=="www.shop.example" )'`],
      'waf lint': ['sluice waf lint --notes', 'sluice waf lint --rules'],
      'waf replay': ['sluice waf replay --traffic yesterday.ndjson --base HEAD --stack acme-production'],
      'waf tally merge': ['sluice waf tally merge tally-1.json tally-2.json'],
      'waf traffic import': ['sluice waf traffic import yesterday.ndjson.gz'],
      'waf traffic generate': ['sluice waf traffic generate acme'],
    },
  },
  {
    title: 'Keep and show the evidence',
    commands: {
      'ledger show': ['sluice ledger show --stack acme-production'],
      'ledger verify': ['sluice ledger verify'],
      'ledger export': ['sluice ledger export CHG-2026-0014'],
      'ledger key': ['sluice ledger key --out ~/release-2027.key --id release-2027'],
    },
  },
  {
    title: 'Have an estate of your own',
    commands: {
      init: ['sluice init my-estate --organization my-team'],
      'person add': ['sluice person add r.okafor --name "Ruth Okafor" --account 1001 --seat engineer'],
      'client add': [
        'sluice client add shop --title "The Shop" --account a1c0ffee5e7a11d0b5e55ed0ddba1100 --zone shop.example',
      ],
      'stack add': ['sluice stack add shop staging --zone staging.shop.example'],
      'rule add': ['sluice rule add ttl-not-short'],
      doctor: ['sluice doctor', 'sluice doctor --fix'],
      baseline: ['sluice baseline borough-staging --reason "first release"'],
      upgrade: ['sluice upgrade --dry-run'],
      'guard show': ['sluice guard show'],
      'guard check': ['sluice guard check'],
      'guard setup': ['sluice guard setup', 'sluice guard setup --apply'],
      'guard credentials': ['sluice guard credentials acme', 'sluice guard credentials gate --apply'],
    },
  },
  {
    title: 'Try things without Cloudflare or GitHub',
    commands: {
      'sandbox show': ['sluice sandbox show --type cloudflare_dns_record'],
      'sandbox drift': [
        'sluice sandbox drift --type cloudflare_dns_record --match name=www.shop.example --set content=192.0.2.66',
      ],
      'sandbox fault': ['sluice sandbox fault --kind error --on update --status 503'],
      'sandbox report': ['sluice sandbox report --type cloudflare_zone_dnssec --set status=pending'],
      'sandbox edge': ['sluice sandbox edge --port 8787'],
      'sandbox serve': ['sluice sandbox serve'],
      'sandbox github': ['sluice sandbox github'],
      'sandbox as': ['sluice sandbox as r.okafor -- raise'],
      'sandbox incident': ['sluice sandbox incident "Sign-in is under attack" --service shop --as m.lind'],
      'sandbox comment': ['sluice sandbox comment 3 "/sluice ratify" --as s.haddad'],
      'sandbox close': ['sluice sandbox close 2 --as m.lind'],
      'sandbox approve': ['sluice sandbox approve 1 --as m.lind'],
      'sandbox merge': ['sluice sandbox merge 1 --as s.haddad'],
      'sandbox reset': ['sluice sandbox reset'],
    },
  },
  {
    title: 'Learn more',
    commands: {
      help: ['sluice help risk', 'sluice help waf lint'],
      'completion bash': ['source <(sluice completion bash)'],
      'completion zsh': ['source <(sluice completion zsh)'],
      'completion fish': ['sluice completion fish | source'],
      'completion words': ['sluice completion words -- plan --format ""'],
    },
  },
];

/** Examples of a command, by the words that call it. */
export function examplesOf(path: readonly string[]): readonly string[] {
  const wanted = path.join(' ');
  return tasks.flatMap(({ commands }) => commands[wanted] ?? []);
}
