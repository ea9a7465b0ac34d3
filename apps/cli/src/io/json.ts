/** One line; numbers that JSON lacks become the texts "NaN", "Infinity" and "-Infinity". */
export function toJsonLine(value: unknown): string {
  return `${JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? String(part) : part,
  )}\n`;
}
