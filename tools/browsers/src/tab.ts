/** An element as a reader would call it: what it is, and the name that is read out. */
export interface Named {
  readonly kind: 'button' | 'tab' | 'field';
  readonly name: string;
}

/** One tab of a browser, whatever drives it. */
export interface Tab {
  open(url: string): Promise<void>;
  /** Runs in the page; it is told, and answers, what JSON can say. */
  run<Args extends readonly unknown[], T>(task: (...args: Args) => T | Promise<T>, ...args: Args): Promise<T>;
  /** With the pointer, where the element is; waits until there is one. */
  click(element: Named): Promise<void>;
  /** With the keyboard, in place of what the field says. */
  type(field: Named, text: string): Promise<void>;
  /** Ends the browser. */
  close(): Promise<void>;
}

/** Runs in the page, so it is one function: the element that can be seen and has this name. */
export function find(kind: Named['kind'], name: string): Element | null {
  const said = (element: Element): string =>
    (element.getAttribute('aria-label') ?? element.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
  const all =
    kind === 'field'
      ? [...document.querySelectorAll('label')].map((label) => [said(label), label.control] as const)
      : [...document.querySelectorAll(kind === 'tab' ? '[role=tab]' : 'button:not([role]), summary')].map(
          (element) => [said(element), element] as const,
        );
  return all.find(([text, element]) => text === name && element?.checkVisibility())?.[1] ?? null;
}

/** Longest time, in milliseconds, that an element may take to appear on a busy machine. */
const PATIENCE = 60_000;
const PAUSE = 50;

/** Tries until it succeeds: an element may not be there yet, or be drawn anew just now. */
export async function patiently(what: Named, attempt: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (let cause: unknown; ;) {
    try {
      if (await attempt()) return;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > end) throw new Error(`there is no ${what.kind} “${what.name}” that can be used`, { cause });
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
