/** Description of an element as a reader knows it: its kind, and its accessible name. */
export interface Named {
  readonly kind: 'button' | 'tab' | 'field';
  readonly name: string;
}

/** One tab of a browser, with the same interface for all browsers. */
export interface Tab {
  open(url: string): Promise<void>;
  /** Runs a function in the page; arguments and result must be JSON. */
  run<Args extends readonly unknown[], T>(task: (...args: Args) => T | Promise<T>, ...args: Args): Promise<T>;
  /** Clicks an element with the pointer; waits until it exists and stands still. */
  click(element: Named): Promise<void>;
  /** Replaces the text of a field with the keyboard. */
  type(field: Named, text: string): Promise<void>;
  /** Ends the browser. */
  close(): Promise<void>;
}

/** One start of a browser. */
export interface Session extends Tab {
  /** Ends the browser at once, even one that no longer answers. */
  kill(): void;
}

/** Finds the visible element with this name. It runs in the page, so it is one function without imports. */
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

/**
 * Whether a pointer would hit this element: it has come to rest where it can be seen, with nothing over it. A driver moves its pointer to
 * where an element was, and a click beside what has moved meanwhile says nothing. It runs in the page, so it is one function without
 * imports.
 */
export async function isAtRest(element: Element): Promise<boolean> {
  element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  const place = (): DOMRect => element.getBoundingClientRect();
  const before = place();
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  const { left, top, width, height } = place();
  const over = document.elementFromPoint(left + width / 2, top + height / 2);
  return before.left === left && before.top === top && over !== null && element.contains(over);
}

/** Greatest time in milliseconds until an element appears on a busy machine. */
const PATIENCE = 60_000;
const PAUSE = 50;

/** Tries until it succeeds, since an element may not exist yet, or may just be redrawn. */
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
