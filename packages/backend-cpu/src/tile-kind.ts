/** No position of the tile takes part; all do; some do, and `allow` says which. */
export const SKIP = 0;
export const FULL = 1;
export const PARTIAL = 2;
export type TileKind = typeof SKIP | typeof FULL | typeof PARTIAL;
