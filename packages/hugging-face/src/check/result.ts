/** Something that was held to its number. */
export interface CheckResult {
  /** Which model of the folder: '' for its own, a variant's folder or another configuration's file. */
  readonly model: string;
  /** What was compared, as 'tokens' or 'right: attentions.0'. */
  readonly name: string;
  /** Largest difference; of tokens and continuations, the number of those that differ. */
  readonly difference: number;
  readonly tolerance: number;
  readonly passed: boolean;
  /** The first that differs, in words. */
  readonly detail?: string;
}

export function resultOf(
  model: string,
  name: string,
  difference: number,
  tolerance: number,
  detail?: string,
): CheckResult {
  // A NaN is no difference that a tolerance allows.
  const passed = difference <= tolerance;
  return { model, name, difference, tolerance, passed, ...(detail !== undefined && !passed && { detail }) };
}
