// A small machine with one of everything that the real ones use: nested states, guards with and
// without parameters, requests, an event heard everywhere and an exposed state.
import { setup } from 'xstate';

export const sampleMachine = setup({
  types: {
    events: {} as
      | { readonly type: 'door.opened' }
      | { readonly type: 'door.closed' }
      | { readonly type: 'timer.alarm' }
      | { readonly type: 'engine.halt' },
    tags: {} as 'exposed' | 'settled',
  },
  guards: {
    isNight: () => true,
    isOlder: (_, _age: { readonly days: number }) => true,
  },
  actions: {
    ring: () => {},
    startTimer: (_, _timer: { readonly timer: string; readonly delayMs: number }) => {},
  },
}).createMachine({
  id: 'door',
  description: 'A door with an alarm.',
  initial: 'shut',
  on: { 'engine.halt': { target: '.gone', actions: 'ring' } },
  states: {
    shut: {
      description: 'Nobody can pass.',
      on: {
        'door.opened': [
          { guard: 'isNight', target: 'open.watched' },
          { guard: { type: 'isOlder', params: { days: 3 } }, target: 'gone', actions: 'ring' },
          { description: 'It was open already.', actions: 'ring' },
        ],
      },
    },
    open: {
      description: 'Everybody can pass | even cats.',
      tags: 'exposed',
      entry: { type: 'startTimer', params: { timer: 'alarm', delayMs: 500 } },
      initial: 'free',
      on: { 'door.closed': 'shut', 'timer.alarm': 'gone' },
      states: {
        free: { description: 'No one looks.' },
        watched: { description: 'Someone looks.', exit: 'ring' },
      },
    },
    gone: { description: 'There is no door.', type: 'final', tags: 'settled' },
  },
});
