// Reading and writing throw where the browser blocks storage. The page then works as on a first visit.

/** What the reader chose on an earlier visit. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It holds for this visit.
  }
}
