// What went wrong with a call, in the server's own words.

/** The server's words for this are about tags, which the console reads and sends by itself. */
const CHANGED_MEANWHILE = 'Somebody else changed this meanwhile. See how it is now, and try again if you still want it.';

export class Failure extends Error {
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The word for programs, where the server gave one. */
  readonly reason: string | undefined;
  /** What to name when asking an administrator of the server, who finds it in the log. */
  readonly requestId: string | undefined;
  /** In how many seconds another try makes sense, where the server said so. */
  readonly retryAfter: number | undefined;

  private constructor(message: string, parts: { status: number; reason?: string; requestId?: string; retryAfter?: number }) {
    super(message);
    this.name = 'Failure';
    this.status = parts.status;
    this.reason = parts.reason;
    this.requestId = parts.requestId;
    this.retryAfter = parts.retryAfter;
  }

  static unreachable(): Failure {
    return new Failure('The server does not answer. Look at your network, and try again.', { status: 0 });
  }

  static of(response: Response, body: unknown): Failure {
    const told = typeof body === 'object' && body !== null ? (body as { message?: unknown; reason?: unknown }) : {};
    const words = typeof told.message === 'string' ? told.message : `The server answered with ${response.status}.`;
    const message = response.status === 412 ? CHANGED_MEANWHILE : words;
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const requestId = response.headers.get('x-request-id');
    return new Failure(sentence(message), {
      status: response.status,
      ...(typeof told.reason === 'string' ? { reason: told.reason } : {}),
      ...(requestId === null ? {} : { requestId }),
      ...(Number.isFinite(seconds) ? { retryAfter: seconds } : {}),
    });
  }

  /** Whether the person is not signed in any more, as opposed to having typed a wrong password. */
  get endsSession(): boolean {
    return this.status === 401 && this.reason !== 'wrong-credentials' && this.reason !== 'password-lapsed';
  }

  get needsNewPassword(): boolean {
    return this.status === 403 && this.reason === 'password-change-required';
  }

  /** Whether the very same call may work later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 503;
  }
}

/** The server writes its messages as parts of a log line; on a page they are sentences. */
function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** A failure of ours is shown as what it is, anything else as a defect. */
export function asFailure(error: unknown): Pick<Failure, 'message' | 'requestId' | 'retryAfter'> {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return { message: `The console made a mistake: ${message}`, requestId: undefined, retryAfter: undefined };
}
