import { HeedError } from '@heed/base';
import { withoutHint } from '../usage-error.js';

/**
 * What is made of a file's bytes, with the path in what goes wrong.
 *
 * @param hintOf another hint in place of the error's own
 */
export async function ofFile<Made>(
  path: string,
  make: () => Made | Promise<Made>,
  hintOf: (hint: string) => string = (hint) => hint,
): Promise<Made> {
  try {
    return await make();
  } catch (error) {
    if (!HeedError.isInstance(error)) throw error;
    const { code, hint, details } = error;
    const message = `${JSON.stringify(path)}: ${withoutHint(error.message, hint)}`;
    throw new HeedError(code, { message, details, cause: error, ...(hint !== undefined && { hint: hintOf(hint) }) });
  }
}
