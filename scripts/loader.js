// Lets Node import TypeScript files. The tsconfig path is passed because tsx would otherwise look
// for one in the working directory, which need not be ours.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

export function registerTypeScript() {
  register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
}
