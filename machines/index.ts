// Every machine by its name: what the kernel runs, the diagrams show and the hygiene test walks.
import { engineMachine } from './engine/engine-machine.ts';
import { legMachine } from './leg/leg-machine.ts';
import { riskGuardMachine } from './risk-guard/risk-guard-machine.ts';
import { scannerMachine } from './scanner/scanner-machine.ts';
import { streamMachine } from './stream/stream-machine.ts';
import { tradeMachine } from './trade/trade-machine.ts';

export { engineMachine, streamActorId } from './engine/engine-machine.ts';
export type { TradeContext } from './trade/trade-legs.ts';

export const machines = {
  engine: engineMachine,
  scanner: scannerMachine,
  trade: tradeMachine,
  leg: legMachine,
  'risk-guard': riskGuardMachine,
  stream: streamMachine,
};
