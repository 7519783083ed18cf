// What a person should read of a record while it happens: trades changing state, money moving,
// alerts. One line each, without colours; most records say nothing.
import type { Decimal, StepRecord } from '../domain/index.ts';
import { isNegative, times, toDecimal, toNumber } from '../domain/index.ts';
import type { AlertPace } from './alert-pace.ts';
import { clockText } from './clock-text.ts';
import { engineWord } from './engine-text.ts';
import type { RunHistory } from './run-history.ts';
import { profitOf, topState } from './trade-history.ts';

export interface StepLine {
  readonly tone: 'plain' | 'good' | 'bad' | 'critical' | 'quiet';
  readonly text: string;
}

/** What the lines of a run are told with. */
export interface StepContext {
  /** It has heard the record already. */
  readonly history: RunHistory;
  readonly pace: AlertPace;
  readonly startedAtMs: number;
}

export function linesOf(record: StepRecord, context: StepContext): readonly StepLine[] {
  const { history } = context;
  return [
    ...engineLines(record).filter(({ text }) => !text.startsWith('engine stopped')),
    ...moneyLines(record, history),
    ...tradeLines(record, history),
    ...alertLines(record, context),
    ...engineLines(record).filter(({ text }) => text.startsWith('engine stopped')),
  ];
}

function engineLines({ transitions, input }: StepRecord): readonly StepLine[] {
  return transitions
    .filter(({ actor, from, to }) => actor === 'engine' && engineWord(from) !== engineWord(to))
    .map(({ to }) => {
      const reason = 'reason' in input && input.type.startsWith('operator.') ? input.reason : '';
      return {
        tone: 'quiet',
        text: `engine ${engineWord(to)}${reason === '' ? '' : `: ${reason}`}`,
      };
    });
}

function tradeLines(record: StepRecord, history: RunHistory): readonly StepLine[] {
  const lines: StepLine[] = [];
  for (const { actor, from, to, changed } of record.transitions) {
    const trade = history.trade(actor);
    if (trade === undefined || topState(from) === topState(to) || from === '-') continue;
    const path = `${topState(from)} → ${topState(to)}`;
    const cause = typeof changed['cause'] === 'string' ? `  ${changed['cause']}` : '';
    const head = `${actor} ${trade.plan.key}  ${path}`;
    switch (topState(to)) {
      case 'OPENING':
        lines.push({ tone: 'plain', text: `${head}  ${entryText(trade.plan.netEdgeBps, trade)}` });
        break;
      case 'CLOSED':
        lines.push(closedLine(head, trade));
        break;
      case 'PANIC':
      case 'PARTIAL':
      case 'CHASING':
        lines.push({ tone: topState(to) === 'PANIC' ? 'bad' : 'plain', text: `${head}${cause}` });
        break;
      default:
        lines.push({ tone: 'plain', text: `${head}${cause}` });
    }
  }
  return lines;
}

type Trade = RunHistory['trades'][number];

const entryText = (netEdgeBps: Decimal, { plan }: Trade): string =>
  `${toMoney(plan.notionalUsd)} a leg, expected ${signed(netEdgeBps, 1)} bps net`;

function closedLine(head: string, trade: Trade): StepLine {
  const { fundingUsd, feesUsd, slippageUsd, basisUsd, totalUsd } = profitOf(trade);
  const parts = [
    `funding ${signed(fundingUsd, 2)}`,
    `fees ${signed(feesUsd, 2)}`,
    `slippage ${signed(slippageUsd, 2)}`,
    `basis ${signed(basisUsd, 2)}`,
  ];
  const text = `${head}  ${signed(totalUsd, 2)} USD (${parts.join(', ')})`;
  return { tone: isNegative(totalUsd) ? 'bad' : 'good', text };
}

function moneyLines({ input }: StepRecord, history: RunHistory): readonly StepLine[] {
  if (!history.hasBooked) return [];
  if (input.type === 'funding.paid') {
    const { instrumentId, amountUsd, fundingRate } = input.payment;
    const owner = history.trades.findLast(({ plan }) =>
      plan.legs.some((leg) => leg.instrumentId === instrumentId),
    );
    const rateBps = times(fundingRate, toDecimal(10_000));
    const amount = `${signed(amountUsd, 2)} USD (rate ${signed(rateBps, 2)} bps)`;
    const text = `${owner?.tradeId ?? '-'} funding at ${instrumentId}: ${amount}`;
    return [{ tone: isNegative(amountUsd) ? 'plain' : 'good', text }];
  }
  if (input.type === 'transfer.made') {
    const { kind, venueId, amountUsd } = input.transfer;
    return [{ tone: 'plain', text: `${kind} at ${venueId}: ${signed(amountUsd, 2)} USD` }];
  }
  if (input.type === 'position.liquidated') {
    const { fill } = input;
    const text = `liquidated at ${fill.instrumentId}: ${fill.side} ${fill.qty} at ${fill.price}`;
    return [{ tone: 'critical', text }];
  }
  return [];
}

function alertLines(
  { effects, atMs }: StepRecord,
  { pace, startedAtMs }: StepContext,
): readonly StepLine[] {
  return effects.flatMap((effect) => {
    if (effect.type !== 'alert.raise') return [];
    const told = pace.hear(effect, atMs);
    if (told === undefined) return [];
    const { severity, code, text } = effect;
    const since = clockText(told.sinceAtMs - startedAtMs);
    const repeated = told.count === 1 ? '' : `  (×${told.count} since ${since})`;
    return [{ tone: TONES[severity], text: `${severity} ${code}  ${text}${repeated}` }];
  });
}

const TONES = { critical: 'critical', warning: 'bad', info: 'good' } as const;

/**
 * Money and rates for people: rounded half away from zero, a plus in front of what is not negative.
 */
export function signed(value: Decimal, digits: number): string {
  const text = toNumber(value).toFixed(digits);
  if (Number(text) === 0) return (0).toFixed(digits);
  return text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`;
}

const CENTS = { minimumFractionDigits: 2, maximumFractionDigits: 2 };

export const toMoney = (value: Decimal): string =>
  `${toNumber(value).toLocaleString('en-US', CENTS)} USD`;
