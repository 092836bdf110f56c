import type { components, paths } from './schema';
import { basePath } from '../lib/base';

export type ApiErrorBody = components['schemas']['Error']['error'];

/** An answer that says no: what went wrong, in the server's words, and where. */
export class ApiError extends Error {
  constructor(readonly status: number, readonly body: ApiErrorBody) {
    super(body.message);
    this.name = 'ApiError';
  }
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Operation<P extends keyof paths, M extends Method> = paths[P][M];
type PathsWith<M extends Method> = { [P in keyof paths]: paths[P][M] extends object ? P : never }[keyof paths];
type Body<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? B : undefined;
type Ok<O> = O extends { responses: infer R }
  ? { [S in keyof R]: S extends 200 | 201 ? (R[S] extends { content: { 'application/json': infer B } } ? B : undefined) : never }[keyof R]
  : never;
type PathParams<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { parameters: { path: infer A } } ? A : paths[P] extends { parameters: { path: infer B } } ? B : undefined;
type QueryParams<O> = O extends { parameters: { query?: infer Q } } ? Q : undefined;

type Options<P extends keyof paths, M extends Method> = {
  path?: PathParams<P, M>;
  query?: QueryParams<Operation<P, M>>;
  body?: Body<Operation<P, M>>;
  signal?: AbortSignal;
};

let csrf = '';

/** Remembers the token that every request which changes something has to carry. */
export function setCsrfToken(token: string) {
  csrf = token;
}

let sharedLink = '';

/** What a shared dashboard is about. */
export type Shared = { site_id: number; name: string; key: string; segment: string | null };

/** Opens a shared dashboard; from then on every request shows its key. */
export async function openShared(slug: string, password: string): Promise<Shared> {
  const response = await fetch(`${basePath()}share/${encodeURIComponent(slug)}/authenticate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password }),
  }).catch(() => {
    throw new ApiError(0, { code: 'unreachable', message: 'the server cannot be reached' });
  });
  if (!response.ok) throw await errorOf(response);
  const opened = (await response.json()) as Shared;
  sharedLink = `${slug}.${opened.key}`;
  return opened;
}

/** Leaves it again: requests are one's own from now on. */
export function leaveShared() {
  sharedLink = '';
}

let refused: () => Promise<void> = async () => undefined;

/** Says what to do when the server no longer knows the session or its token, before a request is tried once more. */
export function onRefusal(act: () => Promise<void>) {
  refused = act;
}

/** The address of an API path below the place the UI is mounted at. */
export function apiUrl(path: string, params: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams(Object.entries(query).flatMap(([k, v]) => (v === undefined || v === null || v === '' ? [] : [[k, String(v)]])));
  return `${basePath()}api/v1${filled}${search.size ? `?${search}` : ''}`;
}

/** Answers in our own form, where a path is Plausible's too. */
const OURS = 'application/vnd.footfall+json, application/json';

async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const given = (body as { error?: ApiErrorBody | string } | null)?.error;
  if (typeof given === 'string') return new ApiError(response.status, { code: 'refused', message: given });
  return new ApiError(response.status, given && typeof given === 'object' ? given : { code: 'unexpected', message: `${response.status} ${response.statusText}`.trim() });
}

async function send<P extends keyof paths, M extends Method>(method: M, path: P, options: Options<P, M>, again = true): Promise<Ok<Operation<P, M>>> {
  const headers: Record<string, string> = { accept: OURS };
  if (method !== 'get') headers['x-csrf-token'] = csrf;
  if (sharedLink) headers['x-shared-link'] = sharedLink;
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  const url = apiUrl(path, options.path as Record<string, unknown> | undefined, options.query as Record<string, unknown> | undefined);
  let response: Response;
  try {
    response = await fetch(url, {
      method: method.toUpperCase(),
      headers,
      credentials: 'same-origin',
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError(0, { code: 'unreachable', message: 'the server cannot be reached' });
  }
  if (!response.ok) {
    const error = await errorOf(response);
    if (again && error.body.code === 'csrf') {
      await refused();
      return send(method, path, options, false);
    }
    if (again && error.body.code === 'unauthenticated') await refused().catch(() => undefined);
    throw error;
  }
  return (response.status === 204 ? undefined : await response.json()) as Ok<Operation<P, M>>;
}

/** A file that the server makes, below the place the UI is mounted at, with the name it has there. */
export async function fetchFile(path: string): Promise<{ name: string; blob: Blob }> {
  const headers: Record<string, string> = sharedLink ? { 'x-shared-link': sharedLink } : {};
  const response = await fetch(`${basePath()}${path}`, { headers, credentials: 'same-origin' }).catch(() => {
    throw new ApiError(0, { code: 'unreachable', message: 'the server cannot be reached' });
  });
  if (!response.ok) throw await errorOf(response);
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return { name: name ?? 'export.zip', blob: await response.blob() };
}

/** What to know of a body on its way: the part that is sent, from 0 to 1, and how to give up. */
export type Upload = { onprogress: (part: number) => void; signal: AbortSignal };

/** Sends a file to an operation, and tells how far it is: `fetch` does not. A refusal over the token is tried once more. */
export function upload<T>(url: string, body: Blob | string, type: string, { onprogress, signal }: Upload, again = true): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.setRequestHeader('accept', OURS);
    request.setRequestHeader('content-type', type);
    request.setRequestHeader('x-csrf-token', csrf);
    request.upload.onprogress = (event) => event.lengthComputable && onprogress(event.loaded / event.total);
    request.onerror = () => reject(new ApiError(0, { code: 'unreachable', message: 'the server cannot be reached' }));
    request.onabort = () => reject(new ApiError(0, { code: 'aborted', message: 'it was given up' }));
    request.onload = () => {
      const answer = new Response(request.status === 204 ? null : request.responseText, { status: request.status, statusText: request.statusText });
      if (answer.ok) return void answer.json().then((value) => resolve(value as T), reject);
      void errorOf(answer).then((error) => {
        if (!again || error.body.code !== 'csrf') return reject(error);
        refused().then(() => upload<T>(url, body, type, { onprogress, signal }, false)).then(resolve, reject);
      });
    };
    signal.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

/** The described API, typed by its description: `api.get('/sites/{site_id}', { path: { site_id: 1 } })`. */
export const api = {
  get: <P extends PathsWith<'get'>>(path: P, options: Options<P, 'get'> = {}) => send('get', path, options),
  post: <P extends PathsWith<'post'>>(path: P, options: Options<P, 'post'> = {}) => send('post', path, options),
  put: <P extends PathsWith<'put'>>(path: P, options: Options<P, 'put'> = {}) => send('put', path, options),
  patch: <P extends PathsWith<'patch'>>(path: P, options: Options<P, 'patch'> = {}) => send('patch', path, options),
  delete: <P extends PathsWith<'delete'>>(path: P, options: Options<P, 'delete'> = {}) => send('delete', path, options),
};
