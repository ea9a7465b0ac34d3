/** What elements extend. The import must work without a DOM, as when a page is rendered on a server. */
export const Base = globalThis.HTMLElement ?? (Object as unknown as typeof HTMLElement);
