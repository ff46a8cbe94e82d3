import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { HintProvider } from './components/Hint';
import { holdKeys } from './lib/heldKeys';
import { watchSystemTheme } from './lib/theme';
import { takeToken } from './lib/token';
import { queryClient, router } from './router';
import { LOCALE } from './words/locale';
import './styles.css';

// Must run before anything else reads the address.
takeToken();
watchSystemTheme();
document.documentElement.lang = LOCALE;
// A shortcut may come before there is anything that it could act on.
holdKeys(firstPage());

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <HintProvider delayDuration={300}>
        <RouterProvider router={router} />
      </HintProvider>
    </QueryClientProvider>
  </StrictMode>,
);

/** Is fulfilled when the first page is on the screen and listens to keys. */
function firstPage(): Promise<unknown> {
  const rendered = new Promise<void>((resolve) => router.subscribe('onRendered', () => resolve()));
  const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);
  return rendered.then(frame).then(frame);
}
