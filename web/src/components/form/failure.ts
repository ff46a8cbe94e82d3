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

/** What a refusal means in a form: the field it is about, and words that say more than the server can. */
export type Refusals = Partial<Record<string, { field?: string; words?: string }>>;

/** What is meant in every form. */
const USUAL: Refusals = {
  invalid_code: { field: 'code', words: 'This code is not right, or it has expired.' },
  too_many_attempts: { words: 'There were too many attempts.' },
  rate_limited: { words: 'There were too many requests.' },
  missing_permission: { words: 'Your role does not allow this.' },
  unknown_link: { words: 'This link was used already, or has expired. Ask for a new one.' },
};

/** The name of the field in `tenantName`, `/tenantName` or `body.tenantName`. */
function lastPart(field: string | null | undefined): string | null {
  return field?.split(/[./]/).filter(Boolean).at(-1) ?? null;
}

/** Any thrown value as a failure of a form at a moment (epoch milliseconds). */
export function failureOf(error: unknown, now: number, refusals: Refusals = {}): Failure {
  const problem = asProblem(error);
  const meant = refusals[problem.code] ?? USUAL[problem.code];
  const seconds = error instanceof ApiError ? error.retryAfter : null;
  const told = [problem.detail ?? problem.title, problem.fix].filter(Boolean).join(' ');
  return {
    code: problem.code,
    words: meant?.words ?? told,
    field: meant?.field ?? lastPart(problem.field),
    waitUntil: problem.status === 429 && seconds !== null ? now + seconds * 1000 : 0,
  };
}
