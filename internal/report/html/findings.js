// Findings: what differs beside the steps, or all of a drift report.

const classText = {
  changed: "a field differs", missing: "declared, and not in Atlas", present: "declared absent, and in Atlas", unmanaged: "in Atlas only",
  unverifiable: "Atlas does not return the value", pending: "a change is on its way", waiting: "as declared, and somebody outside Atlas has to act",
  released: "the base declares it, and the files no longer do", accepted: "somebody accepted it",
};

function whoOf(who) {
  if (!who) return null;
  if (!who.actor) return who.note && h("p", { class: "who" }, "By whom: " + who.note);
  return h("p", { class: "who" }, "By ", h("strong", {}, who.actor), who.actorKind ? " (" + who.actorKind + ")" : "",
    who.at && [", ", h("time", { datetime: who.at }, moment(who.at))], who.event ? ": " + who.event : "", who.note ? ". " + who.note : "",
    who.eventId && h("span", { class: "muted" }, " " + who.eventId));
}

function briefWho(who) {
  return who && who.actor ? h("span", { class: "muted" }, "by " + who.actor + (who.at ? ", " + moment(who.at) : "")) : null;
}

// moment spells a time in UTC.
function moment(text) {
  const t = new Date(text);
  return isNaN(t) ? text : t.toISOString().slice(0, 19).replace("T", " ") + " UTC";
}

function drawFindings(group, total) {
  const first = group.items[0], f = first.data;
  const many = group.items.length > 1;
  const head = [
    h("span", { class: "badge class " + first.what, title: classText[first.what] }, first.what),
    many ? [h("strong", {}, count(group.items.length, "equal finding")), belowScope(group.items) && h("bdi", { class: "below" }, belowScope(group.items))] : addressOf(f.address),
    h("span", { class: "kind" }, f.kind),
    first.fails && badge("drift", "delete"),
    f.prunable && badge("apply would remove it", "delete"),
    h("span", { class: "brief" }, [f.path, f.message].filter(Boolean).join(": "), !many && f.who && f.who.actor ? " by " + f.who.actor : ""),
    h("span", { class: "source" }, many ? "in " + count(new Set(group.items.map((i) => i.scope)).size, "scope") : place(f.source)),
  ];
  return lazily({ class: "item", "data-address": f.address, open: total <= 12 }, head.flat(), () => [
    first.what in classText && h("p", { class: "muted" }, classText[first.what][0].toUpperCase() + classText[first.what].slice(1) + "."),
    f.accepted && h("p", { class: "note" }, "Accepted until " + f.accepted.until + ": " + f.accepted.reason),
    f.message && h("p", { class: "note" }, f.message),
    (f.declared !== undefined || f.live !== undefined) && valueTable(f.path || "value",
      f.declared === undefined ? null : f.declared, f.live === undefined ? null : f.live, [f.base ? "In the base" : "Declared", "In Atlas"], [], true),
    many ? addressList(group.items, (i) => whoOf(i.data.who) || h("p", { class: "muted" }, i.data.kind), (i) => briefWho(i.data.who)) : whoOf(f.who),
  ].filter(Boolean));
}
