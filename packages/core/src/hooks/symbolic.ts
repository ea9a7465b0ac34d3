/**
 * A number in a hook's function: nothing is computed where it stands, but by the op, at every position. JavaScript's operators and
 * conditions can't be used on it.
 */
export interface SymbolicNumber {
  add(other: Operand): SymbolicNumber;
  sub(other: Operand): SymbolicNumber;
  mul(other: Operand): SymbolicNumber;
  div(other: Operand): SymbolicNumber;
  neg(): SymbolicNumber;
  abs(): SymbolicNumber;
  min(other: Operand): SymbolicNumber;
  max(other: Operand): SymbolicNumber;
  exp(): SymbolicNumber;
  /** Natural logarithm. */
  log(): SymbolicNumber;
  tanh(): SymbolicNumber;
  /** 1 / (1 + exp(−x)) */
  sigmoid(): SymbolicNumber;
  sqrt(): SymbolicNumber;
  /** Of an angle in radians. */
  sin(): SymbolicNumber;
  /** Of an angle in radians. */
  cos(): SymbolicNumber;
  pow(exponent: Operand): SymbolicNumber;
  /** ⌊x / divisor⌋ of whole numbers, to which fractions are rounded down first. It has no gradient. */
  floorDiv(divisor: Operand): SymbolicNumber;
  /** x − divisor·⌊x / divisor⌋ of whole numbers, likewise: it has the sign of the divisor. It has no gradient. */
  mod(divisor: Operand): SymbolicNumber;
  lt(other: Operand): SymbolicBoolean;
  le(other: Operand): SymbolicBoolean;
  gt(other: Operand): SymbolicBoolean;
  ge(other: Operand): SymbolicBoolean;
  eq(other: Operand): SymbolicBoolean;
  ne(other: Operand): SymbolicBoolean;
}

/** A truth value in a hook's function. */
export interface SymbolicBoolean {
  and(other: SymbolicBoolean): SymbolicBoolean;
  or(other: SymbolicBoolean): SymbolicBoolean;
  not(): SymbolicBoolean;
  /** The first number where it is true, the second where it is false; the gradient goes to the one that is taken. */
  select(ifTrue: Operand, ifFalse: Operand): SymbolicNumber;
}

export type Operand = number | SymbolicNumber;

/** A captured tensor in a hook's function. */
export interface SymbolicTensor {
  /**
   * Number at the indices, one for each axis. Outside of the tensor it is NaN; a fraction is rounded down.
   *
   * @throws HeedError INVALID_ARGUMENT when there are more or fewer indices than axes
   */
  at(...indices: Operand[]): SymbolicNumber;
}
