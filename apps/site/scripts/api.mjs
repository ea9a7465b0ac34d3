// Writes the API reference into pages/api: a page of Markdown for each entry of each published package, from its docstrings.
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, Converter, PageEvent, ReflectionKind } from 'typedoc';
import { publishedPackages } from '../../../scripts/packages.mjs';
import { root } from '../../../scripts/steps.mjs';

const pages = fileURLToPath(new URL('../pages/', import.meta.url));
const tsconfig = join(pages, 'api.tsconfig.json');

/** Name to import by → its source; without entries that a package's build writes. */
const entries = new Map(
  (await publishedPackages()).flatMap(({ folder, manifest }) =>
    Object.entries(manifest.exports ?? {}).flatMap(([name, { types }]) => {
      const built = /^\.\/dist\/(.*)\.d\.ts$/.exec(types ?? '');
      const source = built && join(folder, 'src', `${built[1]}.ts`);
      return source && existsSync(source) ? [[posix.join(manifest.name, name), source]] : [];
    }),
  ),
);

await mkdir(pages, { recursive: true });
await rm(join(pages, 'api'), { recursive: true, force: true });
// All packages are one program, of their sources, so that a type of one package links to its page from another.
await writeFile(
  tsconfig,
  JSON.stringify({
    extends: relative(pages, join(root, 'tsconfig.base.json')).replaceAll('\\', '/'),
    compilerOptions: {
      composite: false,
      noEmit: true,
      module: 'esnext',
      moduleResolution: 'bundler',
      lib: ['ES2024', 'DOM', 'DOM.Iterable'],
      types: ['node'],
      paths: Object.fromEntries([...entries].map(([name, source]) => [name, [source]])),
    },
    files: [...entries.values()],
  }),
);

const app = await Application.bootstrapWithPlugins({
  plugin: ['typedoc-plugin-markdown'],
  tsconfig,
  entryPoints: [...entries.values()],
  // `tsc` and tests check the types; here they would be checked by another version.
  skipErrorChecking: true,
  readme: 'none',
  name: 'API',
  disableSources: true,
  disableGit: true,
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  // An export is written about in the package that it comes from.
  excludeReferences: true,
  groupOrder: ['Functions', 'Variables', 'Classes', '*'],
  githubPages: false,
  validation: false,
  router: 'module',
  excludeScopesInPaths: true,
  entryFileName: 'index',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  expandParameters: false,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  useCodeBlocks: true,
  useCustomAnchors: true,
  outputs: [{ name: 'markdown', path: join(pages, 'api') }],
  navigationJson: join(pages, 'api', 'navigation.json'),
  // Declarations that are merged have a comment each, of which TypeDoc takes one.
  logLevel: 'Error',
});

const names = new Map([...entries].map(([name, source]) => [source, name]));
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
  for (const module of context.project.getReflectionsByKind(ReflectionKind.Module)) {
    const source = context.project.getSymbolIdFromReflection(module)?.fileName;
    module.name = names.get(source) ?? module.name;
  }
});
// Exports have the anchors that links to them have been given: those of the same name are counted. What stands under each of them, such
// as "Parameters", has an anchor that no export can have.
app.renderer.on(PageEvent.END, (page) => {
  const times = new Map();
  page.contents = page.contents.replaceAll(/^(##+ .*?)(?: \{#([^}]+)\})?$/gm, (_, heading, given) => {
    // Constructors are linked to, but aren't given an anchor.
    const anchor = given ?? (heading.endsWith(' Constructor') ? 'constructor' : 'part.');
    const before = times.get(anchor) ?? 0;
    times.set(anchor, before + 1);
    return `${heading} {#${anchor}${before === 0 ? '' : `-${before}`}}`;
  });
});

const project = await app.convert();
if (project === undefined) throw new Error('TypeDoc found nothing to write about');
await app.generateOutputs(project);
