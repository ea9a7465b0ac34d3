/**
 * A probability for people, in whole per cent; what is near 0 and 1 is no certainty.
 *
 * @param over  word before '99 %'
 * @param under word before '1 %'
 */
export function percentOf(probability: number, over = 'over ', under = 'under '): string {
  if (probability >= 0.995) return `${over}99 %`;
  if (probability < 0.005) return `${under}1 %`;
  return `${Math.round(100 * probability)} %`;
}
