/**
 * Maximum flow with capacities of one, by breadth-first augmenting paths (Edmonds-Karp). Graphs here have a few hundred
 * nodes and a flow of at most a few dozen, so nothing cleverer is needed; breadth first keeps the result deterministic.
 */
export class UnitFlow {
  private readonly targets: number[] = [];
  private readonly residual: number[] = [];
  private readonly outgoing: number[][] = [];

  addNode(): number {
    this.outgoing.push([]);
    return this.outgoing.length - 1;
  }

  /** Adds an edge of capacity one and returns its number, for `isUsed`. */
  addEdge(from: number, to: number): number {
    const edge = this.targets.length;
    this.targets.push(to, from);
    this.residual.push(1, 0);
    this.outgoing[from]?.push(edge);
    this.outgoing[to]?.push(edge + 1);
    return edge;
  }

  isUsed(edge: number): boolean {
    return this.residual[edge] === 0;
  }

  /** Sends one more unit from `source` to `sink`, rerouting earlier units if need be; false when that is impossible. */
  augment(source: number, sink: number): boolean {
    const cameBy = new Map<number, number | null>([[source, null]]);
    const queue = [source];
    for (const node of queue) {
      for (const edge of this.outgoing[node] ?? []) {
        const target = this.targets[edge];
        if (this.residual[edge] === 1 && target !== undefined && !cameBy.has(target)) {
          cameBy.set(target, edge);
          queue.push(target);
        }
      }
    }
    this.turn(sink, cameBy);
    return cameBy.has(sink);
  }

  private turn(sink: number, cameBy: ReadonlyMap<number, number | null>): void {
    let edge = cameBy.get(sink) ?? null;
    while (edge !== null) {
      const back = edge % 2 === 0 ? edge + 1 : edge - 1;
      this.residual[edge] = 0;
      this.residual[back] = 1;
      const from: number | undefined = this.targets[back];
      edge = from === undefined ? null : (cameBy.get(from) ?? null);
    }
  }
}
