import { objectOf, type Json } from '../../files/read-json.js';
import { byClassName, type LayerTable, type MakeInner } from '../make-layer.js';
import { asCell } from './as-cell.js';
import { GruCell } from './gru-cell.js';
import { LstmCell } from './lstm-cell.js';
import { RecurrentLayer } from './recurrent-layer.js';
import { SimpleCell } from './simple-cell.js';
import { StackedCells } from './stacked-cells.js';

/** Long short-term memory along a sequence. */
class LSTM extends RecurrentLayer {
  static readonly className = 'LSTM';

  constructor(config: Json) {
    super(LSTM.className, config, new LstmCell(config));
  }
}

/** Gated recurrent units along a sequence. */
class GRU extends RecurrentLayer {
  static readonly className = 'GRU';

  constructor(config: Json) {
    super(GRU.className, config, new GruCell(config));
  }
}

/** Elman's cell along a sequence. */
class SimpleRNN extends RecurrentLayer {
  static readonly className = 'SimpleRNN';

  constructor(config: Json) {
    super(SimpleRNN.className, config, new SimpleCell(config));
  }
}

/** Any cell, or several on top of each other, along a sequence. */
class RNN extends RecurrentLayer {
  static readonly className = 'RNN';

  constructor(config: Json, inner: MakeInner) {
    super(RNN.className, config, cellOf(config['cell'], inner));
  }
}

const cellOf = (cell: unknown, inner: MakeInner) =>
  asCell(
    Array.isArray(cell)
      ? new StackedCells({ name: 'cell', cells: cell }, inner)
      : inner(objectOf('the cell of an RNN', cell)),
  );

export const RECURRENT_LAYERS: LayerTable = byClassName(
  LSTM,
  GRU,
  SimpleRNN,
  RNN,
  LstmCell,
  GruCell,
  SimpleCell,
  StackedCells,
);
