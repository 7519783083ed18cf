// One trade as a person reads it: every transition with its cause, every order with its fills and
// fees, every funding payment, and the profit split into parts that add up.
import type { Fill, Ms, Usd } from '../../domain/index.ts';
import { signed, toMoney } from '../../operator/step-lines.ts';
import type { OrderHistory, TradeHistory } from '../../operator/trade-history.ts';
import { profitOf } from '../../operator/trade-history.ts';

export function tradeText(trade: TradeHistory): string {
  const { plan } = trade;
  const lines = [
    `${trade.tradeId}  ${plan.strategy}  ${plan.key}  ${toMoney(plan.notionalUsd)} a leg, ` +
      `expected ${signed(plan.netEdgeBps, 2)} bps net`,
    '',
    'transitions',
    ...trade.steps.map(
      ({ seq, atMs, from, to, event, cause }) =>
        `  #${String(seq).padEnd(6)} ${instant(atMs)}  ${from} → ${to}  on ${event}` +
        (cause === '' ? '' : `  (${cause})`),
    ),
    '',
    'orders',
    ...trade.orders.flatMap(orderLines),
    ...liquidationLines(trade.liquidations),
    '',
    'funding',
    ...fundingLines(trade),
    '',
    ...profitLines(trade),
  ];
  return `${lines.join('\n')}\n`;
}

const instant = (atMs: Ms): string => new Date(atMs).toISOString().slice(11, 23);

function orderLines({ order, sentAtMs, fills, outcome }: OrderHistory): readonly string[] {
  const kind = order.reduceOnly ? `${order.timeInForce} reduce-only` : order.timeInForce;
  const head =
    `  ${instant(sentAtMs)}  ${order.clientOrderId}  leg ${order.legId}  ${order.side} ` +
    `${order.qty} ${order.instrumentId}  limit ${order.limitPrice}  touch ` +
    `${order.referencePrice}  ${kind}  ${outcome}`;
  return [head, ...fills.map(fillLine)];
}

const fillLine = (fill: Fill): string =>
  `      ${instant(fill.filledAtMs)}  filled ${fill.qty} at ${fill.price}  ` +
  `fee ${fill.feeUsd} USD  ${fill.liquidity}`;

const liquidationLines = (fills: readonly Fill[]): readonly string[] =>
  fills.flatMap((fill) => [`  liquidated by ${fill.venueId}`, fillLine(fill)]);

function fundingLines({ funding }: TradeHistory): readonly string[] {
  if (funding.length === 0) return ['  none'];
  return funding.map(({ fundingAtMs, instrumentId, amountUsd, fundingRate, positionQty }) => {
    const terms = `position ${positionQty}  rate ${signed(fundingRate, 6)}`;
    return `  ${instant(fundingAtMs)}  ${instrumentId}  ${terms}  ${amountUsd} USD`;
  });
}

function profitLines(trade: TradeHistory): readonly string[] {
  const profit = profitOf(trade);
  const { fundingUsd, basisUsd, slippageUsd, feesUsd, roundingUsd, unexplainedUsd } = profit;
  const parts = [
    ['funding', fundingUsd],
    ['basis', basisUsd],
    ['slippage', slippageUsd],
    ['fees', feesUsd],
    ['rounding', roundingUsd],
    ['unexplained', unexplainedUsd],
    ['profit', profit.totalUsd],
  ] as const;
  return parts.map(([name, amount]) => `${name.padEnd(12)} ${pad(amount)} USD`);
}

const pad = (amount: Usd): string => amount.padStart(18);
