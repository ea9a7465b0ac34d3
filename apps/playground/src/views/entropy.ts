/** Entropy of a distribution in bits, −Σ_j α_j log₂ α_j; a share of 0 adds nothing, as x log x goes to 0. */
export const entropyOf = (shares: ArrayLike<number>): number =>
  Array.from(shares).reduce((sum, share) => (share > 0 ? sum - share * Math.log2(share) : sum), 0);
