// The door into a running engine: a socket of this machine that only its user may use. It checks
// and bounds what comes in, answers a repeated request with its first answer, and decides nothing.
import { chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { newSocketPath, removeAddress, removeSocket, writeAddress } from './door-address.ts';
import { LineReader } from './line-reader.ts';
import { CONTROL_VERSION, LINE_BYTES_MAX, requestSchema } from './message-schema.ts';
import type { ControlAnswer, ControlRequest } from './message-schema.ts';

export type Outcome =
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'refused'; readonly code: string; readonly text: string };

/** Does what is asked; `say` tells how it goes on. Must not throw. */
export type Attend = (request: ControlRequest, say: (text: string) => void) => Promise<Outcome>;

const CONNECTIONS_MAX = 16;
const IDLE_MS_MAX = 60_000;
/** Answers that are kept for somebody who asks again. */
const ANSWERS_MAX = 1_000;

export interface DoorParts {
  readonly dataPath: string;
  /** Of this program, for those who come in. */
  readonly engineVersion: string;
  readonly attend: Attend;
}

export class Door {
  readonly #dataPath: string;
  readonly #engineVersion: string;
  readonly #attend: Attend;
  readonly #socketPath: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #hearing = new Set<Promise<void>>();
  readonly #answers = new Map<string, Promise<Outcome>>();

  private constructor({ dataPath, engineVersion, attend }: DoorParts) {
    this.#dataPath = dataPath;
    this.#engineVersion = engineVersion;
    this.#attend = attend;
    this.#socketPath = newSocketPath();
    this.#server = createServer((socket) => this.#welcome(socket));
    this.#server.maxConnections = CONNECTIONS_MAX;
    this.#server.unref();
  }

  /** The caller holds the lock of the data folder; the note of one that died is replaced. */
  static async open(parts: DoorParts): Promise<Door> {
    const { dataPath, engineVersion } = parts;
    removeAddress(dataPath);
    const door = new Door(parts);
    await new Promise<void>((resolve, reject) => {
      door.#server.once('error', reject);
      door.#server.listen(door.#socketPath, resolve);
    });
    chmodSync(door.#socketPath, 0o600);
    writeAddress(dataPath, { socketPath: door.#socketPath, engineVersion });
    return door;
  }

  /** What was asked before is answered first, unless that takes too long. */
  async close(): Promise<void> {
    removeAddress(this.#dataPath);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const answered = Promise.allSettled([...this.#hearing]);
    await Promise.race([answered, pause(GOODBYE_MS, undefined, { ref: false })]);
    for (const socket of this.#sockets) socket.end();
    await Promise.race([closed, pause(GOODBYE_MS, undefined, { ref: false })]);
    for (const socket of this.#sockets) socket.destroy();
    removeSocket(this.#socketPath);
  }

  #welcome(socket: Socket): void {
    this.#sockets.add(socket);
    const lines = new LineReader((line) => {
      const hearing = this.#hear(socket, line).finally(() => this.#hearing.delete(hearing));
      this.#hearing.add(hearing);
    });
    socket.setTimeout(IDLE_MS_MAX, () => socket.destroy());
    socket.on('data', (bytes) => {
      if (lines.take(bytes)) return;
      const text = `a line is longer than ${LINE_BYTES_MAX} bytes`;
      answer(socket, malformed(null, text));
      socket.end();
      socket.pause();
    });
    // Whoever asked and went away misses the answer and nothing else.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  async #hear(socket: Socket, line: string): Promise<void> {
    const request = parse(line, this.#engineVersion);
    if ('code' in request) {
      answer(socket, request);
      return;
    }
    const { id } = request;
    const v = CONTROL_VERSION;
    const say = (text: string): void => answer(socket, { v, id, type: 'progress', text });
    let outcome = this.#answers.get(id);
    if (outcome === undefined) {
      outcome = this.#attend(request, say);
      this.#remember(id, outcome);
    }
    answer(socket, { v, id, ...(await outcome) });
  }

  #remember(id: string, outcome: Promise<Outcome>): void {
    this.#answers.set(id, outcome);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > ANSWERS_MAX && oldest !== undefined) this.#answers.delete(oldest);
  }
}

/** For answers that are on their way when the engine ends, and again for sockets. */
const GOODBYE_MS = 1_000;

function answer(socket: Socket, words: ControlAnswer): void {
  if (socket.writable) socket.write(`${JSON.stringify(words)}\n`);
}

function parse(
  line: string,
  engineVersion: string,
): ControlRequest | Extract<ControlAnswer, { type: 'refused' }> {
  const value = toValue(line);
  const request = requestSchema.safeParse(value);
  if (request.success) return request.data;
  const id = fieldOf(value, 'id');
  const version = fieldOf(value, 'v');
  const text =
    typeof version !== 'number' || version === CONTROL_VERSION
      ? `no request that version ${engineVersion} knows: ${request.error.issues[0]?.message ?? ''}`
      : `this is in version ${version} of the control messages, and version ${engineVersion} ` +
        `speaks ${CONTROL_VERSION}`;
  return malformed(typeof id === 'string' ? id : null, text);
}

const malformed = (id: string | null, text: string) =>
  ({ v: CONTROL_VERSION, id, type: 'refused', code: 'control.malformed', text }) as const;

function toValue(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
