import { createHmac } from 'node:crypto';
import { expect, type Page } from '@playwright/test';

/** A user of the page. */
export interface Person {
  name: string;
  email: string;
  password: string;
}

export const OWNER: Person = {
  name: 'Ada Byron',
  email: 'ada@example.com',
  password: 'the analytical engine',
};

export const GUEST: Person = {
  name: 'Grace Hopper',
  email: 'grace@example.com',
  password: 'a moth in the relay',
};

/** Fills in the login page and submits it. */
export async function tryLogIn(page: Page, person: Person): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

/** Logs in, and waits until the page is shown. */
export async function logInAs(page: Page, person: Person): Promise<void> {
  await tryLogIn(page, person);
  await expect(page.locator('#content')).toBeVisible();
}

/** Logs out with the account menu. */
export async function logOut(page: Page): Promise<void> {
  await page.getByTestId('account').locator('visible=true').click();
  await page.getByRole('button', { name: 'Log out', exact: true }).click();
  await expect(page).toHaveURL(/\/login$/);
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function bytesOf(secret: string): Buffer {
  const letters = secret.replaceAll(' ', '').replaceAll('=', '');
  const bits = [...letters].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0'));
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => parseInt(byte, 2)));
}

/** The code that an authenticator app shows for a secret at a given time (RFC 6238: SHA-1, 30 s, six digits). */
export function totp(secret: string, moment: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(moment / 30_000)));
  const hash = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const number = hash.readUInt32BE((hash.at(-1) ?? 0) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}
