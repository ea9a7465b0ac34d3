// Reading and writing throw where the browser blocks storage. The page then works as on a first visit.

/** Choice of the reader on an earlier visit; null without one. */
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
    // The choice is lost after this visit.
  }
}
