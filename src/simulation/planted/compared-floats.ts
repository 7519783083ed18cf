// Planted: a trade adds up its positions in floating point.
import { assign } from 'xstate';

import { machines } from '../../../machines/index.ts';
import type { TradeLeg } from '../../../machines/trade/trade-legs.ts';
import { withTradeFills } from '../../../machines/trade/trade-changes.ts';
import type { Side } from '../../domain/index.ts';
import { toNumber, toQty, ZERO_QTY } from '../../domain/index.ts';
import { engineWithTrade } from './machine-nesting.ts';
import { bugInWorld } from './planted-bug.ts';

const trade = machines.trade.provide({
  actions: {
    recordFills: assign(({ context }, { legId, fills, atMs }) => {
      const exact = withTradeFills(context, legId, fills, atMs);
      const leg = exact.legs[legId];
      const before = toNumber(context.legs[legId]?.positionQty ?? ZERO_QTY);
      if (leg === undefined) return exact;
      const positionQty = toQty(
        fills.reduce((sum, { side, qty }) => moved(sum, side, toNumber(qty)), before),
      );
      const legs = { ...exact.legs, [legId]: { ...leg, positionQty } };
      const delta = Object.values<TradeLeg>(legs).reduce(
        (sum, each) => sum + toNumber(each.positionQty),
        0,
      );
      return { legs, unevenSinceAtMs: delta === 0 ? null : (context.unevenSinceAtMs ?? atMs) };
    }),
  },
});

const moved = (position: number, side: Side, qty: number): number =>
  side === 'buy' ? position + qty : position - qty;

export const comparedFloats = bugInWorld({
  name: 'compare floats',
  text: 'positions are summed and compared as floating point numbers',
  invariants: ['I6', 'I15'],
  kinds: ['partial'],
  plant: () => ({ machine: engineWithTrade(trade) }),
});
