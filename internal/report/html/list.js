// Long lists are drawn a part at a time.

const chunk = 200;

// makeList returns a list of what draw makes of each entry, which gets how many
// there are. show replaces the entries, all draws those that are left, opened
// says whether entries are drawn open.
function makeList(draw) {
  const element = h("div", { class: "list" });
  const next = h("button", { type: "button", onclick: () => reach(drawn + chunk) });
  const rest = h("button", { type: "button", onclick: () => reach(entries.length) }, "Show all");
  const more = h("p", { class: "more" }, next, rest);
  let entries = [], drawn = 0, opened = false;
  const reach = (end) => {
    const part = document.createDocumentFragment();
    for (end = Math.min(entries.length, end); drawn < end; drawn++) part.append(draw(entries[drawn], entries.length));
    if (opened) openAll(part, true);
    element.append(part);
    more.hidden = drawn >= entries.length;
    next.textContent = "Show " + Math.min(chunk, entries.length - drawn) + " of " + numbers.format(entries.length - drawn) + " more";
  };
  return {
    element: h("div", {}, element, more),
    show(all) {
      entries = all;
      drawn = 0;
      element.replaceChildren();
      reach(chunk);
    },
    all() { reach(entries.length); },
    open(all) {
      opened = all;
      openAll(element, all);
    },
    // reach draws the list up to the entry that wanted holds of, and returns its element.
    reach(wanted) {
      const i = entries.findIndex(wanted);
      reach(i + 1);
      return element.children[i];
    },
  };
}

// lazily makes a details element whose body is made when it is first opened.
function lazily(properties, summary, body) {
  const e = h("details", properties, h("summary", {}, ...summary));
  const fill = () => {
    if (e.open && e.children.length === 1) e.append(h("div", { class: "body" }, ...[body()].flat()));
  };
  e.addEventListener("toggle", fill);
  e.fill = fill;
  fill();
  return e;
}

// openAll opens or closes what folds in an element, as deep as it goes; what is
// marked "quiet" stays as it is.
function openAll(element, open) {
  for (const d of element.querySelectorAll("details:not(.quiet)")) {
    d.open = open;
    if (open && d.fill) {
      d.fill();
      openAll(d, true);
    }
  }
}
