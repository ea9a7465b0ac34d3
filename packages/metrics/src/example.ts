/** A source sequence with every output that counts as right. */
export interface Example {
  readonly source: readonly string[];
  readonly targets: readonly (readonly string[])[];
}
