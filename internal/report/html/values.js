// Values and names as text, and elements that hold nothing else.

// Characters that steer what is around them are spelled out.
const steering = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function clean(text) {
  return String(text).replace(steering, (c) => c === "\n" ? "\\n" : "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase());
}

// h makes an element; children are elements, text, or nothing.
function h(tag, properties, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else if (value === true) e.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) e.setAttribute(name, value);
  }
  for (const c of children.flat()) {
    if (c === undefined || c === null || c === false || c === "") continue;
    e.append(c instanceof Node ? c : clean(c));
  }
  return e;
}

// count says how many there are of something: 1 step, 2,000 steps.
const numbers = new Intl.NumberFormat("en");
function count(n, what) {
  const plural = what.endsWith("y") ? what.slice(0, -1) + "ies" : what.endsWith("ss") ? what + "es" : what + "s";
  return numbers.format(n) + " " + (n === 1 ? what : plural);
}

function isMap(v) { return v !== null && typeof v === "object" && !Array.isArray(v); }

// stands returns what is shown instead of a value that is filled in later.
function stands(v) {
  if (!isMap(v)) return undefined;
  if ("$secret" in v) return "(sensitive)";
  if ("$ref" in v && isMap(v.$ref)) return "(from " + (v.$ref.step || "the answer") + " " + v.$ref.pointer + ")";
  return undefined;
}

// isLeaf tells whether a value is told on one line.
function isLeaf(v) {
  if (v === null || typeof v !== "object" || stands(v) !== undefined) return true;
  return Object.keys(v).length === 0;
}

// A text that could be taken for something else stands in quotes.
const ambiguous = /^$|^[\s"'[{]|\s$|[\u0000-\u001f]|^(true|false|null|\(none\)|-?[0-9.]+)$/;

// spell tells a value on one line.
function spell(v) {
  if (v === null || v === undefined) return "(none)";
  if (typeof v === "string") return clean(ambiguous.test(v) ? JSON.stringify(v) : v);
  if (Array.isArray(v)) return "[" + v.map(spell).join(", ") + "]";
  const other = stands(v);
  if (other !== undefined) return clean(other);
  if (isMap(v)) return "{" + Object.keys(v).map((k) => clean(k) + ": " + spell(v[k])).join(", ") + "}";
  return String(v);
}

// canonical is the same for equal values, whatever the order of members.
function canonical(v) {
  if (Array.isArray(v)) return "[" + v.map(canonical).join() + "]";
  if (isMap(v)) return "{" + Object.keys(v).sort().map((k) => JSON.stringify(k) + ":" + canonical(v[k])).join() + "}";
  return typeof v === "bigint" ? String(v) : JSON.stringify(v === undefined ? null : v);
}

// parse reads JSON; whole numbers that JavaScript cannot hold stay exact.
function parse(text) {
  if (!/[0-9]{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, v, context) =>
    typeof v === "number" && Number.isInteger(v) && !Number.isSafeInteger(v) && context && /^-?[0-9]+$/.test(context.source) ? BigInt(context.source) : v);
}

// scopeOf returns the organization or project that an address lies in.
function scopeOf(address) {
  const parts = address.split("/");
  const length = parts.length >= 4 && parts[0] !== "project" && parts[2] === "project" ? 4 : 2;
  return parts.slice(0, length).join("/");
}

// belowScope is what the addresses of all items have behind their scopes, or "".
function belowScope(items) {
  const below = items[0].address.slice(items[0].scope.length + 1);
  return items.every((i) => i.address.slice(i.scope.length + 1) === below) ? below : "";
}

// place is where something is declared, for people.
function place(source) {
  if (!source) return "";
  return source.file + ":" + source.line + (source.column > 1 ? ":" + source.column : "");
}

// addressOf shows an address with its scope apart.
function addressOf(address) {
  const scope = scopeOf(address);
  if (scope === address) return h("bdi", { class: "address" }, address);
  return h("bdi", { class: "address" }, h("span", { class: "scope" }, scope), address.slice(scope.length));
}
