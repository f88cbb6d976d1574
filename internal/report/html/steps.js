// The steps of a plan or an apply.

const actionSigns = { create: "+", update: "~", delete: "-", replace: "-/+" };

function actionBadge(action) {
  return h("span", { class: "badge action " + action }, h("span", { "aria-hidden": "true" }, actionSigns[action] || "", " "), action);
}

function pathsOf(step) {
  const paths = (step.changes || []).filter((c) => !c.key).map((c) => c.path);
  return paths.length > 4 ? paths.slice(0, 4).join(", ") + " and " + (paths.length - 4) + " more" : paths.join(", ");
}

// drawSteps returns what draws a group of equal steps, or one.
function drawSteps(context) {
  return (group, total) => {
    const first = group.items[0], step = first.data;
    const open = total <= 12;
    const status = step.status && step.status !== "planned" && badge(step.status, "status " + step.status);
    if (group.items.length === 1) {
      return lazily({ class: "item", "data-address": step.address, open },
        [actionBadge(step.action), addressOf(step.address), h("span", { class: "kind" }, step.kind), status,
          h("span", { class: "brief" }, pathsOf(step)), h("span", { class: "source" }, place(step.source))],
        () => [whatHappens(step), more(first, context)]);
    }
    const scopes = new Set(group.items.map((i) => i.scope)).size;
    return lazily({ class: "item group", "data-address": step.address, open },
      [actionBadge(step.action), h("strong", {}, count(group.items.length, "equal step")), belowScope(group.items) && h("bdi", { class: "below" }, belowScope(group.items)), h("span", { class: "kind" }, step.kind), status,
        h("span", { class: "brief" }, pathsOf(step)), h("span", { class: "source" }, "in " + count(scopes, "scope"))],
      () => [whatHappens(step, true), addressList(group.items, (i) => more(i, context))]);
  };
}

// addressList names each item of a group, with what brief says of it; what one
// has of its own opens.
function addressList(items, body, brief) {
  const list = makeList((i) => lazily({ class: "one quiet", "data-address": i.address }, [addressOf(i.address), brief && brief(i), h("span", { class: "source" }, place(i.data.source))].filter(Boolean), () => body(i)));
  list.show(items);
  const e = h("div", { class: "addresses" }, h("h3", {}, count(items.length, "resource")), list.element);
  e.all = list.all;
  return e;
}

// whatHappens is what equal steps have in common.
function whatHappens(step, grouped) {
  const e = step.error;
  return [
    e && h("p", { class: "problem" }, h("strong", {}, step.status === "skipped" ? "Skipped: " : "Failed: "), e.status ? e.status + " " : "", e.errorCode ? e.errorCode + ": " : "", e.detail),
    ...(step.notes || []).map((n) => h("p", { class: "note" }, n)),
    step.provisional && h("p", { class: "note" }, "Its parent does not exist yet: it is looked at again once that does."),
    step.pruned && h("p", { class: "note" }, "No file declares it any more."),
    ...changeTables((step.changes || []).filter((c) => !grouped || !c.key), step.action),
    step.unchanged > 0 && h("p", { class: "muted" }, count(step.unchanged, "field") + " as declared"),
  ].filter(Boolean);
}

// more is what a step has of its own: what goes with it, what it gave, how it
// is ordered, what is sent.
function more(item, context) {
  const step = item.data;
  return [
    (step.takes || []).length > 0 && h("div", {}, h("h3", {}, "Goes with it"), h("ul", {}, step.takes.map((t) =>
      h("li", {}, addressOf(t.address), t.path ? " " + t.path : "", t.member ? ": " + t.member : "")))),
    step.outputs && h("div", {}, h("h3", {}, "Outputs"), h("pre", {}, linesOf(step.outputs))),
    order(item, context),
    (step.requests || []).length > 0 && lazily({ class: "requests quiet" }, [count(step.requests.length, "request")], () => step.requests.map(request)),
  ].filter(Boolean);
}

function linesOf(value) { return h("code", {}, lines(value, "", 0).flatMap((l, i) => [i ? document.createTextNode("\n") : null, "  ".repeat(l.depth) + l.text])); }

function order(item, context) {
  const needs = context.graph.before(item), needed = context.graph.after(item);
  if (needs.length + needed.length === 0) return null;
  return h("p", { class: "order" }, "Before it: " + count(needs.length, "step") + ". After it: " + count(needed.length, "step") + ". ",
    h("button", { type: "button", onclick: () => context.showOrder(item) }, "Show the order around it"));
}

function request(r) {
  const rest = Object.fromEntries(Object.entries(r).filter(([k]) => !["method", "path", "version", "body"].includes(k)));
  return h("div", { class: "request" },
    h("p", {}, h("strong", {}, r.method), " ", h("code", {}, r.path), " ", h("span", { class: "muted" }, r.version)),
    r.body !== undefined && h("pre", { tabindex: "0", role: "group", "aria-label": "Body" }, linesOf(r.body)),
    Object.keys(rest).length > 0 && h("details", { class: "quiet" }, h("summary", {}, "How it is sent"), h("pre", {}, linesOf(rest))));
}
