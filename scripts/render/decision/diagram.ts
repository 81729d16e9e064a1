/**
 * Stacks, the zones that change in them, and the services of the register behind those zones, as a Mermaid flowchart.
 *
 * Drawn only when there is more than one stack, zone or service: a picture of one box says nothing that the lists above do
 * not. What belongs to an account and no zone counts as a zone of its own. At most `limits.nodes` boxes: the places where
 * most is lost come first, and what is not drawn is counted below.
 */
import { compareText } from '../../json/json.ts';
import { kindsByGravity, summarise } from '../../plan/difference/summary.ts';
import type { ChangeCounts } from '../../plan/difference/summary.ts';
import type { DisplayKind, Plan } from '../../plan/types.ts';
import type { Register } from '../../../policies/model/facts.ts';
import { fitText } from '../text/bounded.ts';
import { escapeMermaidLabel } from '../text/escape.ts';

const limits = { nodes: 40, servicesPerZone: 3, characters: 6000 };
const labelLength = 90;

/** Kinds that are drawn: those that make Terraform do something. */
type DrawnKind = Exclude<DisplayKind, 'read' | 'no-op'>;
const drawnKinds = kindsByGravity.filter((kind): kind is DrawnKind => kind !== 'read' && kind !== 'no-op');

/** A zone in a stack, or what of the stack is in no zone. */
interface DiagramPlace {
  readonly stack: string;
  readonly zone: string | null;
  readonly counts: ChangeCounts;
  readonly worst: number;
  /** Keys of services. */
  readonly services: readonly string[];
}

/** Empty when the rule above says that it does not help. */
export function renderDiagram(plan: Plan, registers: readonly Register[]): string {
  const names = new Map<string, string>();
  const places = placesOf(plan, registers, names);
  const total = boxes(places);
  if (total.stacks.size <= 1 && places.length <= 1 && total.services.size <= 1) {
    return '';
  }
  for (let most = Math.min(places.length, limits.nodes); most > 0; most -= 1) {
    const visible = places.slice(0, most);
    const drawn = draw(visible, names);
    if (drawn.nodes <= limits.nodes && drawn.text.length <= limits.characters) {
      const rest = restText(places.length - visible.length, total.services.size - drawn.services);
      return `**Where it happens**\n\n\`\`\`mermaid\n${drawn.text}\n\`\`\`${rest}`;
    }
  }
  return '';
}

function placesOf(
  plan: Plan,
  registers: readonly Register[],
  names: Map<string, string>,
): readonly DiagramPlace[] {
  return summarise(plan)
    .byZone.flatMap(({ stack, zone, counts }): readonly DiagramPlace[] => {
      const worst = drawnKinds.findIndex((kind) => counts[kind] > 0);
      const services = zone === null || worst === -1 ? [] : servicesOf(stack, zone, registers, names);
      return worst === -1 ? [] : [{ stack, zone, counts, worst, services }];
    })
    .toSorted(
      (a, b) => a.worst - b.worst || compareText(a.stack, b.stack) || compareText(a.zone ?? '', b.zone ?? ''),
    );
}

function servicesOf(
  stack: string,
  zone: string,
  registers: readonly Register[],
  names: Map<string, string>,
): readonly string[] {
  return registers
    .filter((register) => register.stacks.some(({ name }) => name === stack))
    .flatMap(({ client, services }) =>
      services
        .filter(({ zones }) => zones.includes(zone))
        .map(({ id, name }) => {
          names.set(`${client}/${id}`, name);
          return `${client}/${id}`;
        }),
    );
}

function boxes(places: readonly DiagramPlace[]): {
  readonly stacks: Set<string>;
  readonly services: Set<string>;
} {
  return {
    stacks: new Set(places.map(({ stack }) => stack)),
    services: new Set(places.flatMap(({ services }) => services)),
  };
}

interface Drawing {
  readonly text: string;
  readonly nodes: number;
  readonly services: number;
}

/** Boxes have numbers of ours for names; texts from outside stand in labels only. */
function draw(places: readonly DiagramPlace[], names: ReadonlyMap<string, string>): Drawing {
  const stacks = [...boxes(places).stacks].toSorted(compareText);
  const services = [...new Set(places.flatMap((place) => place.services.slice(0, limits.servicesPerZone)))];
  const worst = new Map<string, number>();
  const edges: string[] = [];
  const note = (node: string, place: DiagramPlace): string => {
    worst.set(node, Math.min(worst.get(node) ?? place.worst, place.worst));
    return node;
  };
  for (const [index, place] of places.entries()) {
    const zone = note(`zone${String(index)}`, place);
    edges.push(`  ${note(`stack${String(stacks.indexOf(place.stack))}`, place)} --> ${zone}`);
    for (const service of place.services.slice(0, limits.servicesPerZone)) {
      edges.push(`  ${zone} --> ${note(`service${String(services.indexOf(service))}`, place)}`);
    }
  }
  const lines = [
    'flowchart LR',
    ...stacks.map((stack, index) => `  stack${String(index)}["${label(stack)}"]`),
    ...places.map((place, index) => `  zone${String(index)}(["${placeLabel(place)}"])`),
    ...services.map(
      (key, index) => `  service${String(index)}("${label(names.get(key) ?? key)}<br/>service")`,
    ),
    ...edges,
    ...classLines(worst),
  ];
  return {
    text: lines.join('\n'),
    nodes: stacks.length + places.length + services.length,
    services: services.length,
  };
}

function placeLabel({ zone, counts }: DiagramPlace): string {
  const visible = drawnKinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${String(counts[kind])} ${words[kind] ?? kind}`)
    .join(', ');
  return `${zone === null ? 'account, in no zone' : label(zone)}<br/>${visible}`;
}

function label(text: string): string {
  return fitText(text, labelLength, escapeMermaidLabel);
}

const words: Readonly<Partial<Record<DrawnKind, string>>> = { 'may-replace': 'may be replaced' };

/** Borders rather than fills: GitHub draws in a light and in a dark theme. */
const styles: Readonly<Record<DrawnKind, string>> = {
  delete: 'stroke:#cf222e,stroke-width:4px',
  replace: 'stroke:#cf222e,stroke-width:4px,stroke-dasharray:6 3',
  'may-replace': 'stroke:#cf222e,stroke-width:2px,stroke-dasharray:6 3',
  undetermined: 'stroke:#cf222e,stroke-width:2px,stroke-dasharray:1 3',
  forget: 'stroke:#cf222e,stroke-width:2px,stroke-dasharray:2 3',
  update: 'stroke:#bf8700,stroke-width:2px',
  create: 'stroke:#1a7f37,stroke-width:2px',
  import: 'stroke:#6e7781,stroke-width:2px',
  move: 'stroke:#6e7781,stroke-width:1px',
};

function classLines(worst: ReadonlyMap<string, number>): readonly string[] {
  return drawnKinds.flatMap((kind, index) => {
    const nodes = [...worst].filter(([, at]) => at === index).map(([node]) => node);
    const name = kind.replace('-', '');
    return nodes.length === 0
      ? []
      : [`  classDef ${name} ${styles[kind]}`, `  class ${nodes.join(',')} ${name}`];
  });
}

function restText(places: number, services: number): string {
  const parts = [
    ...(places > 0 ? [`${String(places)} zones`] : []),
    ...(services > 0 ? [`${String(services)} services`] : []),
  ];
  return parts.length === 0 ? '' : `\n\nand **${parts.join(', ')}** more, not drawn`;
}
