// The generated market: as servers that speak the venues' protocols, or as feeds in process.
export { createMarket, startSandbox } from './sandbox.ts';
export type { Market, Sandbox, SandboxAddress, SandboxOptions } from './sandbox.ts';
export { settlementStart, settlementStartAfter, World } from './world.ts';
export type { WorldFunding, WorldPace } from './world.ts';
export { ExchangeDesk } from './exchange-desk.ts';
export { startExchangeServer } from './exchange-server.ts';
export type { ExchangeServer, ReceivedRequest } from './exchange-server.ts';
export { WorldMarket } from './world-market.ts';
export { worldFeeds } from './world-feed.ts';
export type { WorldFeedOptions } from './world-feed.ts';
export { SANDBOX_BASES, SANDBOX_VENUES, toInstrument } from './world-instrument.ts';
export type { SandboxBase, SandboxVenue, WorldInstrument } from './world-instrument.ts';
