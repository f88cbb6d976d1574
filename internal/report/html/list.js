// Long lists are drawn as far as somebody looks.

const chunk = 100;

// makeList returns a list of what draw makes of each entry; show replaces the
// entries, all draws those that are left.
function makeList(draw) {
  const element = h("div", { class: "list" });
  const more = h("button", { type: "button", class: "more", onclick: () => next(chunk) });
  let entries = [], drawn = 0;
  const next = (n) => {
    const part = document.createDocumentFragment();
    for (const end = Math.min(entries.length, drawn + n); drawn < end; drawn++) part.append(draw(entries[drawn], entries.length));
    element.append(part);
    more.hidden = drawn >= entries.length;
    more.textContent = "Show more (" + numbers.format(entries.length - drawn) + " left)";
  };
  new IntersectionObserver((seen) => { if (seen.some((s) => s.isIntersecting) && !more.hidden) next(chunk); }, { rootMargin: "600px" }).observe(more);
  return {
    element: h("div", {}, element, more),
    show(all) {
      entries = all;
      drawn = 0;
      element.replaceChildren();
      next(chunk);
    },
    all() { next(entries.length); },
    // reach draws the list up to the entry that wanted holds of, and returns its element.
    reach(wanted) {
      const i = entries.findIndex(wanted);
      if (i >= drawn) next(i - drawn + 1);
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
