// Changes of a step and of a finding, before and after side by side.

// How many equal lines in a row are shown; of more, those next to a change.
const mostEqual = 6, context = 2;

const signs = { added: "+", removed: "-", changed: "~", same: "" };

function lineCell(line, mark, side) {
  const shown = line ? "  ".repeat(line.depth) + line.text : "";
  const marked = mark !== "same" && line !== undefined;
  return h("td", { class: marked ? "value " + side : "value" }, line === undefined ? "" : h("code", {}, shown));
}

function rowOf(row) {
  const tr = h("tr", { class: row.mark }, lineCell(row.left, row.mark, "before"), lineCell(row.right, row.mark, "after"));
  tr.prepend(h("td", { class: "sign" }, signs[row.mark] && h("span", { role: "img", "aria-label": row.mark }, signs[row.mark])));
  return tr;
}

// shortened puts a button in the place of long runs of equal lines.
function shortened(rows) {
  const out = [];
  for (let i = 0; i < rows.length;) {
    let end = i;
    while (end < rows.length && rows[end].mark === "same") end++;
    if (end - i > mostEqual) {
      const from = i === 0 ? i : i + context, to = end === rows.length ? end : end - context;
      rows.slice(i, from).forEach((r) => out.push(rowOf(r)));
      const hidden = rows.slice(from, to);
      const tr = h("tr", { class: "hidden-lines" }, h("td", { colspan: 3 },
        h("button", { type: "button", onclick: () => tr.replaceWith(...hidden.map(rowOf)) }, count(hidden.length, "equal line"))));
      out.push(tr);
      rows.slice(to, end).forEach((r) => out.push(rowOf(r)));
      i = end;
    } else if (end > i) {
      for (; i < end; i++) out.push(rowOf(rows[i]));
    } else {
      out.push(rowOf(rows[i++]));
    }
  }
  return out;
}

function badge(text, style) { return h("span", { class: "badge " + (style || "") }, text); }

// valueTable shows one change: its path, and both values line by line.
function valueTable(title, before, after, heads, badges, anyOrder) {
  const one = heads.length === 1;
  const rows = one
    ? lines(after, "", 0).map((l) => h("tr", {}, h("td", { class: "value" }, h("code", {}, "  ".repeat(l.depth) + l.text))))
    : shortened(compare(before, after, anyOrder));
  return h("table", { class: one ? "change one" : "change" },
    h("caption", {}, h("code", {}, title), " ", badges),
    h("thead", {}, h("tr", {}, one ? null : h("td", { class: "sign" }), heads.map((t) => h("th", { scope: "col" }, t)))),
    h("tbody", {}, rows));
}

function badgesOf(change) {
  return [
    change.destructive && badge("takes something away", "delete"),
    change.key && badge("identifies it"),
    change.reason && badge(change.reason),
    change.source && h("span", { class: "source" }, place(change.source)),
  ].filter(Boolean);
}

// sides are the two values of a change as they are shown.
function sides(change) {
  const masked = (v) => v === null || v === undefined ? null : { $secret: {} };
  if (change.sensitive) return [masked(change.before), masked(change.after)];
  return [change.unknown ? "(not read yet)" : change.before, change.after];
}

// changeTables shows what fits on a line in one table, and each other value in
// one of its own. What is created has no values before.
function changeTables(changes, action) {
  const all = changes.map((change) => ({ change, values: sides(change) }));
  const one = action === "create" && all.every(({ values }) => values[0] === null);
  const short = all.filter(({ values }) => values.every(isLeaf)), long = all.filter((c) => !short.includes(c));
  const cells = ([before, after]) => {
    const differs = canonical(before) !== canonical(after);
    return [!one && h("td", { class: differs ? "value before" : "value" }, h("code", {}, spell(before))),
      h("td", { class: one || !differs ? "value" : "value after" }, h("code", {}, spell(after)))];
  };
  const heads = one ? ["Value"] : ["Before", "After"];
  return [
    short.length > 0 && h("table", { class: one ? "change one" : "change" },
      h("thead", {}, h("tr", {}, ["Field", ...heads].map((t) => h("th", { scope: "col" }, t)))),
      h("tbody", {}, short.map(({ change, values }) => h("tr", {}, h("th", { scope: "row" }, h("code", {}, change.path), " ", badgesOf(change)), cells(values))))),
    ...long.map(({ change, values }) => valueTable(change.path, values[0], values[1], heads, badgesOf(change), Boolean(change.added || change.removed))),
  ].filter(Boolean);
}
