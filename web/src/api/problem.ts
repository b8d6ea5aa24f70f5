export type Fault = { field: string; code: string; message: string };

/** A refusal in the shape of RFC 9457, as every endpoint gives it. `status` is 0 when no answer came. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly faults: Fault[];

  constructor(of: {
    status: number;
    code: string;
    title: string;
    detail?: string;
    requestId?: string;
    faults?: Fault[];
  }) {
    super(of.title);
    this.name = 'Problem';
    this.status = of.status;
    this.code = of.code;
    this.title = of.title;
    this.detail = of.detail;
    this.requestId = of.requestId;
    this.faults = of.faults ?? [];
  }
}

export function offline(cause: unknown): Problem {
  return new Problem({
    status: 0,
    code: 'network.unreachable',
    title: 'The server did not answer',
    detail: `Check the connection and try again. (${cause instanceof Error ? cause.message : String(cause)})`,
  });
}

export function readProblem(response: Response, body: unknown): Problem {
  const of = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  return new Problem({
    status: response.status,
    code: text(of.code) ?? `http.${response.status}`,
    title: text(of.title) ?? response.statusText ?? 'The request failed',
    detail: text(of.detail),
    requestId: text(of.request_id) ?? response.headers.get('X-Request-Id') ?? undefined,
    faults: Array.isArray(of.errors) ? (of.errors as Fault[]) : [],
  });
}

/** What a query or mutation threw, as a Problem; a defect of our own keeps its message. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem({ status: -1, code: 'console.defect', title: 'The console failed', detail });
}
