/// <reference types="node" />

/** `getBuiltinModule` stands for imports of Node's modules, which bundlers for browsers would stumble over. */
export const isNode = (): boolean => typeof process === 'object' && typeof process.getBuiltinModule === 'function';
