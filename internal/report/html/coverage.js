// Coverage: how many live objects the files govern, and which they do not.

// share spells a part of one; all is only what is all.
function share(governed, live) {
  if (live === 0) return "–";
  return (Math.floor(1000 * governed / live) / 10).toFixed(governed === live ? 0 : 1) + " %";
}

function meter(governed, live) {
  const e = h("progress", { max: Math.max(1, live), value: governed, "aria-label": governed + " of " + live });
  return [e, h("span", { class: "number" }, numbers.format(governed) + " of " + numbers.format(live)), h("span", { class: "number" }, share(governed, live))];
}

function ungoverned(scope) { return scope.live - scope.governed; }

function drawScope(scope, total) {
  return lazily({ class: "item", "data-address": scope.address, open: total <= 6 },
    [addressOf(scope.address), ...meter(scope.governed, scope.live)],
    () => h("table", { class: "kinds" },
      h("caption", {}, "By kind"),
      h("thead", {}, h("tr", {}, ["Kind", "Governed", "Live", "Share", "Not governed"].map((t) => h("th", { scope: "col" }, t)))),
      h("tbody", {}, (scope.kinds || []).map((k) => h("tr", {},
        h("th", { scope: "row" }, k.kind), h("td", { class: "number" }, k.governed), h("td", { class: "number" }, k.live),
        h("td", { class: "number" }, share(k.governed, k.live)),
        h("td", {}, names(k.ungoverned || [])))))));
}

// names lists addresses; of many the rest opens.
function names(addresses) {
  const list = (some) => h("ul", {}, some.map((a) => h("li", {}, addressOf(a))));
  if (addresses.length <= 10) return addresses.length > 0 ? list(addresses) : "";
  return [list(addresses.slice(0, 10)), lazily({}, [numbers.format(addresses.length - 10) + " more"], () => list(addresses.slice(10)))];
}

// matchingScopes keeps of each scope what the filter lets through, the least
// governed first.
function matchingScopes(scopes, f) {
  const words = f.text.split(/\s+/);
  const has = (text) => words.every((w) => text.toLowerCase().includes(w));
  const out = [];
  for (const s of scopes) {
    if (f.scope && s.address !== f.scope || f.what || f.status) continue;
    const kinds = (s.kinds || []).filter((k) => !f.kind || k.kind === f.kind).map((k) =>
      has(s.address + " " + k.kind) ? k : { ...k, ungoverned: (k.ungoverned || []).filter(has) }).filter((k) => has(s.address + " " + k.kind) || k.ungoverned.length > 0);
    if (kinds.length > 0) out.push({ ...s, kinds });
    else if (!f.kind && has(s.address)) out.push(s);
  }
  return out.sort((a, b) => ungoverned(b) - ungoverned(a));
}
