/** The direction of imports: cli → demo → app → config → settings → model. docs/ARCHITECTURE.md says why. */
const feature = '^src/(convertor|dashboards|reporter|collector|telemetry|state|history)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'model-imports-nothing',
      comment: 'The nouns depend on nobody; node:util for printing is the one exception.',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { pathNot: ['^src/model/', '^util$', '^node:util$'] },
    },
    {
      name: 'client-imports-nothing',
      comment: 'The library runs inside other programs: node is all that it finds there.',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { pathNot: '^src/client/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'http-knows-only-model',
      severity: 'error',
      from: { path: '^src/http/' },
      to: { path: '^src/', pathNot: '^src/(http|values|model)/' },
    },
    {
      name: 'pages-know-only-model',
      comment: 'What the pages for people share: they are given what they show.',
      severity: 'error',
      from: { path: '^src/pages/' },
      to: { pathNot: '^src/(pages|model)/' },
    },
    {
      name: 'exposition-knows-only-model',
      comment: 'Metrics as text and as JSON: features give the values.',
      severity: 'error',
      from: { path: '^src/exposition/' },
      to: { pathNot: '^src/(exposition|http|model)/' },
    },
    {
      name: 'maintenance-knows-only-model',
      comment: 'When something is under maintenance: features are given what is.',
      severity: 'error',
      from: { path: '^src/maintenance/' },
      to: { path: '^src/', pathNot: '^src/(maintenance|values|model)/' },
    },
    {
      name: 'values-know-only-model',
      comment: 'Durations, URLs, secrets: what settings are made of.',
      severity: 'error',
      from: { path: '^src/values/' },
      to: { path: '^src/', pathNot: '^src/(values|model)/' },
    },
    {
      name: 'features-do-not-know-each-other',
      comment: 'The reporter is given a health source and dashboards; app composes.',
      severity: 'error',
      from: { path: feature },
      to: { path: '^src/', pathNot: ['^src/(model|values|http|pages|exposition|maintenance)/', '^src/$1/'] },
    },
    {
      name: 'config-knows-only-settings',
      comment: 'And two tables that settings are made into: the kinds of dashboards, the rules of health.',
      severity: 'error',
      from: { path: '^src/config/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(config|values|model)/',
          '(^|/)settings\\.ts$',
          '^src/(dashboards/kinds|collector/health/rules)\\.ts$',
        ],
      },
    },
    {
      name: 'app-does-not-know-cli-or-demo',
      severity: 'error',
      from: { path: '^src/app/' },
      to: { path: '^src/(cli|demo)/' },
    },
    {
      name: 'nobody-imports-cli',
      severity: 'error',
      from: { pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'demo-does-not-reach-outside-app',
      severity: 'error',
      from: { path: '^src/demo/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'only-http-opens-sockets',
      comment: 'The demo plays the outside world, so it listens for itself; the library is alone.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(http|demo|client)/' },
      to: {
        path: '^(node:)?(http|https|http2|net|tls|dgram|got)$|node_modules/got/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-dev-dependencies-in-the-program',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
