/** Weights that the view begins with: two sentences that say the same in another order of words. */
export const EXAMPLE = `,the,white,cat,sleeps
le,0.86,0.04,0.07,0.03
chat,0.06,0.11,0.79,0.04
blanc,0.03,0.81,0.13,0.03
dort,0.02,0.03,0.09,0.86
`;
