// Draws /openapi/v1.json as a page. No library, no inline style, no eval: it runs under the strictest policy.
"use strict";

const el = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== null));
  return node;
};

const methods = ["get", "post", "put", "patch", "delete"];
let api;

const resolve = (schema) => {
  let found = schema ?? {};
  while (found.$ref) found = found.$ref.slice(2).split("/").reduce((at, key) => at[key.replace("~1", "/")], api);
  if (found.oneOf || found.anyOf) {
    const real = (found.oneOf ?? found.anyOf).filter((option) => option.type !== "null");
    if (real.length === 1) return { ...resolve(real[0]), optionalNull: real.length < (found.oneOf ?? found.anyOf).length };
  }
  return found;
};

const types = (schema) => [schema.type ?? (schema.properties ? "object" : schema.enum ? "string" : "any")].flat();

const typeName = (given) => {
  const schema = resolve(given);
  const kinds = types(schema);
  const nullable = kinds.includes("null") || schema.optionalNull;
  let name = kinds.filter((kind) => kind !== "null").join(" or ") || "any";
  if (schema.items) name = `list of ${typeName(schema.items)}`;
  if (schema.enum) name = schema.enum.filter((value) => value !== null).map((value) => JSON.stringify(value)).join(" | ");
  if (schema.format) name += ` (${schema.format})`;
  return nullable ? `${name} or null` : name;
};

const example = (given, depth = 0) => {
  const schema = resolve(given);
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  if (schema.properties) {
    if (depth > 4) return {};
    return Object.fromEntries(Object.entries(schema.properties).map(([name, of]) => [name, example(of, depth + 1)]));
  }
  if (schema.items) return depth > 4 ? [] : [example(schema.items, depth + 1)];
  const kind = types(schema).find((type) => type !== "null");
  if (kind === "integer" || kind === "number") return 0;
  if (kind === "boolean") return true;
  if (kind === "object") return {};
  return { "date-time": "2026-01-31T12:00:00Z", uuid: "01900000-0000-7000-8000-000000000000" }[schema.format] ?? "…";
};

const fields = (given, title) => {
  let schema = resolve(given);
  let prefix = "";
  if (schema.items) {
    schema = resolve(schema.items);
    prefix = "[]";
  }
  if (!schema.properties) return el("p", {}, el("code", {}, typeName(given)));
  const rows = [];
  const add = (of, before, depth) => {
    for (const [name, property] of Object.entries(of.properties ?? {})) {
      const inner = resolve(property);
      const held = inner.items ? resolve(inner.items) : inner;
      rows.push(
        el("tr", {},
          el("td", {}, el("code", {}, before + name)),
          el("td", {}, typeName(property)),
          el("td", {}, of.required?.includes(name) ? "required" : ""),
          el("td", {}, property.description ?? inner.description ?? "")));
      if (held.properties && depth < 2) add(held, `${before}${name}${inner.items ? "[]" : ""}.`, depth + 1);
    }
  };
  add(schema, prefix && "[].", 0);
  return el("div", { class: "scroll" },
    el("table", {},
      el("thead", {}, el("tr", {}, ...[title, "type", "", "meaning"].map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, ...rows)));
};

const json = (content) => content && Object.entries(content).find(([type]) => type.endsWith("json"))?.[1];

const curl = (method, path, body, open) => {
  const lines = [`curl -X ${method.toUpperCase()} ${location.origin}${path}`];
  if (!open) lines.push(`-H "Authorization: Bearer $TOKEN"`);
  if (body) lines.push(`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(example(body.schema))}'`);
  return lines.join(" \\\n  ");
};

const text = (words) => (words ?? "").split("`").map((part, i) => (i % 2 ? el("code", {}, part) : part));

const operation = (path, method, op) => {
  const id = op.operationId ?? `${method}-${path}`;
  const body = json(op.requestBody?.content);
  const parts = [
    el("h3", {}, el("a", { href: `#${id}` }, op.summary ?? id)),
    el("p", { class: "route" }, el("span", { class: `method ${method}` }, method.toUpperCase()), path),
    ...(op.description ?? "").split("\n\n").filter(Boolean).map((words) => el("p", { class: "needs" }, ...text(words))),
  ];
  if (op.parameters?.length) {
    parts.push(el("h4", {}, "Parameters"), el("div", { class: "scroll" }, el("table", {},
      el("tbody", {}, ...op.parameters.map((p) => el("tr", {},
        el("td", {}, el("code", {}, p.name)), el("td", {}, p.in), el("td", {}, typeName(p.schema)),
        el("td", {}, p.required ? "required" : ""), el("td", {}, p.description ?? "")))))));
  }
  if (body) parts.push(el("h4", {}, "Body"), fields(body.schema, "field"));
  for (const [status, answer] of Object.entries(op.responses ?? {})) {
    if (status === "default") continue;
    const content = json(answer.content);
    parts.push(el("h4", {}, `Answer ${status} ${answer.description ?? ""}`));
    if (content?.schema) parts.push(fields(content.schema, "field"));
  }
  parts.push(el("h4", {}, "Try it"), el("pre", {}, curl(method, path, body, op.security?.length === 0)));
  const node = el("section", { id }, ...parts);
  node.dataset.words = `${method} ${path} ${op.summary ?? ""} ${op.description ?? ""} ${id}`.toLowerCase();
  return { id, node, path, method, area: op.tags?.[0] ?? "Other" };
};

const draw = () => {
  const all = Object.entries(api.paths ?? {}).flatMap(([path, item]) =>
    methods.filter((method) => item[method]).map((method) => operation(path, method, item[method])));
  const main = document.getElementById("main");
  const contents = document.getElementById("contents");
  main.replaceChildren(
    el("h2", {}, `${api.info.title}, ${api.info.version}`),
    ...(api.info.description ?? "").split("\n\n").map((words) => el("p", {}, ...text(words))),
    el("p", {}, "The machine-readable document: ", el("a", { href: "/openapi/v1.json" }, "/openapi/v1.json")));
  contents.replaceChildren();
  for (const area of [...new Set(all.map((op) => op.area))].sort()) {
    const heading = el("h2", {}, area);
    const entry = el("li", { class: "area" }, area);
    main.append(heading);
    contents.append(entry);
    const links = [];
    for (const op of all.filter((one) => one.area === area)) {
      main.append(op.node);
      const link = el("li", {}, el("a", { href: `#${op.id}` }, el("span", { class: `method ${op.method}` }, op.method.toUpperCase()), op.path));
      contents.append(link);
      links.push({ node: op.node, link });
    }
    groups.push({ heading, entry, links });
  }
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
};

const groups = [];
const find = document.getElementById("find");
find.addEventListener("input", () => {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const group of groups) {
    for (const { node, link } of group.links) {
      node.hidden = link.hidden = !words.every((word) => node.dataset.words.includes(word));
    }
    group.heading.hidden = group.entry.hidden = group.links.every(({ node }) => node.hidden);
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== find) {
    event.preventDefault();
    find.focus();
  }
});

fetch("/openapi/v1.json")
  .then((answer) => {
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return answer.json();
  })
  .then((document) => {
    api = document;
    draw();
  })
  .catch((error) => document.getElementById("main").replaceChildren(el("p", { role: "alert" }, `The description could not be loaded: ${error.message}`)));
