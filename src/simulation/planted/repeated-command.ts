// Planted: a word of the operator is taken once for each time that its messenger brings it.
import { bugInWorld } from './planted-bug.ts';

export const repeatedCommand = bugInWorld({
  name: 'accept a command twice',
  text: 'one command of the operator is accepted two times',
  invariants: ['I16'],
  kinds: ['operator-halt'],
  plant: () => ({
    accept: (accept) => (input) => {
      accept(input);
      if (input.type.startsWith('operator.')) accept(input);
    },
  }),
});
