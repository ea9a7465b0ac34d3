import { parseReport } from '@heed/conformance';
import { keepReport as keep } from '@heed/reports';
import type { BrowserCommand } from 'vitest/node';

/** A command that a page's tests call with the JSON of a report, since a page writes no files. */
export const keepReport: BrowserCommand<[report: string]> = (_, report) => keep(parseReport(report));
