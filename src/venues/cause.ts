// What went wrong, as text. An adapter that throws where it should refuse is told of like any other
// failure of its venue: the process and the other venues go on.
export const causeOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
