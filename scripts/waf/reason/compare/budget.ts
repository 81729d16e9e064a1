/** A limit of work. What is not decided when it is spent stays undecided. */

/** Thrown inside a proof and caught by it; never seen outside. */
export class BudgetSpent extends Error {}

export class Budget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) {
      throw new BudgetSpent();
    }
  }
}
