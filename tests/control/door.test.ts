// The door of an engine: for its user only, one answer per request, and nothing that is malformed or
// too long comes in.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { askEngine, Door, readAddress } from '../../src/control/index.ts';
import type { ControlRequest, Outcome } from '../../src/control/index.ts';

const folders: string[] = [];
const doors: Door[] = [];
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trinity-control-'));
  folders.push(folder);
  return folder;
}

const SAME = { version: '1.0.0' };

type Attend = (request: ControlRequest, say: (text: string) => void) => Promise<Outcome>;

/** Says how many requests were attended to. */
const counting = (): Attend => {
  let count = 0;
  return ({ type }) => {
    count += 1;
    return Promise.resolve({ type: 'done', result: { type, count } });
  };
};

async function opened(attend: Attend = counting()): Promise<string> {
  const dataPath = newFolder();
  doors.push(await Door.open({ dataPath, attend, engineVersion: '1.0.0' }));
  return dataPath;
}

const socketOf = (dataPath: string): string => readAddress(dataPath)?.socketPath ?? '';

/** What comes back until the door hangs up or so many lines came. */
function spoken(dataPath: string, text: string, lineCount = 1): Promise<readonly unknown[]> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(socketOf(dataPath), () => socket.write(text));
    const lines = () => heard.split('\n').slice(0, -1);
    socket.setEncoding('utf8').on('data', (part: string) => {
      heard += part;
      if (lines().length >= lineCount) socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(lines().map((line): unknown => JSON.parse(line))));
  });
}

const halt = (id: string) => JSON.stringify({ v: 1, id, type: 'operator.halt', reason: 'x' });

test('a question is answered, with what is said on the way', async () => {
  const dataPath = await opened((request, say) => {
    say('half');
    return Promise.resolve({ type: 'done', result: request });
  });
  const said: string[] = [];
  const onProgress = (text: string): void => void said.push(text);
  const question = { type: 'operator.kill', reason: 'enough' } as const;
  expect(await askEngine(dataPath, question, { ...SAME, onProgress })).toMatchObject(question);
  expect(said).toEqual(['half']);
});

test('what the engine is doing may be asked, by programs of its version', async () => {
  const dataPath = await opened();
  expect(await askEngine(dataPath, { type: 'engine.status' }, SAME)).toMatchObject({ count: 1 });
  const other = '{"v":2,"id":"12345678","type":"engine.status"}\n';
  expect(await spoken(dataPath, other)).toMatchObject([{ type: 'refused' }]);
});

test('only its user can come in, by a path that the system takes', async () => {
  const dataPath = await opened();
  const socketPath = socketOf(dataPath);
  expect(statSync(socketPath).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(socketPath)).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataPath, 'engine.door')).mode & 0o777).toBe(0o600);
  expect(Buffer.byteLength(socketPath)).toBeLessThanOrEqual(107);
});

