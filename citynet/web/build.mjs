// Builds the assets of CityNet into static/dist, each named by its content, and a manifest of the names.
// `npm run build` calls it; the pages find the files through manifest.json.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, "assets");
const dist = join(here, "static", "dist");
const font = "fonts/plus-jakarta-sans.woff2";
const fontSource = join(
  here,
  "node_modules/@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-latin-wght-normal.woff2",
);
const manifest = {};

function write(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const named = name.replace(/(\.[a-z0-9]+)$/, `.${hash}$1`);
  mkdirSync(dirname(join(dist, named)), { recursive: true });
  writeFileSync(join(dist, named), content);
  if (/\.(css|js|svg)$/.test(name)) writeCompressed(join(dist, named), content);
  manifest[name] = named;
  return named;
}

// The server sends these in place of the file to a browser that takes them.
function writeCompressed(path, content) {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(content, quality));
}

// A page loads a script by itself; what it imports comes with it, packages of others too.
function script(name) {
  const built = buildSync({
    entryPoints: [join(assets, name)],
    bundle: true,
    format: "esm",
    legalComments: "inline",
    minify: true,
    target: "es2022",
    write: false,
  });
  return built.outputFiles[0].text;
}

const fontName = write(font, readFileSync(fontSource));
const { css } = sass.compile(join(assets, "citynet.scss"), {
  style: "compressed",
  loadPaths: [join(here, "node_modules")],
  quietDeps: true,
});
write("citynet.css", css.replaceAll(font, fontName));
for (const name of readdirSync(assets).filter((one) => one.endsWith(".js"))) write(name, script(name));
write("favicon.svg", readFileSync(join(assets, "favicon.svg")));
writeFileSync(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
// What the last build left goes now, not before: a page served meanwhile finds all its files.
const built = new Set(Object.values(manifest).flatMap((one) => [one, `${one}.gz`, `${one}.br`]));
for (const one of readdirSync(dist, { recursive: true })) {
  const isOurs = built.has(one) || /^(fonts|manifest\.json|\.built)$/.test(one);
  if (!isOurs) rmSync(join(dist, one), { recursive: true });
}

for (const [name, named] of Object.entries(manifest)) console.log(`${name} -> ${named}`);
