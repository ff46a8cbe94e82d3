// Renders /openapi.json. All text is set as textContent, so none of it can become markup.
"use strict";

const make = (tag, text, ...children) => {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  element.append(...children.filter(Boolean));
  return element;
};

const nameOf = (reference) => reference.split("/").pop();

// Summarises a schema in a few words.
function words(schema) {
  if (!schema) return "";
  if (schema.$ref) return nameOf(schema.$ref);
  for (const key of ["oneOf", "anyOf", "allOf"]) {
    if (schema[key]) return schema[key].map(words).filter(Boolean).join(key === "allOf" ? " & " : " | ");
  }
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const types = [].concat(schema.type ?? "any");
  return types.map((type) => (type === "array" ? `${words(schema.items) || "any"}[]` : schema.format ? `${type} (${schema.format})` : type)).join(" | ");
}

function table(rows) {
  const body = make("tbody");
  for (const row of rows) body.append(make("tr", "", ...row.map((cell, index) => make("td", "", index === 0 ? make("code", cell) : make("span", cell)))));
  return make("table", "", body);
}

function fields(schema) {
  const parts = schema.allOf ?? [schema];
  const rows = parts.flatMap((part) =>
    Object.entries(part.properties ?? {}).map(([name, property]) => [
      name + ((part.required ?? []).includes(name) ? "" : "?"),
      words(property),
      property.description ?? "",
    ]),
  );
  return rows.length ? table(rows) : make("p", words(schema));
}

function content(title, holder) {
  const kinds = Object.entries(holder?.content ?? {});
  if (!kinds.length) return null;
  const rows = kinds.map(([kind, media]) => [kind, words(media.schema), ""]);
  return make("div", "", make("h4", title), make("p", holder.description ?? ""), table(rows));
}

function operation(path, method, value) {
  const heading = make("h3", "", make("span", method.toUpperCase()), document.createTextNode(" " + path));
  heading.firstChild.className = "method";
  const section = make("section", "", heading, make("p", value.summary ?? ""), make("p", value.description ?? ""));
  section.id = value.operationId;
  if (value.parameters?.length) {
    const rows = value.parameters.map((p) => [p.name + (p.required ? "" : "?"), `${p.in}: ${words(p.schema)}`, p.description ?? ""]);
    section.append(make("h4", "Parameters"), table(rows));
  }
  const body = content("Request body", value.requestBody);
  if (body) section.append(body);
  const answers = Object.entries(value.responses ?? {}).map(([status, answer]) => [
    status,
    Object.values(answer.content ?? {}).map((media) => words(media.schema)).join(", "),
    answer.description ?? "",
  ]);
  section.append(make("h4", "Responses"), table(answers));
  return section;
}

function render(api) {
  const main = document.getElementById("reference");
  const contents = document.getElementById("contents");
  main.replaceChildren(make("h1", `${api.info.title} ${api.info.version}`), make("p", api.info.description ?? ""));
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, value]) => ({ path, method, value, tag: value.tags?.[0] ?? "other" })),
  );
  for (const tag of new Set([...(api.tags ?? []).map((t) => t.name), ...operations.map((o) => o.tag)])) {
    contents.append(make("h2", tag));
    for (const { path, method, value } of operations.filter((o) => o.tag === tag)) {
      const link = make("a", value.summary ?? path);
      link.href = `#${value.operationId}`;
      contents.append(link);
      main.append(operation(path, method, value));
    }
  }
  contents.append(make("h2", "schemas"));
  for (const [name, schema] of Object.entries(api.components?.schemas ?? {})) {
    const link = make("a", name);
    link.href = `#schema-${name}`;
    contents.append(link);
    const section = make("section", "", make("h3", name), make("p", schema.description ?? ""), fields(schema));
    section.id = `schema-${name}`;
    main.append(section);
  }
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

fetch("/openapi.json")
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`status ${answer.status}`))))
  .then(render)
  .catch((error) => document.getElementById("reference").replaceChildren(make("p", `The API description could not be loaded: ${error.message}`)));
