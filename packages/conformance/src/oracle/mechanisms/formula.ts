import type { MechanismConfig, MechanismKind } from '@heed/attention';
import type { Node } from '../tape.js';
import type { Cube, Maths, Matrix, Vector } from './maths.js';

/** Parameters of a mechanism by their keys, as numbers on a tape. */
export interface Parameters {
  has(name: string): boolean;
  number(name: string): Node;
  vector(name: string): Vector;
  matrix(name: string): Matrix;
  cube(name: string): Cube;
}

/** Tensors of a state by name, of one row, row-major. */
export type State = Readonly<Record<string, Vector>>;

/** One row of a batch: rows know nothing of each other. */
export interface Row<Config> {
  readonly maths: Maths;
  readonly config: Config;
  readonly parameters: Parameters;
  /** [T][Q] */
  readonly query: Matrix;
  /** [Tk][M] */
  readonly memory: Matrix;
  /** Whether query i may attend to position j. */
  open(i: number, j: number): boolean;
  /** Whether position j is one of the memory's. */
  present(j: number): boolean;
  /** What is there before the first step; empty for what the mechanism begins with by itself. */
  readonly state: State;
}

/** What a formula gives of one row. */
export interface Attended {
  /** [T][C] */
  readonly context: Matrix;
  /** [T][Tk], or [H][T][Tk] of a mechanism with heads. */
  readonly weights: Matrix | Cube;
  /** The state after the last step, of a mechanism that keeps one. */
  readonly state?: State;
}

export type ConfigOf<Kind extends MechanismKind> = Extract<MechanismConfig, { readonly kind: Kind }>;

/** A mechanism, written from its paper: what a row of a batch attends to. */
export type Formula<Config> = (row: Row<Config>) => Attended;
