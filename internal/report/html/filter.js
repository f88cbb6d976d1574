// What is shown: the controls above the lists.

const nothing = { text: "", scope: "", kind: "", what: "", status: "" };

// itemsOf makes of the document's steps, findings and kinds of scopes what the
// lists show and the filter looks at.
function itemsOf(doc, failing) {
  const item = (type, data, more) => ({ type, data, address: data.address, scope: scopeOf(data.address), kind: data.kind, ...more });
  const fails = new Set(failing);
  const steps = (doc.steps || []).map((s) => item("step", s, { what: s.action, status: s.status, sameness: samenessOfStep(s) }));
  const findings = (doc.findings || []).map((f, i) => item("finding", f, {
    what: f.accepted ? "accepted" : f.class, status: fails.has(i) ? "fails" : "", fails: fails.has(i), sameness: samenessOfFinding(f),
  }));
  const coverage = (doc.scopes || []).flatMap((s) => (s.kinds || []).map((k) => ({ type: "coverage", scope: s.address, kind: k.kind })));
  return { steps, findings, coverage };
}

// textOf is what a search looks through.
function textOf(item) {
  if (item.text === undefined) {
    const d = item.data;
    const changes = (d.changes || []).map((c) => c.path + " " + (c.sensitive ? "" : spell(c.before) + " " + spell(c.after)));
    const parts = [item.address, item.kind, item.what, item.status, place(d.source), d.path, d.message, d.declared, d.live, d.who, d.notes, d.takes, d.error, d.accepted];
    item.text = [...parts.filter((p) => p !== undefined && !(item.type === "step" && p === d.live)).map((p) => typeof p === "string" ? p : spell(p)), ...changes].join("\n").toLowerCase();
  }
  return item.text;
}

function matches(item, f) {
  return (!f.scope || item.scope === f.scope) && (!f.kind || item.kind === f.kind) && (!f.what || item.what === f.what) &&
    (!f.status || item.status === f.status) && (!f.text || f.text.split(/\s+/).every((word) => textOf(item).includes(word)));
}

// options counts what there is of a property, in the order of the alphabet.
function options(items, property) {
  const counts = new Map();
  for (const i of items) if (i[property]) counts.set(i[property], (counts.get(i[property]) || 0) + 1);
  return [...counts].sort((a, b) => a[0] < b[0] ? -1 : 1);
}

// makeFilter draws the controls; changed is called with the filter and with
// whether equal items are folded, openAll with whether all is to be open.
function makeFilter(items, links, changed, openAll) {
  const state = { ...nothing };
  let folded = true;
  const search = h("input", { type: "search", id: "search", placeholder: "Address, field, value, file …", autocomplete: "off", spellcheck: "false" });
  const said = h("p", { id: "count", role: "status", "aria-live": "polite" });
  const selects = {};
  const tell = () => changed(state, folded);
  let timer;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => { state.text = search.value.trim().toLowerCase(); tell(); }, 80);
  });
  const select = (property, label, all, entries) => {
    if (entries.length < 2) return null;
    const e = h("select", { id: "by-" + property }, h("option", { value: "" }, all + " (" + numbers.format(entries.length) + ")"),
      entries.map(([value, n]) => h("option", { value }, value + " (" + numbers.format(n) + ")")));
    e.addEventListener("change", () => { state[property] = e.value; tell(); });
    selects[property] = e;
    return h("label", {}, h("span", {}, label), e);
  };
  const hasSteps = items.some((i) => i.type === "step");
  const foldBox = h("input", { type: "checkbox", id: "fold", checked: true, onchange: (e) => { folded = e.target.checked; tell(); } });
  const set = (values) => {
    Object.assign(state, values);
    for (const [property, e] of Object.entries(selects)) e.value = state[property];
    search.value = state.text;
    tell();
  };
  const element = h("form", { role: "search", class: "controls", "aria-label": "What is shown", onsubmit: (e) => e.preventDefault() },
    h("label", { class: "wide" }, h("span", {}, "Search ", h("kbd", {}, "/")), search),
    select("scope", "Organization or project", "All", options(items, "scope")),
    select("kind", "Kind", "All", options(items, "kind")),
    select("what", hasSteps && items.some((i) => i.type === "finding") ? "Action or class" : hasSteps ? "Action" : "Class", "All", options(items, "what")),
    select("status", hasSteps ? "Status" : "Drift", "All", options(items, "status")),
    items.filter((i) => i.sameness).length >= fewest && h("label", { class: "box" }, foldBox, " Fold equal ones"),
    h("div", { class: "buttons" },
      h("button", { type: "button", onclick: () => openAll(true) }, "Open all"),
      h("button", { type: "button", onclick: () => openAll(false) }, "Close all"),
      h("button", { type: "button", onclick: () => set(nothing) }, "Reset")),
    h("div", { class: "foot" }, said, links.length > 1 && h("nav", { class: "jump", "aria-label": "Sections" }, links)));
  return { element, search, set, state, folded: () => folded, say(text) { said.textContent = text; } };
}
