// Unwinds the engine from the point of its death, through its own code, to whoever called it.
// Nothing of that life acts after it.
export class ProcessKilled extends Error {
  override readonly name = 'ProcessKilled';
}
