import { ApiError, asProblem, problemMessage } from '@/api/client';
import { problems } from '@/words';

/** A failed submission, in words for the user who filled in the form. */
export interface Failure {
  code: string;
  message: string;
  /** The field at fault, as the server names it; null if the error names none. */
  field: string | null;
  /** When the server accepts the next attempt (epoch milliseconds); 0 if it accepts one now. */
  waitUntil: number;
}

/** What an error code means in a form: the field that it concerns, and a clearer message than the server's. */
export type Refusals = Partial<Record<string, { field?: string; message?: string }>>;

const words = problems.refusals;

/** What error codes mean in every form. */
const USUAL: Refusals = {
  invalid_code: { field: 'code', message: words.invalid_code },
  too_many_attempts: { message: words.too_many_attempts },
  rate_limited: { message: words.rate_limited },
  missing_permission: { message: words.missing_permission },
  unknown_link: { message: words.unknown_link },
};

/** The name of the field in `tenantName`, `/tenantName` or `body.tenantName`. */
function lastPart(field: string | null | undefined): string | null {
  return field?.split(/[./]/).filter(Boolean).at(-1) ?? null;
}

/** Any thrown value as a failure of a form at a moment (epoch milliseconds). */
export function failureOf(error: unknown, now: number, refusals: Refusals = {}): Failure {
  const problem = asProblem(error);
  const meaning = refusals[problem.code] ?? USUAL[problem.code];
  const seconds = error instanceof ApiError ? error.retryAfter : null;
  return {
    code: problem.code,
    message: meaning?.message ?? problemMessage(problem),
    field: meaning?.field ?? lastPart(problem.field),
    waitUntil: problem.status === 429 && seconds !== null ? now + seconds * 1000 : 0,
  };
}
