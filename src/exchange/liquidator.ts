// Closes positions when equity falls below the maintenance margin: first every open order is ended,
// then whole positions go at any price, the largest first, until the account stands again. What the
// book cannot take is tried again at the next change. No extra liquidation fee is charged: the
// taker fee is.
import type { InstrumentView, MarketView } from '../market/view.ts';
import type { ClientOrderId, InstrumentId, Rate } from '../domain/index.ts';
import {
  absolute,
  clientOrderId,
  compare,
  isLess,
  isNegative,
  isPositive,
  least,
  negate,
  notional,
  times,
  toLegId,
  toNumber,
  toStep,
  toTradeId,
} from '../domain/index.ts';
import type { AccountRecords } from './account-records.ts';
import { valuedPositions } from './account-statement.ts';
import type { ValuedPosition } from './margin.ts';
import { equityUsd, maintenanceMarginUsd } from './margin.ts';
import type { Publication } from './publication.ts';
import type { ExchangeSettings } from './settings.ts';
import type { TradingFloor } from './trading-floor.ts';
import type { Treasury } from './treasury.ts';

export interface LiquidatorParts {
  readonly settings: ExchangeSettings;
  readonly market: MarketView;
  readonly records: AccountRecords;
  readonly floor: TradingFloor;
  readonly treasury: Treasury;
  readonly publish: (publication: Publication) => void;
}

export class Liquidator {
  readonly #parts: LiquidatorParts;
  readonly #marksSeen = new Map<InstrumentId, number>();
  #entryCountSeen = 0;
  #isUnfinished = false;

  constructor(parts: LiquidatorParts) {
    this.#parts = parts;
  }

  /**
   * Equity moves with the ledger and with the marks of what is held, and books move far more often:
   * exact arithmetic runs only when one of those has changed.
   */
  marketChanged({ instrument, markPrice }: InstrumentView): void {
    const { positions, ledger } = this.#parts.records.account;
    if (positions.size === 0) return;
    const { instrumentId } = instrument;
    // A mark that the venue has not said is NaN and equals nothing, itself included.
    const isMarkSame =
      !positions.has(instrumentId) || this.#marksSeen.get(instrumentId) === markPrice;
    const isLedgerSame = this.#entryCountSeen === ledger.entryCount;
    if (isMarkSame && isLedgerSame && !this.#isUnfinished) return;
    this.#marksSeen.set(instrumentId, markPrice);
    this.#check();
  }

  /** Auto-deleveraging: a share of a position goes although the account stands. */
  deleverage(instrumentId: InstrumentId, share: Rate): void {
    const position = this.#valued().find((held) => held.instrumentId === instrumentId);
    const step = this.#parts.market.get(instrumentId)?.instrument.qtyStep;
    if (position === undefined || step === undefined) return;
    const size = absolute(position.qty);
    const taken = least(size, toStep(times(size, share), step, 'up'));
    this.#close({ ...position, qty: isNegative(position.qty) ? negate(taken) : taken });
  }

  #check(): void {
    const { records, floor } = this.#parts;
    this.#entryCountSeen = records.account.ledger.entryCount;
    this.#isUnfinished = this.#isBelowMaintenance();
    if (!this.#isUnfinished) return;
    for (const order of records.memory.allOpen()) floor.cancel(order);
    for (const position of largestFirst(this.#valued())) {
      if (this.#isBelowMaintenance()) this.#close(position);
    }
    this.#isUnfinished = this.#isBelowMaintenance();
  }

  #isBelowMaintenance(): boolean {
    if (this.#isFarAboveMaintenance()) return false;
    const { records, settings } = this.#parts;
    const valued = this.#valued();
    if (valued.length === 0) return false;
    const neededUsd = maintenanceMarginUsd(valued, settings.maintenanceMarginRate);
    return isLess(equityUsd(records.account.ledger.balanceUsd, valued), neededUsd);
  }

  /** Floats are enough to see that equity is twice what is needed; a mark not said is NaN: no. */
  #isFarAboveMaintenance(): boolean {
    const { records, market, settings } = this.#parts;
    const { account } = records;
    let equity = toNumber(account.ledger.balanceUsd);
    let exposure = 0;
    for (const [instrumentId, { qty, costUsd }] of account.positions) {
      const value = (market.get(instrumentId)?.markPrice ?? NaN) * toNumber(qty);
      equity += value - toNumber(costUsd);
      exposure += Math.abs(value);
    }
    return equity > 2 * exposure * toNumber(settings.maintenanceMarginRate);
  }

  #valued(): readonly ValuedPosition[] {
    const { market, records } = this.#parts;
    return valuedPositions({ market, account: records.account });
  }

  #close({ instrumentId, qty }: ValuedPosition): void {
    const { market, floor, records, treasury, publish } = this.#parts;
    const view = market.get(instrumentId);
    if (view === undefined) return;
    const fills = floor.closeOut(view, {
      clientOrderId: this.#nextCloseId(),
      side: isNegative(qty) ? 'buy' : 'sell',
      qty: absolute(qty),
    });
    if (fills.length === 0) return;
    const closed = fills.map((fill) => ({ type: 'position.liquidated', fill }) as const);
    const debtUsd = records.account.uncoveredUsd;
    const insured = isPositive(debtUsd) ? [treasury.book('insurance', debtUsd)] : [];
    publish({ reports: [...closed, ...insured], faults: [], isFirstAnswer: false });
  }

  /** Venues mark their own orders too: `autoclose-…` at Binance. */
  #nextCloseId(): ClientOrderId {
    const tradeId = toTradeId(this.#parts.records.closeCount + 1);
    return clientOrderId({ runTag: 'autocl', tradeId, legId: toLegId('a'), attempt: 0 });
  }
}

const largestFirst = (positions: readonly ValuedPosition[]): readonly ValuedPosition[] =>
  [...positions].sort((left, right) =>
    compare(
      notional(right.markPrice, absolute(right.qty)),
      notional(left.markPrice, absolute(left.qty)),
    ),
  );
