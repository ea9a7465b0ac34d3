import { describeUndeclared } from '../undeclared.js';
import { onDawn } from './on-dawn.js';

describeUndeclared(onDawn);
