// The order of the steps as a graph: what each needs, and how deep it stands.

// orderOf links the steps. A need that ends in /** is a node of its own, which
// every create and update of that scope comes before.
function orderOf(items) {
  const nodes = [], byAddress = new Map(), gates = new Map();
  const node = (more) => {
    const n = { before: [], after: [], level: 0, id: nodes.length, ...more };
    nodes.push(n);
    return n;
  };
  for (const item of items) byAddress.set(item.address, node({ item }));
  const link = (from, to) => { from.after.push(to); to.before.push(from); };
  const writes = items.filter((i) => i.what !== "delete");
  for (const item of items) {
    for (const need of item.data.needs || []) {
      if (!need.endsWith("/**")) {
        if (byAddress.has(need)) link(byAddress.get(need), byAddress.get(item.address));
        continue;
      }
      let gate = gates.get(need);
      if (!gate) {
        const scope = need.slice(0, -3);
        gate = node({ scope });
        gates.set(need, gate);
        for (const w of writes) if (w.address === scope || w.address.startsWith(scope + "/")) link(byAddress.get(w.address), gate);
      }
      link(gate, byAddress.get(item.address));
    }
  }
  setLevels(nodes);
  // Steps next to one, through gates.
  const next = (item, side) => {
    const out = new Set();
    for (const n of byAddress.get(item.address)[side]) (n.item ? [n] : n[side]).forEach((m) => out.add(m));
    return [...out].map((n) => n.item);
  };
  return { nodes, of: (item) => byAddress.get(item.address), before: (item) => next(item, "before"), after: (item) => next(item, "after") };
}

// setLevels gives each node the length of the longest way to it.
function setLevels(nodes) {
  const open = new Map(nodes.map((n) => [n, n.before.length]));
  let ready = nodes.filter((n) => n.before.length === 0);
  while (ready.length > 0) {
    const later = [];
    for (const n of ready) {
      for (const m of n.after) {
        m.level = Math.max(m.level, n.level + 1);
        open.set(m, open.get(m) - 1);
        if (open.get(m) === 0) later.push(m);
      }
    }
    ready = later;
  }
}

// around returns the nodes that lead to one and that it leads to, nearest
// first, at most so many of a level, and how many were left out.
function around(node, mostOfLevel) {
  const chosen = new Set([node]), ofLevel = new Map();
  let left = 0;
  for (const side of ["before", "after"]) {
    const seen = new Set([node]);
    for (let wave = [node]; wave.length > 0;) {
      const next = [];
      for (const n of wave) {
        for (const m of n[side]) {
          if (seen.has(m)) continue;
          seen.add(m);
          const key = side + m.level, there = ofLevel.get(key) || 0;
          if (there >= mostOfLevel) { left++; continue; }
          ofLevel.set(key, there + 1);
          chosen.add(m);
          next.push(m);
        }
      }
      wave = next;
    }
  }
  return { nodes: [...chosen], left };
}

// overview gathers nodes that do the same to the same kind at the same depth
// into boxes {key, level, nodes, before}.
function overview(nodes) {
  const boxes = new Map(), boxOf = new Map();
  for (const n of nodes) {
    const key = n.level + " " + (n.item ? n.item.what + " " + n.item.kind : "gate");
    if (!boxes.has(key)) boxes.set(key, { key, level: n.level, nodes: [], before: new Set() });
    boxes.get(key).nodes.push(n);
    boxOf.set(n, boxes.get(key));
  }
  for (const n of nodes) for (const b of n.before) if (boxOf.has(b)) boxOf.get(n).before.add(boxOf.get(b));
  return [...boxes.values()];
}

// withoutImplied leaves out of each box's before what another way leads from, and
// what leads to "all of a scope" where that would be more than a few: its
// label says it.
function withoutImplied(boxes) {
  const behind = new Map(); // all that leads to a box
  for (const b of [...boxes].sort((a, c) => a.level - c.level)) {
    const all = new Set();
    for (const p of b.before) {
      all.add(p);
      for (const q of behind.get(p) || []) all.add(q);
    }
    behind.set(b, all);
  }
  for (const b of boxes) {
    const direct = [...b.before].filter((p) => p !== b && ![...b.before].some((q) => q !== b && q !== p && behind.get(q)?.has(p)));
    b.drawn = b.style === "gate" && direct.length > mostIntoGate ? [] : direct;
  }
}

const mostIntoGate = 6;

const box = { width: 232, height: 54, gapX: 64, gapY: 12, margin: 8 };

// placed puts boxes {level, before} into columns by level and gives each x and
// y; in a column those come near what they need.
function placed(boxes) {
  const levels = [...new Set(boxes.map((b) => b.level))].sort((a, b) => a - b);
  let height = 0;
  levels.forEach((level, column) => {
    const here = boxes.filter((b) => b.level === level);
    const pull = new Map(here.map((b, i) => {
      const from = [...b.before].filter((p) => p.y !== undefined);
      return [b, from.length > 0 ? from.reduce((sum, p) => sum + p.y, 0) / from.length : i * (box.height + box.gapY)];
    }));
    here.sort((a, b) => pull.get(a) - pull.get(b));
    here.forEach((b, i) => {
      b.x = box.margin + column * (box.width + box.gapX);
      b.y = box.margin + 20 + i * (box.height + box.gapY);
      height = Math.max(height, b.y + box.height);
    });
  });
  return { width: 2 * box.margin + levels.length * (box.width + box.gapX) - box.gapX, height: height + box.margin, levels };
}
