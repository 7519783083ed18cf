// The lint rules that hold docs/STYLE.md, with type information. What a formatter decides is left
// to Prettier. The import table comes from tests/house/rooms.json, which the rooms test reads as
// well.
import { readFileSync } from 'node:fs';
import tseslint from 'typescript-eslint';

const rooms = JSON.parse(
  readFileSync(new URL('./tests/house/rooms.json', import.meta.url), 'utf8'),
);
const roomFiles = ({ path }) => (path.endsWith('.ts') ? [path] : [`${path}/**/*.ts`]);
const pureFiles = Object.values(rooms)
  .filter((room) => room.isPure)
  .flatMap(roomFiles);

const NAMED_EXPORTS = {
  selector: 'ExportDefaultDeclaration',
  message: 'Use a named export.',
};
const LOWER_CASE_ERRORS = ['Literal[value', 'TemplateLiteral > TemplateElement[value.raw'].map(
  (text) => ({
    selector: `NewExpression[callee.name=/Error$/] > ${text}=/^[A-Z][a-z]+ /]:first-child`,
    message: 'Error messages are lower case and name the thing and its values.',
  }),
);
/**
 * Where a cast is the point: brands, codecs of text from outside, `{} as T` for XState's types, and
 * `as never` where XState cannot know who is addressed.
 */
const CASTS = {
  selector:
    'TSAsExpression' +
    ':not([typeAnnotation.type="TSNeverKeyword"])' +
    ':not([typeAnnotation.typeName.name="const"])' +
    ':not([expression.type="ObjectExpression"][expression.properties.length=0])',
  message: 'A cast hides a mistake: parse, narrow or use a constructor of the brand.',
};
const everywhere = [NAMED_EXPORTS, ...LOWER_CASE_ERRORS];

const PURE_SYNTAX = [
  { selector: ':function[async=true]', message: 'Pure rooms are synchronous.' },
  { selector: 'AwaitExpression', message: 'Pure rooms are synchronous.' },
  { selector: 'ForOfStatement[await=true]', message: 'Pure rooms are synchronous.' },
  {
    selector:
      'Program > VariableDeclaration[kind="let"], ' +
      'Program > ExportNamedDeclaration > VariableDeclaration[kind="let"]',
    message: 'Pure rooms have no module state.',
  },
  {
    selector:
      'MemberExpression[object.name="Math"]' +
      '[property.name=/^(random|pow|cbrt|exp(m1)?|log(2|10|1p)?|a?(sin|cos|tan)h?)$/]',
    message: 'The result may differ between machines or runs.',
  },
  {
    selector: 'MemberExpression[property.name=/^(localeCompare|toLocale[A-Za-z]*)$/]',
    message: 'The result depends on the machine it runs on.',
  },
];
const PURE_GLOBALS = [
  ...['Date', 'performance', 'process', 'crypto', 'fetch', 'console', 'globalThis', 'Intl'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Promise', 'Buffer'],
];
const MACHINE_SYNTAX = [
  {
    selector: 'Property[key.name=/^(after|invoke)$/]',
    message: 'Lost or run twice on restore: ask by effect, hear back by event.',
  },
  {
    selector:
      'ImportSpecifier[imported.name=/^from(Promise|Callback|Observable|EventObservable)$/]',
    message: 'Machines call nothing: ask by effect, hear back by event.',
  },
];

/**
 * One block per room: every other room that it may not reach, by the shape of the relative path.
 */
const roomRules = Object.entries(rooms)
  .filter(([, room]) => room.rooms !== 'all')
  .map(([name, room]) => {
    const closed = Object.entries(rooms)
      .filter(([other]) => other !== name && !room.rooms.includes(other))
      .map(([, { path }]) => path.replace(/^src\//, '').replace('.', '\\.'));
    const except = name === 'sandbox' ? '(?!.*schemas?\\.ts$)' : '';
    const patterns = [
      {
        regex: `^(\\.\\./)+${except}(src/)?(${closed.join('|')})(/|$)`,
        message: `The room '${name}' may not import this: see tests/house/rooms.json.`,
      },
      ...(room.isPure ? [{ regex: '^node:', message: 'Pure rooms do no input or output.' }] : []),
      ...(name === 'domain' ? [] : [{ regex: '^decimal\\.js$', message: 'Use src/domain.' }]),
    ];
    return { files: roomFiles(room), rules: { 'no-restricted-imports': ['error', { patterns }] } };
  });

const restricted = (...rules) => ({ 'no-restricted-syntax': ['error', ...rules] });

export default tseslint.config(
  { ignores: ['node_modules/', 'data/', 'logs/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/prefer-readonly': 'error',
      // A port may ask for a promise from an implementation that has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
    },
  },
  {
    files: ['**/*.{ts,js}'],
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 60 }],
      'no-console': 'error',
      'no-var': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'object-shorthand': 'error',
      'prefer-const': 'error',
      ...restricted(...everywhere),
    },
  },
  { files: ['**/*.js'], rules: { 'no-unused-vars': 'error' } },
  { files: ['src/**/*.ts'], rules: restricted(...everywhere, CASTS) },
  { files: pureFiles, rules: restricted(...everywhere, CASTS, ...PURE_SYNTAX) },
  { files: pureFiles, rules: { 'no-restricted-globals': ['error', ...PURE_GLOBALS] } },
  {
    files: ['machines/**/*.ts'],
    rules: restricted(...everywhere, CASTS, ...PURE_SYNTAX, ...MACHINE_SYNTAX),
  },
  {
    // Parts of a machine or of a schema keep the narrow types that their library infers for them.
    files: ['machines/**/*.ts', 'src/config/**/*.ts', 'src/**/*-{schema,schemas}.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    // Brands, and the two files that meet XState's untyped snapshots: the cast is made once here,
    // so that nobody else needs it.
    files: ['src/domain/**/*.ts', 'src/kernel/{kernel,witness}.ts'],
    rules: restricted(...everywhere, ...PURE_SYNTAX),
  },
  {
    files: ['src/**/*-{schema,schemas,codec}.ts', 'src/**/{schema,schemas,codec}.ts'],
    rules: restricted(...everywhere),
  },
  ...roomRules,
  {
    // Suites are long functions of short ones, and shape their data as they need it.
    files: ['tests/**/*.ts', 'bench/**'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      'max-lines-per-function': 'off',
      'no-console': 'off',
    },
  },
  {
    files: ['eslint.config.js', 'vitest.config.ts'],
    rules: restricted(...LOWER_CASE_ERRORS),
  },
);
