// Tables for people: nothing runs together, however long a value is.
import { expect, test } from 'vitest';
import { textTable } from '../../src/operator/text-table.ts';

test('a column is as wide as its widest cell, and amounts end at one place', () => {
  const columns = [{ title: 'asset' }, { title: 'USD', align: 'right' as const }, { title: 'why' }];
  const rows = [
    ['BTC', '-1234567.123456789012345678', 'long'],
    ['USDT-MARGIN', '0', ''],
  ];
  expect(textTable(columns, rows)).toEqual([
    'asset                                USD  why',
    'BTC          -1234567.123456789012345678  long',
    'USDT-MARGIN                            0',
  ]);
});

test('a table without rows is its head', () => {
  expect(textTable([{ title: 'run' }, { title: 'ended' }], [])).toEqual(['run  ended']);
});
