import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** The attributes and fields that hold texts for people. */
const TEXTS =
  'aria-label|title|label|placeholder|what|note|hint|lead|action|empty|legend|text|alt|header|does|message|detail';
/** Where a text stands in an expression: as it is, as one of two, or as a part of a template. */
const SAID = [
  'Literal[value=/[A-Za-z]{2}/]',
  'ConditionalExpression > Literal[value=/[A-Za-z]{2}/]',
  'LogicalExpression > Literal[value=/[A-Za-z]{2}/]',
  'TemplateLiteral > TemplateElement[value.raw=/[A-Za-z]{2}/]',
];
/** What looks like a text for people in code. */
const WORDED = [
  'JSXText[value=/[A-Za-z]{2}/]',
  ...SAID.map((text) => `:matches(JSXElement, JSXFragment) > JSXExpressionContainer > ${text}`),
  `JSXAttribute[name.name=/^(${TEXTS})$/] > Literal[value=/[A-Za-z]{2}/]`,
  ...SAID.map(
    (text) => `JSXAttribute[name.name=/^(${TEXTS})$/] > JSXExpressionContainer > ${text}`,
  ),
  ...SAID.map((text) => `Property[key.name=/^(${TEXTS})$/] > ${text}`),
  // A sentence, wherever it stands; errors that are thrown are for developers.
  ':not(NewExpression) > Literal[value=/^[A-Z][a-z]+,? [a-z]/]',
  ':not(NewExpression) > TemplateLiteral > TemplateElement[value.raw=/^ ?[A-Z][a-z]+ [a-z]/]',
];

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
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/words/**', 'src/**/*.test.ts', 'src/**/*fixture.ts', 'src/api/schema.gen.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...WORDED.map((selector) => ({ selector, message: 'Put the text into src/words.' })),
      ],
    },
  },
  { files: ['public/**/*.js'], languageOptions: { globals: globals.browser } },
);
