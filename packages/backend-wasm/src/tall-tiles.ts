/**
 * Whether the engine keeps the twelve sums of a tile of 6 rows in registers. V8's older compiler (seen in 11.3 and 12.4, of Node 20 and 22) moves
 * all loads of a loop to its start and keeps sums on the stack for them: half as fast as tiles of 4 rows, where its newer one (seen in 13.6, of
 * Node 24) is a tenth faster. What compiled a module can't be asked, so the engine's age is told by what came to it with 13.6.
 */
export const areTallTilesKept = (): boolean => 'escape' in RegExp;
