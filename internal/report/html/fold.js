// Equal things told once.

// How many equal ones are told as one.
const fewest = 3;

// sameness of a step: what happens, to what sort of thing, with which values.
// What identifies the resource is in its address. A failure stands by itself.
function samenessOfStep(step) {
  if (step.error || step.outputs) return "";
  const changes = (step.changes || []).filter((c) => !c.key).map((c) => [c.path, c.before, c.after, c.sensitive, c.reason || ""]);
  return canonical([step.action, step.kind, step.status, changes, step.notes || [], (step.takes || []).length > 0 ? step.address : ""]);
}

function samenessOfFinding(finding) {
  return canonical([finding.class, finding.kind, finding.path, finding.declared, finding.live, finding.message, finding.base, finding.accepted, finding.who ? finding.who.actor || finding.who.note : ""]);
}

// fold gathers items of equal sameness into groups {items}, each at the place
// of its first item.
function fold(items) {
  const groups = new Map();
  for (const item of items) {
    if (!item.sameness) continue;
    const g = groups.get(item.sameness);
    if (g) g.items.push(item);
    else groups.set(item.sameness, { items: [item] });
  }
  const out = [];
  for (const item of items) {
    const g = groups.get(item.sameness);
    if (!g || g.items.length < fewest) out.push({ items: [item] });
    else if (g.items[0] === item) out.push(g);
  }
  return out;
}
