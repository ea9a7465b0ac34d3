/** What a model knows of the place that it has for a mechanism. */
export interface Place {
  /** Q */
  readonly queryWidth: number;
  /** M */
  readonly memoryWidth: number;
  /** Seed of the initial parameters. */
  readonly seed: number;
}

/** Options that a model works out by itself, whichever of them a mechanism has. */
export type FittedOptions = 'queryWidth' | 'memoryWidth' | 'width' | 'seed' | 'name';

/** How a mechanism's options follow from its place in a model. */
export interface Fit {
  /** Whether query and memory are compared as they are, so that their widths must be equal. */
  readonly comparesAsIs: boolean;
  options(place: Place): object;
}

/** Fit of mechanisms that project the query, the memory or both before they compare them. */
export const projected: Fit = {
  comparesAsIs: false,
  options: ({ queryWidth, memoryWidth, seed }) => ({ queryWidth, memoryWidth, seed }),
};

/** Fit of mechanisms that compare query and memory as they are: nothing starts from a seed. */
export const asIs: Fit = { comparesAsIs: true, options: ({ queryWidth }) => ({ width: queryWidth }) };
