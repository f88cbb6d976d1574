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

function changeTable(change, action) {
  const badges = [
    change.destructive && badge("takes something away", "delete"),
    change.key && badge("identifies it"),
    change.reason && badge(change.reason),
    change.source && h("span", { class: "source" }, place(change.source)),
  ].filter(Boolean);
  if (change.sensitive) {
    const heads = action === "create" ? ["Value"] : ["Before", "After"];
    return valueTable(change.path, masked(change.before), masked(change.after), heads, badges, false);
  }
  const before = change.unknown ? "(not read yet)" : change.before;
  const heads = action === "create" && before === null ? ["Value"] : ["Before", "After"];
  return valueTable(change.path, before, change.after, heads, badges, Boolean(change.added || change.removed));
}

// masked says only that there is a value.
function masked(v) { return v === null || v === undefined ? null : { $secret: {} }; }
