/** Collects garbage, where the engine lets a program ask for that: Node with `--expose-gc`, which the bench sets for itself. */
export function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}
