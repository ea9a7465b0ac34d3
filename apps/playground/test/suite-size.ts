import { listCases } from '@heed/conformance';

/** Number of cases in the group of the conformance suite that the page runs first. */
export const HEADS = listCases().filter(({ group }) => group === 'heads').length;
