import { describe, expect, test } from 'vitest';
import { ApiError } from '@/api/client';
import { failureOf } from './failure';

const refused = (code: string, more: object = {}, retryAfter: number | null = null): ApiError =>
  new ApiError({ title: 'Refused', status: 400, code, ...more }, retryAfter);

describe('a failure', () => {
  test('names the field as the form does', () => {
    for (const field of ['email', '/email', 'body.email', 'projects.0.email']) {
      expect(failureOf(refused('invalid_parameter', { field }), 0).field).toBe('email');
    }
    expect(failureOf(refused('invalid_parameter'), 0).field).toBeNull();
  });

  test('says what is wrong and how to fix it', () => {
    const problem = { detail: 'The name is taken.', fix: 'Choose another.' };
    expect(failureOf(refused('name_taken', problem), 0).message).toBe(
      'The name is taken. Choose another.',
    );
    expect(failureOf(refused('unheard_of'), 0).message).toBe('Refused');
  });

  test('says how long to wait only if the server asks for it', () => {
    const many = refused('too_many_attempts', { status: 429 }, 75);
    expect(failureOf(many, 1_000).waitUntil).toBe(76_000);
    expect(failureOf(refused('busy', { status: 503 }, 75), 1_000).waitUntil).toBe(0);
    expect(failureOf(refused('too_many_attempts', { status: 429 }), 1_000).waitUntil).toBe(0);
  });

  test('has the meaning that the form gives it', () => {
    const wrong = refused('invalid_credentials', { status: 401 });
    const refusals = { invalid_credentials: { field: 'current', message: 'Wrong password.' } };
    expect(failureOf(wrong, 0, refusals)).toMatchObject({
      field: 'current',
      message: 'Wrong password.',
    });
    expect(failureOf(refused('invalid_code'), 0).field).toBe('code');
  });

  test('of the page itself is shown too', () => {
    expect(failureOf(new Error('broken'), 0).message).toBe('broken');
  });
});
