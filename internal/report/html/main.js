// The page as a whole.

const doc = parse(document.getElementById("document").textContent);
const about = JSON.parse(document.getElementById("about").textContent);
const { steps, findings, coverage } = itemsOf(doc, about.failing || []);
const main = document.getElementById("main");
const graph = orderOf(steps);

function section(id, title, ...children) {
  return h("section", { id, class: "panel", "aria-labelledby": id + "-title" }, h("h2", { id: id + "-title" }, title), ...children);
}

// costs tells what the run took, whatever numbers there are.
const costText = { requests: "Requests", retries: "Retries", throttled: "Throttled", wallMs: "Took" };
for (const [name, value] of Object.entries(doc.stats || {})) {
  if (typeof value !== "number" || value === 0 && name !== "requests") continue;
  document.getElementById("facts").append(h("div", {}, h("dt", {}, costText[name] || name), h("dd", {}, name === "wallMs" ? (value / 1000).toFixed(value < 10000 ? 2 : 0) + " s" : numbers.format(value))));
}

const problems = [
  ...(doc.errors || []).map((e) => h("li", { class: "error" }, badge("error", "delete"), " ", e)),
  ...(doc.violations || []).map((v) => h("li", { class: "error" }, badge("refused", "delete"), " ", v.source && h("code", { class: "source" }, place(v.source)), " ", v.message, " ", h("span", { class: "muted" }, v.guard))),
  ...(doc.diagnostics || []).map((d) => h("li", { class: d.severity }, badge(d.severity, d.severity === "error" ? "delete" : "update"), " ", d.source && h("code", { class: "source" }, place(d.source)), " ", d.message, d.hint && h("p", { class: "muted" }, d.hint))),
];

// tiles are the numbers: of what is in the lists they filter it.
const inSummary = { none: "as declared", unmanaged: "unmanaged", unverifiable: "unverifiable" };
function tiles(filter) {
  const tally = (items, property, words) => words.map((w) => [w, items.filter((i) => i[property] === w).length]).filter(([, n]) => n > 0)
    .map(([w, n]) => h("li", {}, h("button", { type: "button", class: "tile " + w, onclick: () => filter.set({ ...nothing, [property]: filter.state[property] === w ? "" : w }) }, h("strong", {}, numbers.format(n)), " ", w === "fails" ? "drift" : w)));
  const plain = (n, label) => h("li", {}, h("span", { class: "tile" }, h("strong", {}, n), " ", label));
  const s = doc.summary || {};
  return h("ul", { class: "tiles", "aria-label": "Numbers" },
    tally(steps, "what", ["create", "update", "delete", "replace"]),
    tally(steps, "status", ["verified", "applied", "waiting", "failed", "skipped"]),
    tally(findings, "status", ["fails"]),
    tally(findings, "what", Object.keys(classText)),
    Object.entries(inSummary).filter(([name]) => s[name] > 0 && !findings.some((f) => f.what === name)).map(([name, label]) => plain(numbers.format(s[name]), label)),
    s.live > 0 && plain(numbers.format(s.governed) + " of " + numbers.format(s.live), "live objects governed (" + share(s.governed, s.live) + ")"));
}

const stepList = makeList(drawSteps({ graph, showOrder: (item) => picture.around(item) }));
const findingList = makeList(drawFindings);
const scopeList = makeList(drawScope);
const picture = makeGraph(graph, {
  reveal(item) {
    const e = stepList.reach((g) => g.items.includes(item));
    if (!e) return;
    e.open = true;
    e.fill();
    const own = e.classList.contains("group") ? [...e.querySelectorAll("[data-address]")].find((x) => x.dataset.address === item.address) || e : e;
    own.open = true;
    own.scrollIntoView({ block: "center" });
    own.querySelector("summary").focus({ preventScroll: true });
  },
  filter(values) { filter.set({ ...nothing, ...values }); },
});

