// Why a running engine could not be asked, or did not do what was asked.

export type ControlErrorCode =
  /** No engine runs on this data folder. */
  | 'control.absent'
  /** It is there and does not answer. */
  | 'control.silent'
  /** What was said is no request, or of another version. */
  | 'control.malformed'
  /** It heard the request and will not do it; the text says why. */
  | 'control.refused';

export class ControlError extends Error {
  readonly code: ControlErrorCode;
  /** The engine's own code for a refusal, such as `storage.unreachable`. */
  readonly refusal: string | undefined;

  constructor(code: ControlErrorCode, text: string, refusal?: string) {
    super(text);
    this.name = 'ControlError';
    this.code = code;
    this.refusal = refusal;
  }
}
