// The steady picture of a running engine for a terminal: what mode, what it earned and from what,
// each open trade, each venue's streams, what was not taken and why. Pure text; painting it is
// somebody else's.
import type { MarketView } from '../market/view.ts';
import type { Ms, VenueId } from '../domain/index.ts';
import type { RunHistory, RunRefusal } from './run-history.ts';
import { clockText } from './clock-text.ts';
import { engineText } from './engine-text.ts';
import { summarise } from './run-summary.ts';
import { signed } from './step-lines.ts';
import type { TradeHistory } from './trade-history.ts';
import { hasPanicked, isSettled, profitOf, stateOf, topState } from './trade-history.ts';
import { streamMark, venueStreams } from './venue-streams.ts';

export interface PanelInput {
  readonly history: RunHistory;
  readonly market: MarketView;
  readonly version: string;
  readonly startedAtMs: Ms;
  readonly atMs: Ms;
  /** Venues that take no orders at the moment, and since when. */
  readonly lostLines: ReadonlyMap<VenueId, Ms>;
}

export type Tone = 'title' | 'good' | 'bad' | 'quiet' | 'plain' | 'warn';
/** A line is a list of pieces, each with its tone. */
export type PanelLine = readonly (readonly [text: string, tone: Tone])[];

const ROWS_MAX = 8;

export function livePanel(input: PanelInput): readonly PanelLine[] {
  const { history, market } = input;
  return [
    headLine(input),
    profitLine(history),
    countLine(history),
    [[columns(['trade', 'long > short', 'state', 'age', 'expected', 'so far']), 'quiet']],
    ...tradeRows(input),
    streamLine(market, input.atMs),
    ...lostLine(input),
    ...refusalLines(history.refusals),
  ];
}

function headLine({ history, version, startedAtMs, atMs }: PanelInput): PanelLine {
  const { run } = history;
  const source = run?.feed === 'live' ? 'LIVE PRICES' : `SANDBOX seed ${run?.seed ?? 0}`;
  return [
    [`TRINITY ${version}  `, 'title'],
    ['PAPER  ', 'good'],
    [`${source}  `, run?.feed === 'live' ? 'plain' : 'warn'],
    [`up ${clockText(atMs - startedAtMs)}  `, 'plain'],
    [
      engineText(history.engineState, (timer) => {
        const dueAtMs = history.engineTimerAtMs(timer);
        return dueAtMs === undefined ? undefined : dueAtMs - atMs;
      }),
      'title',
    ],
  ];
}

function profitLine(history: RunHistory): PanelLine {
  const { totalUsd, fundingUsd, feesUsd, slippageUsd, basisUsd } = summarise(history).profit;
  const split =
    `funding ${signed(fundingUsd, 2)}  fees ${signed(feesUsd, 2)}  ` +
    `slippage ${signed(slippageUsd, 2)}  basis ${signed(basisUsd, 2)}`;
  return [
    [`${signed(totalUsd, 2)} USD  `, totalUsd.startsWith('-') ? 'bad' : 'good'],
    [split, 'plain'],
  ];
}

function countLine(history: RunHistory): PanelLine {
  const { trades, maxOrphanMs } = summarise(history);
  return [
    [`${trades.open} open  ${trades.closed} closed  ${trades.panicked} panicked`, 'plain'],
    [`  a leg was alone for ${maxOrphanMs} ms at most`, 'quiet'],
  ];
}

function tradeRows({ history, atMs }: PanelInput): readonly PanelLine[] {
  const open = history.trades.filter((trade) => !isSettled(trade));
  const past = history.trades.filter(isSettled).slice(-Math.max(0, ROWS_MAX - open.length));
  const shown = [...open, ...past.reverse()].slice(0, ROWS_MAX);
  if (shown.length === 0) return [[['  none yet', 'quiet']]];
  return shown.map((trade) => [[tradeRow(trade, atMs), toneOf(trade)]]);
}

function tradeRow(trade: TradeHistory, atMs: Ms): string {
  const endedAtMs = isSettled(trade) ? (trade.steps.at(-1)?.atMs ?? atMs) : atMs;
  const { totalUsd, fundingUsd } = profitOf(trade);
  const soFar = isSettled(trade)
    ? `${signed(totalUsd, 2)} USD`
    : `funding ${signed(fundingUsd, 2)}`;
  const state =
    topState(stateOf(trade)) + (isSettled(trade) && hasPanicked(trade) ? ' (panic)' : '');
  return columns([
    trade.tradeId,
    trade.plan.key,
    state,
    clockText(endedAtMs - trade.openedAtMs),
    `${signed(trade.plan.netEdgeBps, 1)} bps`,
    soFar,
  ]);
}

function toneOf(trade: TradeHistory): Tone {
  if (topState(stateOf(trade)) === 'PANIC') return 'bad';
  return isSettled(trade) ? 'quiet' : 'plain';
}

const MARK_TONES = { '●': 'good', '◐': 'warn', '○': 'bad' } as const;

function streamLine(market: MarketView, atMs: Ms): PanelLine {
  const venues = venueStreams(market, atMs);
  if (venues.length === 0) return [['streams  none yet', 'quiet']];
  return [
    ['streams  ', 'quiet'],
    ...venues.map((venue): PanelLine[number] => {
      const mark = streamMark(venue);
      const { venueId, healthyCount, count, oldestMs } = venue;
      const age = oldestMs === null ? '' : ` ${oldestMs} ms`;
      return [`${mark} ${venueId} ${healthyCount}/${count}${age}   `, MARK_TONES[mark]];
    }),
  ];
}

function lostLine({ lostLines, startedAtMs }: PanelInput): readonly PanelLine[] {
  if (lostLines.size === 0) return [];
  const lost = [...lostLines].map(
    ([venueId, sinceAtMs]) => `○ ${venueId} since ${clockText(sinceAtMs - startedAtMs)}   `,
  );
  return [
    [
      ['no orders  ', 'quiet'],
      [lost.join(''), 'bad'],
    ],
  ];
}

function refusalLines(refusals: readonly RunRefusal[]): readonly PanelLine[] {
  const [latest] = [...refusals].sort((left, right) => right.atMs - left.atMs);
  if (latest === undefined) return [];
  return [[[`not taken  ${refusalText(latest)}`, 'quiet']]];
}

/** The pair, the gate that refused it, and by how much. */
export function refusalText({ key, gate, found, limit, unit }: RunRefusal): string {
  if (unit === 'state') return `${key}  ${gate}: found ${found}, must be ${limit}`;
  return `${key}  ${gate}: ${rounded(found)} ${unit}, limit ${rounded(limit)} ${unit}`;
}

const rounded = (text: string): string => {
  const number = Number(text);
  return Number.isFinite(number) ? String(Math.round(number * 100) / 100).replace('-', '−') : text;
};

/** With the last one, which ends where it ends, no more than the 80 columns of a small terminal. */
const WIDTHS = [6, 24, 15, 9, 11];
const columns = (cells: readonly string[]): string =>
  cells.map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0)).join('');