const ordered = steps.length > 1 && graph.nodes.some((n) => n.before.length > 0);
const links = [
  [problems, "problems", "Problems"], [ordered ? [1] : [], "order", "Order"], [steps, "steps", "Steps"],
  [findings, "findings", "Findings"], [coverage, "coverage", "Coverage"],
].filter(([has]) => has.length > 0).map(([, id, title]) => h("a", { href: "#" + id }, title));

const lists = [stepList, findingList, scopeList];
const filter = makeFilter([...steps, ...findings, ...coverage], links, (state, folded) => {
  performance.mark("filter");
  const shownSteps = steps.filter((i) => matches(i, state)), shownFindings = findings.filter((i) => matches(i, state));
  const group = (items) => folded ? fold(items) : items.map((i) => ({ items: [i] }));
  stepList.show(group(shownSteps));
  findingList.show(group(shownFindings));
  picture.show(shownSteps);
  const scopes = matchingScopes(doc.scopes || [], state);
  scopeList.show(scopes);
  const said = [];
  if (steps.length > 0) said.push(numbers.format(shownSteps.length) + " of " + count(steps.length, "step"));
  if (findings.length > 0) said.push(numbers.format(shownFindings.length) + " of " + count(findings.length, "finding"));
  if (doc.scopes) said.push(numbers.format(scopes.length) + " of " + count(doc.scopes.length, "scope"));
  filter.say(said.length > 0 ? "Shown: " + said.join(", ") : "");
  for (const t of document.querySelectorAll("button.tile")) t.setAttribute("aria-pressed", String([state.what, state.status].some((w) => w && t.classList.contains(w))));
  performance.measure("filter", "filter");
}, (open) => lists.forEach((l) => l.open(open)));

const done = doc.done || [];
main.append(...[
  tiles(filter),
  problems.length > 0 && section("problems", "Problems (" + problems.length + ")", h("ul", { class: "problems" }, problems)),
  ordered && picture.section,
  steps.length > 0 && section("steps", "Steps", stepList.element),
  findings.length > 0 && section("findings", "Findings", findingList.element),
  doc.scopes && section("coverage", "Coverage", scopeList.element),
  done.length > 0 && h("details", { class: "panel", id: "done" }, h("summary", {}, h("h2", {}, "Done (" + done.length + ")")), h("div", { class: "body" },
    h("p", { class: "muted" }, "Entries that say state: absent and of which nothing is left: they can be dropped from the files."),
    h("ul", {}, done.map((d) => h("li", {}, addressOf(d.address), " ", h("span", { class: "source" }, place(d.source))))))),
  steps.length + findings.length + problems.length === 0 && !doc.scopes && h("p", { class: "empty" }, doc.command === "validate" ? "The files are valid." : "Nothing differs."),
  h("p", { class: "muted keys" }, h("kbd", {}, "/"), " search, ", h("kbd", {}, "↑"), " ", h("kbd", {}, "↓"), " from one to the next, ", h("kbd", {}, "Enter"), " open and close"),
].filter(Boolean));
if (steps.length + findings.length + coverage.length > 1) document.getElementById("controls").append(filter.element);
filter.set(nothing);

document.addEventListener("keydown", (e) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName);
  if (e.key === "/" && !typing && !e.ctrlKey && !e.metaKey && !e.altKey) {
    e.preventDefault();
    filter.search.focus();
  } else if (e.key === "Escape" && e.target === filter.search) {
    filter.set({ text: "" });
  } else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && e.target.tagName === "SUMMARY") {
    const all = [...main.querySelectorAll("summary")].filter((s) => s.checkVisibility());
    const next = all[all.indexOf(e.target) + (e.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    e.preventDefault();
    next.focus();
  }
});

// On paper everything that matters is open.
let closed = [];
window.addEventListener("beforeprint", () => {
  closed = [...main.querySelectorAll("details:not([open])")];
  lists.forEach((l) => l.all());
  openAll(main, true);
  main.querySelectorAll(".addresses").forEach((e) => e.all());
});
window.addEventListener("afterprint", () => closed.forEach((d) => { d.open = false; }));
performance.mark("ready");
