// Asks the engine that runs on a data folder, from another process of the same user. A request that
// gets lost on the way is sent again under its own id, which the engine counts once.
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { ControlError } from './control-error.ts';
import { readAddress } from './door-address.ts';
import { LineReader } from './line-reader.ts';
import { answerSchema, CONTROL_VERSION } from './message-schema.ts';
import type { ControlRequest, DoorAddress } from './message-schema.ts';

type WithoutHead<Request> = Request extends unknown ? Omit<Request, 'v' | 'id'> : never;

/** What is asked; version and id are added on the way. */
export type Question = WithoutHead<ControlRequest>;

export interface AskOptions {
  /** Of the program that asks. */
  readonly version: string;
  readonly onProgress?: (text: string) => void;
  /** Silence for longer means that nobody is there. */
  readonly silenceMsMax?: number;
}

const SILENCE_MS_MAX = 10_000;
/** Reports of the database list every run. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** Resolves with the result; throws a `ControlError` for everything else. */
export async function askEngine(
  dataPath: string,
  question: Question,
  options: AskOptions,
): Promise<unknown> {
  const address = readAddress(dataPath);
  if (address === undefined) {
    throw new ControlError('control.absent', `no engine runs on ${dataPath}`);
  }
  const line = `${JSON.stringify({ v: CONTROL_VERSION, id: randomUUID(), ...question })}\n`;
  try {
    return await askOnce(address, line, options);
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    return askOnce(address, line, options);
  }
}

class ConnectionLost extends ControlError {}

function askOnce(
  { socketPath, pid, engineVersion = 'unknown' }: DoorAddress,
  line: string,
  { version, onProgress, silenceMsMax = SILENCE_MS_MAX }: AskOptions,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const remark =
      engineVersion === version ? '' : ` (its version is ${engineVersion}, this is ${version})`;
    const hear = (text: string): void => {
      const answer = answerSchema.parse(JSON.parse(text));
      if (answer.type === 'progress') return onProgress?.(answer.text);
      socket.end();
      if (answer.type === 'done') return resolve(answer.result);
      const words = `the engine (pid ${pid}) refused${remark}: ${answer.text}`;
      reject(new ControlError('control.refused', words, answer.code));
    };
    const lines = new LineReader((text) => {
      try {
        hear(text);
      } catch {
        const words = `the engine (pid ${pid}) answers what cannot be read${remark}`;
        reject(new ControlError('control.malformed', words));
      }
    }, ANSWER_BYTES_MAX);
    const silence = `the engine (pid ${pid}) does not answer within ${silenceMsMax / 1_000} s`;
    socket.setTimeout(silenceMsMax, () => {
      socket.destroy();
      reject(
        new ControlError('control.silent', `${silence}; see whether that process still works`),
      );
    });
    socket.on('connect', () => socket.write(line));
    socket.on('data', (bytes) => void lines.take(bytes));
    socket.on('error', (error) => reject(toLoss(error, pid)));
    socket.on('close', () => {
      reject(new ConnectionLost('control.silent', `the engine (pid ${pid}) hung up`));
    });
  });
}

/** Nobody listens: the note is that of an engine that died. */
function toLoss(error: Error, pid: number): ControlError {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    const text = `no engine runs here: process ${pid}, which left its address behind, is gone`;
    return new ControlError('control.absent', text);
  }
  return new ConnectionLost('control.silent', `the engine (pid ${pid}): ${error.message}`);
}
