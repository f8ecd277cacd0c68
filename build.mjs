// SPDX-License-Identifier: AGPL-3.0-or-later
// Bundles the front end into portal/static/dist/ and writes manifest.json there:
//   { "app.js": { "file": "app-XXXXXXXX.js", "integrity": "sha384-…", "imports": ["chunk-XXXXXXXX.js"] }, … }
// Options: --root DIR (another tree), --tolerant (a missing entry point is told, not fatal).
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const MODULES = path.join(HERE, 'node_modules');
const FONT_SOURCE = path.join(
  MODULES,
  '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2',
);
const FONT = 'fonts/atkinson-hyperlegible-next.woff2';
const ENTRIES = [
  { out: 'app', source: 'portal/static/js/app.mjs' },
  { out: 'live', source: 'portal/static/js/live/live.mjs' },
  { out: 'app', source: 'portal/static/css/app.css' },
];

/**
 * @typedef {{ file: string, integrity: string, imports?: string[] }} Entry
 * @typedef {{ out: string, source: string }} Source
 */

/** @param {Uint8Array} bytes */
function integrity(bytes) {
  return `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
}

/**
 * Write beside the file, then rename: a page being served sees the old file or the new one.
 * @param {string} file
 * @param {Uint8Array | string} content
 */
async function write(file, content) {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, content);
  await rename(temporary, file);
}

/**
 * Any address of the font in the style sheet means the one latin file we ship.
 * @param {string} file
 * @returns {esbuild.Plugin}
 */
function fontPlugin(file) {
  return {
    name: 'font',
    setup(build) {
      build.onResolve({ filter: /atkinson-hyperlegible-next[^/]*\.woff2$/ }, () => ({
        path: `./${file}`,
        external: true,
      }));
    },
  };
}

/**
 * @param {string} root
 * @param {Source[]} sources all of one kind
 * @param {esbuild.Plugin[]} plugins
 */
function bundle(root, sources, plugins) {
  return esbuild.build({
    absWorkingDir: root,
    entryPoints: sources.map(({ out, source }) => ({ in: source, out })),
    outdir: 'portal/static/dist',
    entryNames: '[name]-[hash]',
    chunkNames: 'chunk-[hash]',
    assetNames: 'assets/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: ['es2020', 'safari15'],
    minify: true,
    sourcemap: false,
    legalComments: 'none',
    charset: 'utf8',
    external: ['/static/*'],
    loader: { '.woff2': 'file', '.svg': 'file' },
    nodePaths: [MODULES],
    metafile: true,
    write: false,
    logLevel: 'error',
    plugins,
  });
}

/**
 * Add the files of one bundle to the manifest and to the list of what is to be written.
 * @param {string} root
 * @param {Source[]} sources
 * @param {esbuild.BuildResult<{ metafile: true, write: false }>} result
 * @param {Record<string, Entry>} manifest
 * @param {Map<string, Uint8Array>} files
 */
function collect(root, sources, result, manifest, files) {
  const dist = path.join(root, 'portal/static/dist');
  const logical = new Map(sources.map(({ out, source }) => [source, out]));
  for (const output of result.outputFiles) {
    const file = path.relative(dist, output.path).split(path.sep).join('/');
    files.set(file, output.contents);
    const meta = result.metafile.outputs[path.relative(root, output.path).split(path.sep).join('/')];
    const out = meta?.entryPoint === undefined ? undefined : logical.get(meta.entryPoint);
    const name = out === undefined ? file : out + path.extname(file);
    const imports = (meta?.imports ?? [])
      .filter((one) => one.kind === 'import-statement' && !one.external)
      .map((one) => path.posix.relative('portal/static/dist', one.path));
    manifest[name] = { file, integrity: integrity(output.contents), ...(imports.length > 0 ? { imports } : {}) };
  }
}

/**
 * Remove what no manifest names any more.
 * @param {string} dist
 * @param {Set<string>} kept
 */
async function sweep(dist, kept) {
  for (const entry of await readdir(dist, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const name = path.relative(dist, file).split(path.sep).join('/');
    if (!entry.isDirectory() && !kept.has(name)) await rm(file, { force: true });
  }
}

/**
 * @param {string} root
 * @param {boolean} tolerant
 */
async function main(root, tolerant) {
  const missing = ENTRIES.filter(({ source }) => !existsSync(path.join(root, source)));
  for (const { source } of missing) console.error(`Fichier source absent\u00a0: ${source}`);
  if (missing.length > 0 && !tolerant) return 1;
  const present = ENTRIES.filter((entry) => !missing.includes(entry));

  /** @type {Map<string, Uint8Array>} */
  const files = new Map();
  /** @type {Record<string, Entry>} */
  const manifest = {};
  const font = await readFile(FONT_SOURCE);
  const fontHash = createHash('sha256').update(font).digest('hex').slice(0, 8);
  const fontFile = FONT.replace('.woff2', `-${fontHash}.woff2`);
  files.set(fontFile, font);
  manifest[FONT] = { file: fontFile, integrity: integrity(font) };

  for (const kind of ['.mjs', '.css']) {
    const sources = present.filter(({ source }) => path.extname(source) === kind);
    if (sources.length === 0) continue;
    collect(root, sources, await bundle(root, sources, [fontPlugin(fontFile)]), manifest, files);
  }

  const dist = path.join(root, 'portal/static/dist');
  for (const [file, content] of files) await write(path.join(dist, file), content);
  const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
  await write(path.join(dist, 'manifest.json'), `${JSON.stringify(sorted, null, 2)}\n`);
  await sweep(dist, new Set([...files.keys(), 'manifest.json']));
  for (const [name, { file }] of Object.entries(sorted)) {
    const size = gzipSync(files.get(file) ?? '', { level: 9 }).length;
    console.log(`${name.padEnd(42)} ${(size / 1024).toFixed(1)} Ko (gzip)`);
  }
  return 0;
}

const { values } = parseArgs({ options: { root: { type: 'string' }, tolerant: { type: 'boolean' } } });
try {
  process.exitCode = await main(path.resolve(values.root ?? HERE), values.tolerant ?? false);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
