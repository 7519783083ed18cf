// What is unexplained of an exposure: its position was corrected to what the venue says.
import type { InstrumentId, Qty, TradeId, Usd } from '../../src/domain/index.ts';
import { keysOf, notional, total } from '../../src/domain/index.ts';
import type { Correction } from '../correction.ts';
import type { Exposure } from './exposure.ts';

/** What a trade took over of what its venue says, and of which order its leg was at then. */
export interface CorrectedPosition {
  readonly tradeId: TradeId;
  readonly instrumentId: InstrumentId;
  readonly qty: Qty;
  readonly attempt: number;
}

export function withCorrection(
  exposure: Exposure,
  instrumentId: InstrumentId,
  correction: Correction | undefined,
): Exposure {
  const { [instrumentId]: _before, ...others } = exposure.corrections ?? {};
  const corrections = correction ? { ...others, [instrumentId]: correction } : others;
  if (keysOf(corrections).length > 0) return { ...exposure, corrections };
  const { corrections: _none, ...rest } = exposure;
  return rest;
}

/** What is unexplained counts at the last price until its fill tells the true one. */
export const estimateUsd = ({ corrections, lastPrice }: Exposure): Usd =>
  notional(
    lastPrice,
    total(Object.values(corrections ?? {}).map(({ unexplainedQty }) => unexplainedQty)),
  );
