import type { ConformanceReport } from '@heed/conformance';
import { commands } from 'vitest/browser';

declare module 'vitest/browser' {
  interface BrowserCommands {
    keepReport: (report: string) => Promise<void>;
  }
}

/** Keeps the report of a suite that runs in a page, as `@heed/reports` does of one in Node. */
export const keepReport = (report: ConformanceReport): Promise<void> => commands.keepReport(JSON.stringify(report));
