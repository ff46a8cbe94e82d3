/** Moves the focus from the frame to the page, so that the next key acts on what the page shows. */
export function focusPage(): void {
  const page = document.getElementById('content');
  if (page) page.focus({ preventScroll: true });
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
