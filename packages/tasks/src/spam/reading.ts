import { parseMail } from '@heed/datasets';
import { wordReading } from '../reading.js';

export const reading = wordReading((text) => parseMail(text).sentences);
