import { ApiError, asProblem } from '@/api/client';

/** What came of a submission that failed, in words for the person who fills the form. */
export interface Failure {
  code: string;
  words: string;
  /** The field at fault, as the server names it; null where it is none of them. */
  field: string | null;
  /** When the server takes the next try, epoch milliseconds; 0 where it may be at once. */
  waitUntil: number;
}

/** Words that say more than the server can: it does not know what the page looks like. */
const WORDS: Record<string, string> = {
  invalid_credentials: 'This e-mail address and password do not match.',
  invalid_code: 'This code is not right, or it has expired.',
  too_many_attempts: 'There were too many attempts.',
  rate_limited: 'There were too many requests.',
  missing_permission: 'Your role does not allow this.',
};

/** The name of the field in `tenantName`, `/tenantName` or `body.tenantName`. */
function lastPart(field: string | null | undefined): string | null {
  return field?.split(/[./]/).filter(Boolean).at(-1) ?? null;
}

/** Any thrown value as a failure of a form at a moment (epoch milliseconds). */
export function failureOf(error: unknown, now: number): Failure {
  const problem = asProblem(error);
  const seconds = error instanceof ApiError ? error.retryAfter : null;
  const told = [problem.detail ?? problem.title, problem.fix].filter(Boolean).join(' ');
  return {
    code: problem.code,
    words: WORDS[problem.code] ?? told,
    field: lastPart(problem.field),
    waitUntil: problem.status === 429 && seconds !== null ? now + seconds * 1000 : 0,
  };
}
