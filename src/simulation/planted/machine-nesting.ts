// A changed leg or trade inside an engine that is otherwise the product's own.
import type { AnyStateMachine } from 'xstate';

import { engineMachine, machines } from '../../../machines/index.ts';

type Machines = typeof machines;

export const engineWithTrade = (trade: Machines['trade']): AnyStateMachine =>
  engineMachine.provide({ actors: { scanner: machines.scanner.provide({ actors: { trade } }) } });

export const engineWithLeg = (leg: Machines['leg']): AnyStateMachine =>
  engineWithTrade(machines.trade.provide({ actors: { leg } }));
