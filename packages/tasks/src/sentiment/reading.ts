import { parseDefinition } from '@heed/datasets';
import { wordReading } from '../reading.js';

export const reading = wordReading((text) => parseDefinition(text).sentences);
