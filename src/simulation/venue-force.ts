// What happens on an account without us: the venue takes a position away, a stranger with the same
// keys leaves orders in the book, money is deposited and withdrawn.
import type { AccountStatement, InstrumentId, OrderRequest } from '../domain/index.ts';
import type { SeededRandom, Usd } from '../domain/index.ts';
import {
  clientOrderId,
  greatest,
  minus,
  over,
  times,
  toLegId,
  toPrice,
  toNumber,
  toQty,
  toRate,
  toStep,
  toTradeId,
  toUsd,
} from '../domain/index.ts';
import type { Exchange } from '../exchange/index.ts';
import type { MarketView } from '../market/view.ts';
import type { FaultDesk } from './fault-desk.ts';
import type { VenuePlace } from './venue-place.ts';

/** Until what the venue does by itself is over and told. */
const TOLD_MS = 100;
/** Longer than two reports of the account are apart. */
const UNTOLD_MS: readonly [number, number] = [15_000, 40_000];
/** So far from the touch that nothing ever trades with it. */
const FAR_SHARE = toRate('0.7');
const WORTH_USD = toPrice('150');
const DEPOSIT_USD_MAX = 10_000;

export function beginForce(
  { venueId, exchange, site }: VenuePlace,
  desk: FaultDesk,
  world: { readonly view: MarketView; readonly instruments: readonly InstrumentId[] },
): void {
  const about = { place: venueId, venueId };
  desk.spells({
    ...{ ...about, kind: 'liquidation', lastsMs: [TOLD_MS, TOLD_MS + 1] },
    begin: () => takeAway(exchange, desk.random('liquidation', `${venueId}/which`)),
  });
  desk.spells({
    ...{ ...about, kind: 'loss-untold', lastsMs: UNTOLD_MS },
    begin: () => {
      site.keepSilent();
      takeAway(exchange, desk.random('loss-untold', `${venueId}/which`));
    },
    end: () => site.breakSilence(),
  });
  desk.spells({
    ...{ ...about, kind: 'transfer', lastsMs: [TOLD_MS, TOLD_MS + 1], pace: 2 },
    begin: () => {
      const random = desk.random('transfer', `${venueId}/amount`);
      exchange.transfer(transferUsd(random, exchange.statement()));
    },
  });
  let count = 0;
  desk.spells({
    ...{ ...about, kind: 'stranger-order', lastsMs: [1_000, 60_000], pace: 0.3 },
    begin: () => {
      const random = desk.random('stranger-order', `${venueId}/which`);
      const instrumentId = world.instruments[random.below(world.instruments.length)];
      count += 1;
      const order = instrumentId && farOrder(world.view, instrumentId, count);
      if (order !== undefined) site.placeForeign(order);
    },
  });
}

/** The whole of a position or a part of it, if there is one. */
function takeAway(exchange: Exchange, random: SeededRandom): void {
  const held = exchange.statement().positions;
  const position = held[random.below(Math.max(held.length, 1))];
  const share = random.next() < 0.5 ? 1 : random.between(0.1, 1);
  if (position === undefined) return;
  exchange.deleverage(position.instrumentId, toRate(share.toFixed(3)));
}

/** A withdrawal leaves something free, or it would be refused. */
function transferUsd(
  random: SeededRandom,
  { equityUsd, marginUsedUsd }: Pick<AccountStatement, 'equityUsd' | 'marginUsedUsd'>,
): Usd {
  const isWithdrawal = random.next() < 0.5;
  const share = random.between(0.01, 0.6);
  const freeUsd = toNumber(minus(equityUsd, marginUsedUsd));
  return toUsd((isWithdrawal ? -share * freeUsd : share * DEPOSIT_USD_MAX).toFixed(2));
}

function farOrder(
  market: MarketView,
  instrumentId: InstrumentId,
  count: number,
): OrderRequest | undefined {
  const view = market.get(instrumentId);
  if (view === undefined || view.book.bids.count === 0) return undefined;
  const { venueId, tickSize, qtyStep, qtyMin } = view.instrument;
  const touch = toPrice(view.book.bids.priceAt(0));
  const limitPrice = toStep(times(touch, FAR_SHARE), tickSize, 'down');
  const wantedQty = toStep(toQty(over(WORTH_USD, limitPrice, 'up')), qtyStep, 'up');
  return {
    clientOrderId: clientOrderId({
      ...{ runTag: 'strang', tradeId: toTradeId(count), legId: toLegId('a'), attempt: 0 },
    }),
    ...{ tradeId: toTradeId(count), legId: toLegId('a'), venueId, instrumentId, side: 'buy' },
    ...{ qty: greatest(wantedQty, qtyMin), limitPrice, referencePrice: touch },
    ...{ timeInForce: 'GTC', reduceOnly: false },
  };
}
