import { isObject, type Json } from '../files/read-json.js';

/**
 * Whether Keras 2 wrote a configuration. It says `implementation` of recurrent layers, and its objects have no `registered_name`; where a
 * configuration shows neither, it is read as one of Keras 3.
 */
export function madeByKeras2(config: Json): boolean {
  const objects = Object.values(config).filter((value) => isObject(value) && 'class_name' in value) as Json[];
  return 'implementation' in config || objects.some((value) => !('registered_name' in value));
}
