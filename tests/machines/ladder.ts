// A story as people read it: one rung per input that moved a trade or made it ask for something.
// Timers of legs and cleared timers are left out.
import type { Effect, Input, StepRecord } from '../../src/domain/index.ts';

const WIDTH_MAX = 92;

export function ladder(records: readonly StepRecord[], actor = 't1'): string {
  const rungs = records.flatMap((record) => rungOf(record, actor));
  const fromWidth = widest(rungs.map(({ from }) => from));
  const eventWidth = widest(rungs.map(({ event }) => event));
  const lines = rungs.map(({ from, event, to, requests }) => {
    const left = `${from.padEnd(fromWidth)}  ${event.padEnd(eventWidth)}  → ${to}`;
    return [left, ...requests].reduce((text, request, index) => {
      const last = text.slice(text.lastIndexOf('\n') + 1);
      const joined = `${index === 1 ? '  ' : ' · '}${request}`;
      if (last.length + joined.length <= WIDTH_MAX) return text + joined;
      return `${text}\n${' '.repeat(fromWidth + eventWidth + 6)}${request}`;
    });
  });
  return `\n${lines.join('\n')}\n`;
}

interface Rung {
  readonly from: string;
  readonly event: string;
  readonly to: string;
  readonly requests: readonly string[];
}

function rungOf({ input, transitions, effects }: StepRecord, actor: string): readonly Rung[] {
  const moves = transitions.filter((move) => move.actor === actor);
  const requests = [...new Set(effects.flatMap((effect) => requestOf(effect, actor)))];
  if (moves.length === 0 && requests.length === 0) return [];
  const states = moves.map(({ to }) => to).filter((to, index, all) => to !== all[index - 1]);
  const from = moves[0]?.from ?? '·';
  const path = states[0] === from && states.length > 1 ? states.slice(1) : states;
  return [{ from, event: eventOf(input), to: path.join(' → ') || '·', requests }];
}

function eventOf(input: Input): string {
  switch (input.type) {
    case 'order.filled':
      return `${legOf(input.fill.clientOrderId)} filled ${input.fill.qty}`;
    case 'order.ended':
      return `${legOf(input.clientOrderId)} ${input.end} ${input.filledQty}`;
    case 'order.answered':
      return `${legOf(input.clientOrderId)} is ${input.evidence.kind}`;
    case 'order.accepted':
    case 'order.rejected':
    case 'order.unknown':
      return `${legOf(input.clientOrderId)} ${input.type.slice('order.'.length)}`;
    case 'quote.answered':
      return `quote ${input.legId}${input.quote === null ? ' none' : ''}`;
    case 'timer.fired':
      return `timer ${input.actor === 't1' ? '' : `${input.actor} `}${input.timer}`;
    default:
      return input.type;
  }
}

const legOf = (clientOrderId: string): string =>
  String.fromCharCode(97 + parseInt(clientOrderId.slice(11, 13), 36));

function requestOf(effect: Effect, actor: string): readonly string[] {
  switch (effect.type) {
    case 'order.place': {
      const { legId, side, qty, limitPrice, reduceOnly } = effect.order;
      return [`${legId} ${reduceOnly ? 'close ' : ''}${side} ${qty} @${limitPrice}`];
    }
    case 'order.cancel':
    case 'order.query':
      return [`${effect.type.slice('order.'.length)} ${legOf(effect.order.clientOrderId)}`];
    case 'quote.ask':
      return [`ask ${effect.legId}`];
    case 'timer.set':
      return effect.actor === actor ? [`timer ${effect.timer} ${effect.delayMs}`] : [];
    case 'alert.raise':
      return [`alert ${effect.code}`];
    case 'timer.clear':
    case 'account.ask':
    case 'activity.ask':
      return [];
  }
}

const widest = (texts: readonly string[]): number =>
  Math.max(0, ...texts.map(({ length }) => length));
