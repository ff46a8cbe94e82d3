import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { HintProvider } from './components/Hint';
import { watchSystemTheme } from './lib/theme';
import { takeToken } from './lib/token';
import { queryClient, router } from './router';
import { LOCALE } from './words/locale';
import './styles.css';

// Must run before anything else reads the address.
takeToken();
watchSystemTheme();
document.documentElement.lang = LOCALE;

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
