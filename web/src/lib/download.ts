/** Saves a file that the page made. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has taken the content when the click returns; a moment more is for slow ones.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
