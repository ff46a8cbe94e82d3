import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const WORDED = ['auth', 'errors', 'settings'].map((folder) => `src/features/${folder}/**/*.tsx`);
/** The attributes that hold texts for people. */
const TEXTS =
  'aria-label|title|label|placeholder|what|note|hint|lead|action|empty|legend|text|alt|header';

export default tseslint.config(
  {
    ignores: ['dist', 'node_modules', 'test-results', 'playwright-report', 'src/api/schema.gen.ts'],
  },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Routers throw redirects, which are not Error objects.
      '@typescript-eslint/only-throw-error': 'off',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended, jsxA11y.flatConfigs.recommended],
  },
  {
    // Folders whose texts are in src/words: a new text goes there, too.
    files: WORDED,
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXText[value=/[A-Za-z]{2}/]',
          message: 'Put the text into src/words.',
        },
        {
          selector: `JSXAttribute[name.name=/^(${TEXTS})$/] > Literal[value=/[A-Za-z]{2}/]`,
          message: 'Put the text into src/words.',
        },
        {
          selector: `JSXExpressionContainer > ConditionalExpression > Literal[value=/[A-Za-z]{2}.* /]`,
          message: 'Put the text into src/words.',
        },
      ],
    },
  },
  { files: ['public/**/*.js'], languageOptions: { globals: globals.browser } },
);
