import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { keyOf, readDurations } from './durations.js';

/**
 * Order of test files: those that took longest come first, of all projects together, so that no long one is left when the others have
 * ended. By itself vitest goes from project to project.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const durations = readDurations();
    // Of a file that never ran nobody knows; where none did, this keeps vitest's order, in which larger files come first.
    const durationOf = ({ project, moduleId }: TestSpecification): number =>
      durations[keyOf(project, moduleId)] ?? Infinity;
    const groupOf = ({ project }: TestSpecification): number => project.config.sequence.groupOrder;
    // oxlint-disable-next-line unicorn/no-array-sort -- it is the sequencer's
    const byItself = await super.sort(files);
    return byItself.toSorted((a, b) => groupOf(a) - groupOf(b) || compare(durationOf(b), durationOf(a)));
  }
}

/** Infinities are equal to each other, which subtraction wouldn't say. */
const compare = (a: number, b: number): number => (a === b ? 0 : a - b);
