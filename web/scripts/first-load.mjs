// How much the browser fetches before the console shows its shell: index.html, its style sheets, its scripts and all that these import at once
// (what is loaded later by import() does not count), each compressed as the server sends it. Fails above the limit.
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';

const limit = Number(process.env.FIRST_LOAD_KB ?? 300) * 1000;
const dist = new URL('../dist/', import.meta.url).pathname;
const seen = new Map();

function take(path) {
  const file = posix.normalize(path).replace(/^\/+/, '');
  if (seen.has(file) || !existsSync(join(dist, file))) {
    return;
  }
  const text = readFileSync(join(dist, file));
  seen.set(file, gzipSync(text, { level: 6 }).length);
  if (file.endsWith('.js')) {
    // import x from"./a.js", import"./a.js", export{x}from"./a.js"; not import("./a.js").
    for (const [, name] of text.toString().matchAll(/(?:\bfrom|\bimport)\s*["'](\.{1,2}\/[^"']+\.js)["']/g)) {
      take(posix.join(posix.dirname(file), name));
    }
  }
}

const html = readFileSync(join(dist, 'index.html'), 'utf8');
seen.set('index.html', gzipSync(html).length);
for (const [, name] of html.matchAll(/(?:src|href)="\/?([^"]+\.(?:js|css))"/g)) {
  take(name);
}

const total = [...seen.values()].reduce((sum, size) => sum + size, 0);
const largest = [...seen].sort((a, b) => b[1] - a[1]).slice(0, 8);
for (const [file, size] of largest) {
  console.log(`${String(size).padStart(8)}  ${file}`);
}
console.log(`${String(total).padStart(8)}  octets gzip in ${seen.size} files; ${limit} are allowed`);
if (seen.size < 3) {
  console.log('That is not the whole of it: index.html names no script that is there.');
  process.exit(1);
}
process.exit(total > limit ? 1 : 0);
