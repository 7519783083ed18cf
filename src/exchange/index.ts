// The exchange of our own, in one import.
export type { AccountChange, AccountEntry, AccountLog, AccountState } from './account-change.ts';
export { keptAccount } from './account-records.ts';
export { parseAccountEntry } from './account-schema.ts';
export { Exchange } from './exchange.ts';
export type { ExchangeParts } from './exchange.ts';
export { canBefall, noFaults } from './fault-plan.ts';
export type { Fault, FaultKind, FaultObserver, FaultPlan } from './fault-plan.ts';
export { demoFaults, scriptedFaults } from './scripted-faults.ts';
export type { FaultScript, ScriptedFault } from './scripted-faults.ts';
export { FAULT_KINDS, seededFaults } from './seeded-faults.ts';
export type { FaultRates } from './seeded-faults.ts';
export type { ExchangeSettings } from './settings.ts';
export type { LedgerEntry, LedgerKind, VenueLedger } from './venue-ledger.ts';
