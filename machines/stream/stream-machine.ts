// The health of one market stream. Only `healthy` lets the scanner enter on it; no state of it ever
// stops an exit. A stream that keeps falling out of health is held back for a while.
import { assign, sendTo, setup } from 'xstate';

import type { EngineLimits, InstrumentId, Ms, VenueId } from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import { startTimer } from '../requests.ts';
import type { StreamEvent } from './stream-events.ts';

export interface StreamInput {
  readonly instrumentId: InstrumentId;
  readonly venueId: VenueId;
  readonly limits: EngineLimits;
}

interface StreamContext extends StreamInput {
  /** Venue clock less ours as last measured. */
  readonly offsetMs: Ms;
  /** More than allowed, and not measured to be less since, whatever the connection did. */
  readonly isSkewed: boolean;
  /** When it fell out of health, within the flap window. */
  readonly fallsAtMs: readonly Ms[];
}

const isFlapping = ({ fallsAtMs, limits }: StreamContext, atMs: Ms): boolean =>
  recent(fallsAtMs, limits, atMs).length >= limits.flapCountMax;

const recent = (fallsAtMs: readonly Ms[], limits: EngineLimits, atMs: Ms): readonly Ms[] =>
  fallsAtMs.filter((fellAtMs) => atMs - fellAtMs < limits.flapWindowMs);

interface Measured {
  readonly offsetMs: Ms;
  readonly doubtMs: Ms;
}

const isOff = ({ limits }: StreamContext, { offsetMs, doubtMs }: Measured): boolean =>
  Math.abs(offsetMs) + doubtMs > limits.clockOffsetMsMax;

const streamSetup = setup({
  types: {
    context: {} as StreamContext,
    events: {} as StreamEvent,
    input: {} as StreamInput,
    tags: {} as 'settled',
  },
  guards: {
    isFlapping: ({ context, event }) => isFlapping(context, event.atMs),
    isSkewed: ({ context }, measured: Measured) => isOff(context, measured),
    isStillSkewed: ({ context }) => context.isSkewed,
  },
  actions: {
    noteFall: assign({
      fallsAtMs: ({ context, event }) => [
        ...recent(context.fallsAtMs, context.limits, event.atMs),
        event.atMs,
      ],
    }),
    noteOffset: assign(({ context }, measured: Measured) => ({
      offsetMs: measured.offsetMs,
      isSkewed: isOff(context, measured),
    })),
    forgetOffset: assign({ isSkewed: false }),
    openGate: sendTo(
      ({ system }) => system.get('scanner') as never,
      ({ context, event }) =>
        ({
          type: 'gate.opened',
          instrumentId: context.instrumentId,
          atMs: event.atMs,
        }) as never,
    ),
    closeGate: sendTo(
      ({ system }) => system.get('scanner') as never,
      ({ context, event }) =>
        ({
          type: 'gate.closed',
          instrumentId: context.instrumentId,
          reason: event.type,
          atMs: event.atMs,
        }) as never,
    ),
    startTimer,
  },
});

type ClockNews = { event: Extract<StreamEvent, { type: 'stream.clock' }> };
const clock = ({ event }: ClockNews) => ({ offsetMs: event.offsetMs, doubtMs: event.doubtMs });
/** What may befall a stream in any state; each leads to the state that names it. */
const falls = {
  'stream.disconnected': { target: 'connecting' },
  'stream.gapped': { target: 'gapped' },
  'stream.stale': { target: 'stale' },
  'stream.crossed': { target: 'crossed' },
} as const;
const skewing = (target: 'skewed.fit' | 'skewed.unfit') =>
  ({
    'stream.clock': [
      {
        guard: { type: 'isSkewed', params: clock },
        target: `#stream.${target}`,
        actions: { type: 'noteOffset', params: clock },
      },
      { actions: { type: 'noteOffset', params: clock } },
    ],
  }) as const;
const unskewed = (target: 'healthy' | 'syncing') =>
  ({
    'stream.clock': [
      {
        guard: { type: 'isSkewed', params: clock },
        actions: { type: 'noteOffset', params: clock },
      },
      { target: `#stream.${target}`, actions: { type: 'noteOffset', params: clock } },
    ],
  }) as const;
const recovering = [
  { guard: 'isStillSkewed', target: '#stream.skewed.fit' },
  { guard: 'isFlapping', target: '#stream.flapping' },
  { target: '#stream.healthy' },
] as const;
const recoveries = {
  'stream.synced': recovering,
  'stream.fresh': recovering,
  'stream.uncrossed': recovering,
} as const;

export const streamMachine = streamSetup.createMachine({
  id: 'stream',
  description: 'The health of one market stream: gates entries, never exits.',
  context: ({ input }) => ({ ...input, offsetMs: toMs(0), isSkewed: false, fallsAtMs: [] }),
  initial: 'connecting',
  on: {
    'run.resumed': {
      target: '.connecting',
      actions: 'forgetOffset',
      description: 'Another process has another clock.',
    },
  },
  states: {
    connecting: {
      description: 'No connection.',
      on: {
        'stream.connected': 'syncing',
        'stream.synced': recovering,
        ...skewing('skewed.unfit'),
      },
    },
    syncing: {
      description: 'Connected; the book is not complete yet.',
      on: { ...falls, ...recoveries, ...skewing('skewed.unfit') },
    },
    healthy: {
      description: 'Complete, fresh, in sequence: entries may use it.',
      entry: 'openGate',
      exit: ['closeGate', 'noteFall'],
      on: { ...falls, ...skewing('skewed.fit') },
    },
    stale: {
      description: 'The newest book data is older than its limit.',
      on: { ...falls, ...skewing('skewed.unfit') },
      initial: 'plain',
      states: {
        plain: {
          description: 'As far as is known the book is only old.',
          on: { 'stream.fresh': recovering, 'stream.crossed': 'crossed' },
        },
        crossed: {
          description: 'The book is old and crossed: each must end.',
          on: { 'stream.fresh': '#stream.crossed', 'stream.uncrossed': 'plain' },
        },
      },
    },
    gapped: {
      description: 'A delta is missing; a fresh snapshot was asked for.',
      on: { ...falls, ...skewing('skewed.unfit'), 'stream.synced': recovering },
    },
    crossed: {
      description: 'Best bid at or above best ask: the book cannot be true.',
      on: {
        ...falls,
        ...skewing('skewed.unfit'),
        'stream.stale': 'stale.crossed',
        'stream.uncrossed': recovering,
      },
    },
    skewed: {
      description: 'Our clock and the venue’s differ by more than allowed.',
      on: { 'stream.disconnected': 'connecting' },
      initial: 'unfit',
      states: {
        fit: {
          description: 'The data itself would do.',
          on: {
            'stream.gapped': 'unfit',
            'stream.stale': 'unfit',
            'stream.crossed': 'unfit',
            ...unskewed('healthy'),
          },
        },
        unfit: {
          description: 'The data would not do either.',
          on: {
            'stream.synced': 'fit',
            'stream.fresh': 'fit',
            'stream.uncrossed': 'fit',
            ...unskewed('syncing'),
          },
        },
      },
    },
    flapping: {
      description: 'Fell out of health too often: held back for a while.',
      entry: {
        type: 'startTimer',
        params: ({ context }) => ({ timer: 'hold', delayMs: context.limits.flapHoldMs }),
      },
      on: {
        ...falls,
        ...skewing('skewed.fit'),
        'timer.hold': [
          { guard: 'isStillSkewed', target: '#stream.skewed.fit' },
          { target: 'healthy' },
        ],
      },
    },
  },
});
