// Every line of the log can be read: what is inside other things too, and what is no line at all.
import { expect, test } from 'vitest';
import { logLine } from '../../src/operator/log-line.ts';

const HEAD = { level: 'info', time: '2026-11-21T22:16:32.505Z', event: 'run.ended' };
const fieldsOf = (fields: object): string | undefined =>
  logLine(JSON.stringify({ ...HEAD, ...fields }))?.fields;

test('a line has time, level, event and fields', () => {
  expect(logLine(JSON.stringify({ ...HEAD, runId: 'r1', seq: 7 }))).toEqual({
    ...{ time: '2026-11-21 22:16:32.505', level: 'info', event: 'run.ended' },
    fields: 'seq=7 runId=r1',
  });
});

test.each([
  [{ trades: { open: 0, of: { okx: true } } }, 'trades.open=0 trades.of.okx=true'],
  [{ key: 'BTC okx>bybit' }, 'key="BTC okx>bybit"'],
  [{ stack: 'a\n  at b' }, 'stack="a\\n  at b"'],
  [{ text: 'x=1', empty: '' }, 'text="x=1" empty=""'],
  [{ list: ['a', 1], none: null }, 'list=["a",1] none=null'],
])('%j is %s', (fields, text) => {
  expect(fieldsOf(fields)).toBe(text);
});

test.each([
  '',
  'no line',
  '7',
  'null',
  '[]',
  '{"level":"info"}',
  '{"time":1,"level":"a","event":""}',
])('"%s" is no line of the log', (text) => {
  expect(logLine(text)).toBeUndefined();
});
