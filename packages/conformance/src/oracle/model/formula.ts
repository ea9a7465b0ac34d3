import type { ModelOpName } from '@heed/core/model-ops';
import type { ModelOptions } from '../../model/example.js';
import type { Grid, Grids } from './grid.js';
import type { Tape } from '../tape.js';

/** A model op's forward pass, of inputs on a tape: its results by name. */
export type Formula<Name extends ModelOpName> = (
  tape: Tape,
  inputs: Grids,
  options: ModelOptions[Name],
) => Readonly<Record<string, Grid>>;