test('a request that comes again is answered with the first answer, on any connection', async () => {
  const dataPath = await opened();
  const first = await spoken(dataPath, `${halt('same-id-1')}\n${halt('same-id-1')}\n`, 2);
  const again = await spoken(dataPath, `${halt('same-id-1')}\n`);
  expect(new Set([...first, ...again].map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await spoken(dataPath, `${halt('other-id-1')}\n`)).toMatchObject([
    { result: { count: 2 } },
  ]);
});

describe('refused and told why', () => {
  test.each([
    ['what is no JSON', 'halt!', 'no request that version 1.0.0 knows'],
    ['a request without a reason', '{"v":1,"id":"12345678","type":"operator.halt"}', 'no request'],
    ['an unknown word', '{"v":1,"id":"12345678","type":"operator.sell"}', 'no request'],
    [
      'a question with a command in it',
      '{"v":1,"id":"12345678","type":"engine.status","reason":"x"}',
      'no request',
    ],
    ['a field too many', `${halt('12345678').slice(0, -1)},"now":true}`, 'no request'],
    [
      'another version',
      '{"v":2,"id":"12345678","type":"operator.resume"}',
      'in version 2 of the control messages, and version 1.0.0 speaks 1',
    ],
    ['a version that is none', halt('12345678').replace('"v":1', '"v":0.5'), 'version 0.5'],
  ])('is %s', async (_, text, words) => {
    const dataPath = await opened();
    const [answer] = await spoken(dataPath, `${text}\n`);
    expect(answer).toMatchObject({ type: 'refused', code: 'control.malformed' });
    expect(JSON.stringify(answer)).toContain(words);
    expect(await spoken(dataPath, `${halt('12345679')}\n`)).toMatchObject([
      { result: { count: 1 } },
    ]);
  });

  test.each(['with its end', 'without an end'])('is a line that is too long, %s', async (kind) => {
    const dataPath = await opened();
    const text = 'x'.repeat(20_000) + (kind === 'with its end' ? '\n' : '');
    const [answer] = await spoken(dataPath, text);
    expect(answer).toMatchObject({ type: 'refused', text: expect.stringContaining('16384 bytes') });
  });
});

describe('between programs of two versions', () => {
  test.each(['halt', 'kill', 'stop'])(
    '%s is heard as long as its words are the same',
    async (word) => {
      const dataPath = await opened();
      const text = halt('12345678').replace('"v":1', '"v":7').replace('halt', word);
      expect(await spoken(dataPath, `${text}\n`)).toMatchObject([
        { type: 'done', result: { type: `operator.${word}` } },
      ]);
    },
  );

  test('a refusal names both', async () => {
    const code = 'storage.disabled';
    const dataPath = await opened(() => Promise.resolve({ type: 'refused', code, text: 'no' }));
    const question = { type: 'database.ask', word: 'status' } as const;
    const refusal = (version: string) => askEngine(dataPath, question, { version });
    await expect(refusal('1.2.0')).rejects.toMatchObject({
      message: `the engine (pid ${process.pid}) refused (its version is 1.0.0, this is 1.2.0): no`,
    });
    await expect(refusal('1.0.0')).rejects.toMatchObject({
      message: `the engine (pid ${process.pid}) refused: no`,
    });
  });

  test('an engine whose note does not say its version is told from this one', async () => {
    const dataPath = await opened(() =>
      Promise.resolve({ type: 'refused', code: 'control.ending', text: 'no' }),
    );
    const path = join(dataPath, 'engine.door');
    const { engineVersion, ...older } = JSON.parse(readFileSync(path, 'utf8'));
    expect(engineVersion).toBe('1.0.0');
    writeFileSync(path, JSON.stringify(older));
    await expect(askEngine(dataPath, { type: 'journal.flush' }, SAME)).rejects.toMatchObject({
      message: expect.stringContaining('(its version is unknown, this is 1.0.0)'),
    });
  });
});

describe('nobody there', () => {
  test('is said where no engine ever was', async () => {
    await expect(askEngine(newFolder(), { type: 'journal.flush' }, SAME)).rejects.toMatchObject({
      code: 'control.absent',
    });
  });

  test('is said of the note of an engine that died, and the next engine replaces it', async () => {
    const dataPath = newFolder();
    const socketPath = join(newFolder(), 'door');
    const note = { format: 'trinity-door', version: 1, pid: 999_999, socketPath };
    writeFileSync(join(dataPath, 'engine.door'), JSON.stringify(note));
    await expect(askEngine(dataPath, { type: 'journal.flush' }, SAME)).rejects.toMatchObject({
      code: 'control.absent',
      message: expect.stringContaining('process 999999'),
    });
    doors.push(await Door.open({ dataPath, attend: counting(), engineVersion: '1.0.0' }));
    expect(await askEngine(dataPath, { type: 'journal.flush' }, SAME)).toMatchObject({ count: 1 });
    // Whatever a note names, only folders of doors are removed.
    expect(existsSync(dirname(socketPath))).toBe(true);
  });

  test('is said of an engine that hangs, with its number', async () => {
    const dataPath = await opened(() => new Promise(() => undefined));
    const asked = askEngine(dataPath, { type: 'journal.flush' }, { ...SAME, silenceMsMax: 50 });
    const message = expect.stringContaining(`pid ${process.pid}`);
    await expect(asked).rejects.toMatchObject({ code: 'control.silent', message });
  });
});

test('a door that closes answers what was asked before, and leaves nothing behind', async () => {
  const finish: ((outcome: Outcome) => void)[] = [];
  let isHeard = (): void => undefined;
  const heard = new Promise<void>((resolve) => (isHeard = resolve));
  const dataPath = await opened(() => {
    isHeard();
    return new Promise((done) => finish.push(done));
  });
  const socketPath = socketOf(dataPath);
  const asked = askEngine(dataPath, { type: 'operator.resume' }, SAME);
  await heard;
  const closed = doors.pop()?.close();
  finish[0]?.({ type: 'done', result: 'in time' });
  expect(await asked).toBe('in time');
  await closed;
  expect(existsSync(dirname(socketPath))).toBe(false);
  expect(() => readFileSync(join(dataPath, 'engine.door'))).toThrow('ENOENT');
});
