import { listCases, type Group } from '@heed/conformance';

/** Number of cases in a group of the conformance suite. */
export const sizeOf = (wanted: Group): number => listCases().filter(({ group }) => group === wanted).length;

/** That of the group which the page runs first. */
export const HEADS = sizeOf('heads');
