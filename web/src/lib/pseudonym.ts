/** Whether the id of a user is a pseudonym that the server put in its place. */
export function isPseudonym(id: string): boolean {
  return /^u_[0-9a-z]{8,64}$/.test(id);
}
