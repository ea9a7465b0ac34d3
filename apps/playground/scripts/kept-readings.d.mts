import type { Reading } from '../src/views/read/reading.js';

export declare function keptReadings(): Promise<Record<string, Reading>>;
