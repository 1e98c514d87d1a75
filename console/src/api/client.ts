// The public API, typed by the schema that is generated from the server's routes.
import createClient from 'openapi-fetch';
import { Failure } from './failure';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

/** The orders that the list at this path knows. */
export type SortOf<Path extends ListPath> = NonNullable<NonNullable<paths[Path]['get']['parameters']['query']>['sortBy']>;
type ListPath = '/api/v1/users' | '/api/v1/authorization/access-rules';

export const api = createClient<paths>({ baseUrl: '/' });

type Call<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

/** The body of an answer. Every refusal, and every way not to get an answer, is thrown as a `Failure`. */
export async function answer<T>(call: Call<T>): Promise<T> {
  return (await answerWithTag(call)).body;
}

/** The body of an answer with its ETag: to be sent as If-Match with a change of what it tells. */
export async function answerWithTag<T>(call: Call<T>): Promise<{ body: T; tag: string | undefined }> {
  let outcome;
  try {
    outcome = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw Failure.unreachable();
  }
  if (!outcome.response.ok) throw Failure.of(outcome.response, outcome.error);
  return { body: outcome.data as T, tag: outcome.response.headers.get('etag') ?? undefined };
}
