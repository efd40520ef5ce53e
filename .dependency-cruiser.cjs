// SPDX-License-Identifier: GPL-2.0-only
// The import directions of docs/architecture.md. Everything that is not listed here is forbidden.

/** Folder of src/ -> the folders of src/ that it may import, itself apart. */
const MAY_IMPORT = {
  base: [],
  trace: ['base'],
  ingest: ['base'],
  series: ['base', 'ingest'],
  translate: ['base', 'series'],
  model: ['base', 'trace'],
  run: ['base', 'trace', 'translate', 'model'],
  invariants: ['base', 'trace'],
  costs: ['base', 'trace'],
  report: ['base', 'trace', 'series', 'invariants', 'costs'],
  // And the files of src/ itself, which wire the whole way.
  faces: ['base', 'report'],
};

/** Folder -> the npm packages that it may import. Folders that are missing here may import none. */
const PACKAGES = {
  trace: ['zod'],
  ingest: ['parse-diff', 'postal-mime', 'simple-git', 'zod'],
  series: ['zod'],
  run: ['zod'],
  // `sarif` is types alone.
  report: ['feed', 'junit-report-builder', 'sarif', 'string-width', 'zod'],
  faces: ['commander', 'ink', 'nodemailer', 'picocolors', 'react', 'string-width', 'zod'],
};

/** Node's modules that reach nothing outside the process. */
const PURE_CORE = ['assert', 'buffer', 'crypto', 'path', 'path/posix', 'url', 'util'];
/** Folder -> what it may use of Node beside those; `ingest` and `faces`, which do all I/O, may use everything. */
const CORE = { run: ['worker_threads', 'vm'] };
const DOES_IO = ['ingest', 'faces'];

const alternatives = (names) => names.join('|');
const folders = Object.keys(MAY_IMPORT);

const directions = folders.map((folder) => {
  const allowed = [folder, ...MAY_IMPORT[folder]].map((name) => `^src/${name}/`);
  if (folder === 'faces') allowed.push('^src/[^/]+$');
  return {
    name: `${folder}-imports`,
    comment: `src/${folder} may import only ${alternatives([folder, ...MAY_IMPORT[folder]])}`,
    severity: 'error',
    from: { path: `^src/${folder}/` },
    to: { path: '^src/', pathNot: allowed },
  };
});

const packages = folders.map((folder) => ({
  name: `${folder}-packages`,
  comment: `src/${folder} may use only these packages: ${alternatives(PACKAGES[folder] ?? ['none'])}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional', 'npm-peer'],
    pathNot: (PACKAGES[folder] ?? []).map((name) => `node_modules/(@types/)?${name}/`),
  },
}));

const io = folders
  .filter((folder) => !DOES_IO.includes(folder))
  .map((folder) => ({
    name: `${folder}-io`,
    comment: 'only src/ingest and src/faces reach files, processes, the network and the clock',
    severity: 'error',
    from: { path: `^src/${folder}/` },
    to: {
      dependencyTypes: ['core'],
      pathNot: `^(node:)?(${alternatives([...PURE_CORE, ...(CORE[folder] ?? [])])})$`,
    },
  }));

module.exports = {
  forbidden: [
    ...directions,
    ...packages,
    ...io,
    {
      name: 'wiring-io',
      comment: 'the files of src/ itself wire; they read through src/ingest',
      severity: 'error',
      from: { path: '^src/[^/]+$' },
      to: { dependencyTypes: ['core'], pathNot: `^(node:)?(${alternatives(PURE_CORE)})$` },
    },
    {
      name: 'known-folder',
      comment: 'a folder of src/ that the architecture does not name',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: `^src/(${alternatives(folders)})/` },
    },
    {
      name: 'no-cycle',
      comment:
        'files that import each other cannot be understood one at a time; C itself is recursive, though, and so are ' +
        'the files that parse and emit it',
      severity: 'error',
      from: { pathNot: '^src/translate/(parse|emit)-' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-barrel',
      comment: 'import from the file that has it',
      severity: 'error',
      from: {},
      to: { path: '^src/.*/index\\.tsx?$' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependency',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
