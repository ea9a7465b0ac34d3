/** Name of a parameter among an instance's tensors. */
export const parameterName = (key: string): string => `param/${key}`;

/** Name of a tensor of the state before the first step among an instance's tensors. */
export const stateName = (name: string): string => `state/${name}`;
