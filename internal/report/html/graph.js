// The picture of the order of the steps.

const mostBoxes = 40, mostOfLevel = 12;

function svg(tag, attributes, ...children) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) e.setAttribute(name, value);
  e.append(...children.filter((c) => c !== undefined).map((c) => c instanceof Node ? c : clean(c)));
  return e;
}

// draw makes the picture of boxes {name, label, note, where, style, before, chosen,
// choose}; name is the label in full.
function draw(boxes, label) {
  const size = placed(boxes);
  withoutImplied(boxes);
  const picture = svg("svg", { width: size.width, height: size.height, viewBox: "0 0 " + size.width + " " + size.height, role: "group", "aria-label": label });
  size.levels.forEach((level, column) => picture.append(svg("text", { class: "level", x: box.margin + column * (box.width + box.gapX), y: box.margin + 10 }, "Depth " + (level + 1))));
  for (const b of boxes) {
    for (const from of b.drawn) {
      const x1 = from.x + box.width, y1 = from.y + box.height / 2, x2 = b.x, y2 = b.y + box.height / 2, bend = Math.max(24, (x2 - x1) / 2);
      picture.append(svg("path", { class: b.chosen || from.chosen ? "edge chosen" : "edge", d: "M" + x1 + " " + y1 + " C" + (x1 + bend) + " " + y1 + " " + (x2 - bend) + " " + y2 + " " + (x2 - 5) + " " + y2 }),
        svg("path", { class: "arrow", d: "M" + x2 + " " + y2 + " l-7 -4 v8 z" }));
    }
  }
  for (const b of boxes.sort((a, b) => a.x - b.x || a.y - b.y)) { // as they are tabbed through
    const g = svg("g", { class: "node " + b.style + (b.chosen ? " chosen" : ""), transform: "translate(" + b.x + " " + b.y + ")", tabindex: b.choose ? "0" : undefined, role: b.choose ? "button" : "img", "aria-label": clean([b.name, b.note, b.where].filter(Boolean).join(" ")) },
      svg("title", {}, b.name + " – " + b.note),
      svg("rect", { width: box.width, height: box.height, rx: 4 }),
      svg("svg", { x: 9, width: box.width - 18, height: box.height }, svg("text", { y: 17 }, b.label), svg("text", { class: "note", y: 32 }, b.note), svg("text", { class: "note", y: 46 }, b.where || "")));
    if (b.choose) {
      g.addEventListener("click", b.choose);
      g.addEventListener("keydown", (e) => {
        if (e.key !== "Enter" && e.key !== " ") return;
        e.preventDefault();
        b.choose();
      });
    }
    picture.append(g);
  }
  return picture;
}

// makeGraph returns the section of the order: show draws the steps that the
// filter lets through, around draws what is next to one of them.
function makeGraph(graph, { reveal, filter }) {
  const text = h("p", { class: "muted", "aria-live": "polite" });
  const back = h("button", { type: "button", hidden: true, onclick: () => { chosen = null; redraw(); } }, "Back to all");
  const open = h("button", { type: "button", hidden: true, onclick: () => reveal(chosen) }, "Open the step");
  const pane = h("div", { class: "picture", tabindex: "0", role: "region", "aria-label": "Order of the steps; scrolls" });
  let shown = [], chosen = null, drawn = false;
  const stepBox = (n) => ({
    level: n.level, node: n, name: n.item ? n.item.address : "all of " + n.scope, label: n.item ? n.item.address.slice(n.item.scope.length + 1) || n.item.address : "all of " + n.scope,
    note: n.item ? n.item.what + " " + n.item.kind + (n.item.status === "planned" ? "" : ", " + n.item.status) : "every create and update there",
    where: n.item && n.item.scope !== n.item.address ? n.item.scope : "",
    style: n.item ? n.item.what : "gate", chosen: n.item !== undefined && n.item === chosen, choose: n.item && (() => { chosen = n.item; redraw(true); }),
  });
  const linked = (boxes) => {
    const of = new Map(boxes.map((b) => [b.node, b]));
    for (const b of boxes) b.before = b.node.before.map((n) => of.get(n)).filter(Boolean);
    return boxes;
  };
  const group = (o) => {
    const n = o.nodes[0], name = n.item ? n.item.kind : "all of " + count(o.nodes.length, "scope");
    return {
      level: o.level, of: o, name, label: name, note: n.item ? n.item.what + ": " + count(o.nodes.length, "step") : "every create and update there",
      style: n.item ? n.item.what : "gate", choose: n.item && (() => o.nodes.length === 1 ? (chosen = n.item, redraw(true)) : filter({ kind: n.item.kind, what: n.item.what })),
    };
  };
  function redraw(focus) {
    drawn = true;
    back.hidden = open.hidden = !chosen;
    let boxes;
    if (chosen) {
      const { nodes, left } = around(graph.of(chosen), mostOfLevel);
      boxes = linked(nodes.map(stepBox));
      text.textContent = "Around " + clean(chosen.address) + ". Right before it: " + count(graph.before(chosen).length, "step") + ", right after it: " + numbers.format(graph.after(chosen).length) + "." +
        (left > 0 ? " " + numbers.format(left) + " more are not drawn." : "");
    } else {
      const steps = new Set(shown.map(graph.of));
      const nodes = graph.nodes.filter((n) => n.item ? steps.has(n) : n.before.some((b) => steps.has(b)) && n.after.some((a) => steps.has(a)));
      const few = nodes.length <= mostBoxes;
      text.textContent = count(shown.length, "step") + ". " + (few ? "An arrow points at what comes later; choose a step to see what is around it." : "Steps that do the same to the same kind stand together; choose a box to see only its steps.");
      if (few) boxes = linked(nodes.map(stepBox));
      else {
        const all = overview(nodes), of = new Map(all.map((o) => [o, group(o)]));
        boxes = [...of.values()];
        for (const b of boxes) b.before = [...b.of.before].map((o) => of.get(o));
      }
    }
    pane.replaceChildren(boxes.length > 0 ? draw(boxes, "Order of the steps") : h("p", {}, "No step is shown."));
    const at = pane.querySelector(".node.chosen");
    if (at) {
      at.scrollIntoView({ block: "nearest", inline: "center" });
      if (focus) at.focus({ preventScroll: true });
    }
  }
  const section = h("details", { class: "quiet panel", id: "order" }, h("summary", {}, h("h2", {}, "Order of the steps")), h("div", { class: "body" }, text, h("div", { class: "buttons" }, back, open), pane));
  section.addEventListener("toggle", () => { if (section.open && !drawn) redraw(); });
  return {
    section,
    show(items) {
      shown = items;
      if (chosen && !items.includes(chosen)) chosen = null;
      drawn = false;
      if (section.open) redraw();
    },
    around(item) {
      chosen = item;
      section.open = true;
      redraw(true);
      section.scrollIntoView({ block: "start" });
    },
  };
}
