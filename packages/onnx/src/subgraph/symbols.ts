import type { SymbolicBoolean, SymbolicNumber } from '@heed/core';

/** A value of a graph at one position. */
export type GraphValue = SymbolicNumber | SymbolicBoolean;

/** A truth value counts as 1 or 0, as ONNX casts it. */
export const numberOf = (value: GraphValue): SymbolicNumber => (isBoolean(value) ? value.select(1, 0) : value);

export const booleanOf = (value: GraphValue): SymbolicBoolean => (isBoolean(value) ? value : value.ne(0));

const isBoolean = (value: GraphValue): value is SymbolicBoolean => 'select' in value;
