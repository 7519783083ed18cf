// What every sandbox venue is made of: a protocol that answers requests and talks to stream
// clients, and the list of who listens to what. Sockets live elsewhere; a protocol only sees text.
import type { Ms } from '../domain/index.ts';
import type { SandboxVenue, WorldInstrument } from './world-instrument.ts';

export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface RestReply {
  readonly status: number;
  readonly body: unknown;
}

export interface WireClient {
  /** Names the connection, as venues do in their answers. */
  readonly connectionId: string;
  readonly path: string;
  readonly query: URLSearchParams;
  send(frame: string): void;
}

/**
 * One venue's public protocol over a world. Frames go out only inside `opened`, `received` and
 * `publish`.
 */
export interface VenueProtocol {
  readonly venue: SandboxVenue;
  answer(request: RestRequest): RestReply;
  /** Whether a WebSocket may be opened at this path. */
  opensAt(path: string): boolean;
  opened(client: WireClient): void;
  received(client: WireClient, text: string): void;
  closed(client: WireClient): void;
  /** The world has reached this instant; these instruments, of any venue, have new books. */
  publish(atMs: Ms, changed: readonly WorldInstrument[]): void;
}

/** More topics than this per client are refused. */
export const TOPICS_MAX = 1024;

export class TopicHub {
  readonly #clients = new Map<string, Set<WireClient>>();
  readonly #topics = new Map<WireClient, Set<string>>();

  /** False when the client already has as many topics as it may. */
  add(topic: string, client: WireClient): boolean {
    const topics = this.#topics.get(client) ?? new Set<string>();
    if (topics.size >= TOPICS_MAX && !topics.has(topic)) return false;
    this.#topics.set(client, topics.add(topic));
    this.#clients.set(topic, (this.#clients.get(topic) ?? new Set<WireClient>()).add(client));
    return true;
  }

  remove(topic: string, client: WireClient): void {
    this.#topics.get(client)?.delete(topic);
    const clients = this.#clients.get(topic);
    clients?.delete(client);
    if (clients?.size === 0) this.#clients.delete(topic);
  }

  leave(client: WireClient): void {
    for (const topic of this.topicsOf(client)) this.remove(topic, client);
    this.#topics.delete(client);
  }

  topicsOf(client: WireClient): readonly string[] {
    return [...(this.#topics.get(client) ?? [])];
  }

  isWanted(topic: string): boolean {
    return this.#clients.has(topic);
  }

  listeners(topic: string): Iterable<WireClient> {
    return this.#clients.get(topic) ?? [];
  }

  /** One frame, built once, to everyone who listens. */
  send(topic: string, build: () => string): void {
    const clients = this.#clients.get(topic);
    if (clients === undefined) return;
    const frame = build();
    for (const client of clients) client.send(frame);
  }
}

/** Says once per period that it has begun, however often it is asked. */
export class Beat {
  readonly #everyMs: number;
  #period = -1;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  isDue(atMs: number): boolean {
    const period = Math.floor(atMs / this.#everyMs);
    if (period === this.#period) return false;
    this.#period = period;
    return true;
  }
}

/** A client's JSON object, or undefined for anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value));
  } catch {
    return undefined;
  }
}

export const textList = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
