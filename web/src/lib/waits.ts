/** Words of step types that wait: for a person, or for a time. */
const WAITING =
  /\b(approv(al|e)|delay|form|human|pause|sleep|timer|(user|manual) task|wait(ing)?)\b/i;

/**
 * Whether a step of this type waits instead of working, judged by the words of the type (`wait`, `userTask`,
 * `n8n-nodes-base.form`), because events have no field that says so.
 */
export function waits(type: string | null): boolean {
  const words = (type ?? '').replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[^A-Za-z]+/g, ' ');
  return WAITING.test(words);
}
