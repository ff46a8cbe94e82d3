/** Whether a user id is a pseudonym that the server put in place of the real id. */
export function isPseudonym(id: string): boolean {
  return /^u_[0-9a-z]{8,64}$/.test(id);
}
