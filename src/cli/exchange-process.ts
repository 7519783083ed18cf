// The exchange of our own as a process: accounts at every venue of the generated market, served
// over the local protocol beside its prices. It knows no engine and goes on when one dies. With a
// folder it survives its own death too: accounts, clock and ports are those of before.
import { mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import type { Config } from '../config/index.ts';
import type { Ms, VenueId } from '../domain/index.ts';
import { seededRandom, toMs, toVenueId } from '../domain/index.ts';
import type { FaultPlan } from '../exchange/index.ts';
import { Exchange, keptAccount } from '../exchange/index.ts';
import { lockData, openDataFolder } from '../journal/index.ts';
import { realClock } from '../runtime/real-clock.ts';
import {
  ExchangeDesk,
  SANDBOX_VENUES,
  startExchangeServer,
  startSandbox,
  WorldMarket,
} from '../sandbox/index.ts';
import type { ReceivedRequest, Sandbox, SandboxOptions } from '../sandbox/index.ts';
import { AccountFile } from './account-file.ts';
import { readExchangeMemo, writeExchangeMemo } from './exchange-memo.ts';
import type { ExchangeMemo } from './exchange-memo.ts';
import { Failure } from './exit-code.ts';
import { accountPath } from './paper-accounts.ts';
import { exchangeSettings } from './paper-venues.ts';

export interface ExchangeProcessParts {
  readonly config: Config;
  readonly seed: number;
  /** When it is not known from the folder. */
  readonly start: Pick<SandboxOptions, 'startAt' | 'startAtMs'>;
  readonly folder: string | undefined;
  readonly port: number | undefined;
  readonly faults: FaultPlan;
  readonly onFailure: (error: Error) => void;
}

export interface ExchangeProcess {
  readonly venues: Sandbox['venues'];
  /** `127.0.0.1:7301` */
  readonly exchange: string;
  stop(): Promise<void>;
}

export async function startExchangeProcess(parts: ExchangeProcessParts): Promise<ExchangeProcess> {
  const { folder, seed } = parts;
  if (folder === undefined) return started(parts, new Map(), undefined);
  openDataFolder(folder);
  const lock = lockData(folder);
  try {
    const memo = readExchangeMemo(folder, seed);
    const logs = openAccounts(folder, parts.onFailure);
    const running = await started(parts, logs, memo);
    return {
      ...running,
      stop: async () => {
        await running.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function started(
  parts: ExchangeProcessParts,
  logs: ReadonlyMap<VenueId, AccountFile>,
  memo: ExchangeMemo | undefined,
): Promise<ExchangeProcess> {
  const { seed, folder } = parts;
  const from = memo === undefined ? parts.start : { startAtMs: resumeAtMs(memo, logs) };
  const ports = memo === undefined ? {} : { ports: memo.ports };
  const sandbox = await startSandbox({ seed, ...from, ...ports }).catch((error: unknown) => {
    throw portTaken(error, 'end what listens there, or name another --ledger');
  });
  const exchanges = exchangesOn(sandbox, parts, logs);
  const stopMarket = async (): Promise<void> => {
    await sandbox.stop();
    await Promise.all(exchanges.map((each) => each.stop()));
  };
  const desks = new Map(exchanges.map((each) => [each.venueId, new ExchangeDesk(each)]));
  const market = new WorldMarket(sandbox.world);
  sandbox.onAdvance((changed) => {
    for (const each of changed) {
      const instrumentId = market.idOf(each);
      for (const exchange of exchanges) {
        if (instrumentId !== undefined) exchange.marketChanged(instrumentId);
      }
    }
  });
  const server = await startExchangeServer({
    desks,
    nowMs: () => sandbox.nowMs(),
    prices: sandbox.venues,
    port: parts.port ?? memo?.port ?? 0,
    onRequest: requestLog(folder),
  }).catch(async (error: unknown) => {
    // A market that goes on would keep this process alive.
    await stopMarket();
    throw portTaken(error, 'name another with --port');
  });
  const { port } = server;
  if (folder !== undefined) {
    const [atMs, wallAtMs] = [sandbox.nowMs(), Date.now()];
    writeExchangeMemo(folder, { seed, atMs, wallAtMs, port, ports: sandbox.ports });
  }
  return {
    venues: sandbox.venues,
    exchange: `127.0.0.1:${port}`,
    stop: async () => {
      await server.stop();
      await stopMarket();
    },
  };
}

/** What a person can do when somebody else listens there; any other error as it is. */
function portTaken(error: unknown, wayOut: string): unknown {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (!isTaken || !('port' in error)) return error;
  const text = `port ${String(error.port)} is in use; ${wayOut}`;
  return new Failure('usage', text, { cause: error });
}

function exchangesOn(
  sandbox: Sandbox,
  { config, seed, faults }: ExchangeProcessParts,
  logs: ReadonlyMap<VenueId, AccountFile>,
): readonly Exchange[] {
  const market = new WorldMarket(sandbox.world);
  const clock = realClock(sandbox.nowMs());
  const random = seededRandom(`${seed}`);
  return SANDBOX_VENUES.map((venue) => {
    const venueId = toVenueId(venue);
    const log = logs.get(venueId);
    const settings = exchangeSettings(config, venueId);
    const kept = log === undefined ? {} : { log };
    return new Exchange({ settings, market, clock, random, faults, ...kept });
  });
}

function openAccounts(
  folder: string,
  onFailure: (error: Error) => void,
): ReadonlyMap<VenueId, AccountFile> {
  return new Map(
    SANDBOX_VENUES.map((venue) => {
      const venueId = toVenueId(venue);
      const path = accountPath(folder, venueId);
      return [venueId, new AccountFile({ path, venueId, onFailure })] as const;
    }),
  );
}

/** Where its clock would be by now, and never before what its accounts have seen. */
function resumeAtMs(memo: ExchangeMemo, logs: ReadonlyMap<VenueId, AccountFile>): Ms {
  const passedMs = Math.max(Date.now() - memo.wallAtMs, 0);
  const seen = [...logs.values()].map((log) => keptAccount(log)?.lastAtMs ?? 0);
  return toMs(Math.max(memo.atMs + passedMs, ...seen));
}

/** Each request as a line of JSON, written before anything comes of it. */
function requestLog(folder: string | undefined): (received: ReceivedRequest) => void {
  if (folder === undefined) return () => undefined;
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, 'requests.jsonl'), 'a');
  return (received) => {
    writeSync(file, `${JSON.stringify(received)}\n`);
  };
}
