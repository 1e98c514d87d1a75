// What went wrong with a call, in the server's own words.
import { withoutCodes } from '../permissions/words';
import { legibly } from '../readable';

/** As the server ends what it tells those who may not see everything. */
const UNSEEN = ' that you can see';

/** What is not there is named by its id, which people do not see. */
const NOT_THERE: Partial<Record<string, (seen: string) => string>> = {
  'user-not-found': (seen) => `There is no such user${seen}; they may have been deleted.`,
  'rule-not-found': (seen) => `There is no such access rule${seen}; it may have been deleted.`,
};

/** The server's words for this are about tags, which the console reads and sends by itself. */
const CHANGED_MEANWHILE = 'Another user changed this. Check the current state, then try again.';

/** The server's words for a request without a session are about access tokens. */
const NO_SESSION = 'sign in first';
const ENDED = 'Your session has ended. Sign in again.';

export class Failure extends Error {
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The word for programs, where the server gave one. */
  readonly reason: string | undefined;
  /** What to name when asking an administrator of the server, who finds it in the log. */
  readonly requestId: string | undefined;
  /** The field of the request that is refused, as the API calls it, where the server named one. */
  readonly field: string | undefined;
  /** Which entry of a list that field is in, from 0, where it is in one. */
  readonly index: number | undefined;
  /** In how many seconds another try makes sense, where the server said so. */
  readonly retryAfter: number | undefined;

  private constructor(message: string, parts: { status: number; reason?: string; requestId?: string; retryAfter?: number; field?: string; index?: number }) {
    super(message);
    this.name = 'Failure';
    this.status = parts.status;
    this.reason = parts.reason;
    this.requestId = parts.requestId;
    this.retryAfter = parts.retryAfter;
    this.field = parts.field;
    this.index = parts.index;
  }

  static unreachable(): Failure {
    return new Failure('The server does not answer. Look at your network, and try again.', { status: 0 });
  }

  /** For what an address names and the server need not be asked for: `role abc`. In the words that the server has for what is not there. */
  static none(what: string): Failure {
    return new Failure(`There is no ${what}.`, { status: 404 });
  }

  /** For a user or a rule that is not there, in the words for what the server does not find. */
  static notThere(reason: 'user-not-found' | 'rule-not-found'): Failure {
    return new Failure(notThere(reason, '') ?? '', { status: 404, reason });
  }

  /** For what someone deleted while it was being changed. */
  static gone(what: string): Failure {
    return new Failure(`The ${what} was deleted meanwhile. Nothing was saved; what you typed is still here.`, { status: 404 });
  }

  static of(response: Response, body: unknown): Failure {
    const told = typeof body === 'object' && body !== null ? (body as { message?: unknown; reason?: unknown }) : {};
    const reason = typeof told.reason === 'string' ? told.reason : undefined;
    const message = typeof told.message === 'string' ? told.message : `The server answered with ${response.status}.`;
    const words = message.startsWith(NO_SESSION) ? ENDED : message;
    const { field, index, text } = worded(response.status === 412 ? CHANGED_MEANWHILE : (notThere(reason, words) ?? words));
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const requestId = response.headers.get('x-request-id');
    return new Failure(text, {
      status: response.status,
      ...(reason === undefined ? {} : { reason }),
      ...(requestId === null ? {} : { requestId }),
      ...(Number.isFinite(seconds) ? { retryAfter: seconds } : {}),
      ...(field === undefined ? {} : { field }),
      ...(index === undefined ? {} : { index }),
    });
  }

  /** The message for the field itself, which need not name itself. */
  get problem(): string {
    return this.field === undefined ? this.message : this.message.slice(inWords(this.field).length + 2);
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

  /** Whether a change may have been made all the same: no answer came. */
  get mayHaveWorked(): boolean {
    return this.status === 0;
  }

  /** Whether the very same call is refused again: what it asks for is wrong, not permitted or not there. */
  get isFinal(): boolean {
    return [400, 403, 404, 405, 413, 414, 422].includes(this.status);
  }
}

/** The words for what is not there; nothing for another reason. */
export function notThere(reason: string | undefined, words: string): string | undefined {
  return NOT_THERE[reason ?? '']?.(words.endsWith(UNSEEN) ? UNSEEN : '');
}

/** A message of the server as a sentence, and the field that it is about where it begins with one: `name: …`, `payload.subjects[0].subjectId: …`. */
export function worded(message: string): { field: string | undefined; index: number | undefined; text: string } {
  const [, above = '', field, problem = ''] = /^((?:[A-Za-z]+(?:\[\d+\])?\.)*)([a-z][A-Za-z]*): (.+)$/s.exec(message) ?? [];
  const index = /\[(\d+)\]\.$/.exec(above)?.[1];
  return { field, index: index === undefined ? undefined : Number(index), text: field === undefined ? sentence(message) : `${inWords(field)}: ${sentence(problem)}` };
}

/** The server writes its messages as parts of a log line; on a page they are sentences in people's words and quotes. An email keeps its small letter. */
export function sentence(text: string): string {
  const words = withoutCodes(text);
  const begun = legibly(/^\S*@/.test(words) ? words : words.charAt(0).toUpperCase() + words.slice(1));
  const quoted = begun.replaceAll(/(?<![^\s(])"(.*?)"(?![^\s.,:;!?)])/gs, '“$1”');
  return /[.!?]$/.test(quoted) ? quoted : `${quoted}.`;
}

/** `New password` for `newPassword`, `Role` for `roleId`. */
function inWords(field: string): string {
  const words = field.replace(/(?<=[a-z])Id$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What is wrong with one field of a form, to be shown there. */
export class FieldProblem {
  constructor(
    readonly field: string,
    readonly text: string,
    /** Which entry of a list it is about, from 0. */
    readonly index?: number,
  ) {}
}

/**
 * For `catch`: the refusal of one of these fields becomes a value, which the form shows at the field; anything else is thrown on.
 * `unique` is the field that nothing else may share: a conflict names no field, and is about that one.
 */
export function problemIn(fields: readonly string[], unique?: string): (error: unknown) => FieldProblem {
  return (error) => {
    const field = error instanceof Failure ? (error.field ?? (error.status === 409 ? unique : undefined)) : undefined;
    if (!(error instanceof Failure) || field === undefined || !fields.includes(field)) throw error;
    return new FieldProblem(field, error.problem, error.index);
  };
}

/** In letters: as much of an entry as it takes to find it again. */
const ENTRY = 40;

/** The problem with the entry that it is about in front, where the field has several. */
export function naming({ field, text, index }: FieldProblem, entries: readonly string[]): FieldProblem {
  const entry = index === undefined || entries.length < 2 ? undefined : entries[index];
  return new FieldProblem(field, entry === undefined ? text : `“${entry.length > ENTRY ? `${entry.slice(0, ENTRY)}…` : entry}”: ${text}`);
}

/** A failure of ours is shown as what it is, anything else as a defect. */
export function asFailure(error: unknown): Pick<Failure, 'message' | 'requestId' | 'retryAfter'> {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return { message: `The console made a mistake: ${message}`, requestId: undefined, retryAfter: undefined };
}
