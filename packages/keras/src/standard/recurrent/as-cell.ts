import { HeedError } from '@heed/base';
import type { layers } from '@tensorflow/tfjs-layers';
import { RecurrentCell } from './cell.js';

/** @throws HeedError CONFIG_INVALID where a layer can't be stepped through a sequence */
export function asCell(layer: layers.Layer): RecurrentCell {
  if (layer instanceof RecurrentCell) return layer;
  throw new HeedError('CONFIG_INVALID', {
    message: `${layer.name} is a ${layer.getClassName()}, and no cell of a recurrent layer`,
    hint: 'a cell of your own extends RecurrentCell',
    details: { layer: layer.name, className: layer.getClassName() },
  });
}
