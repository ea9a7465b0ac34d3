/** Cases of the suite that ran somewhere, in a browser or in a runtime, and passed. */
export interface Ran {
  readonly where: string;
  readonly backend: string;
  readonly cases: number;
}

/** What a test runner passes on to whoever reads its results. */
interface Task {
  readonly meta: { ran?: readonly Ran[] };
}

/** Notes in a test how many cases passed where: `npm test` says so at its end. */
export function tellRan({ meta }: { readonly meta: object }, ran: Ran): void {
  const kept = meta as Task['meta'];
  kept.ran = [...(kept.ran ?? []), ran];
}
