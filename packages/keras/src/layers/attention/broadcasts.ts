/** Whether two shapes broadcast to one another, aligned from the right. */
export const broadcasts = (a: readonly number[], b: readonly number[]): boolean =>
  a.toReversed().every((length, n) => {
    const other = b.at(-1 - n) ?? 1;
    return length === other || length === 1 || other === 1;
  });
