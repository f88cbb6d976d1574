// Two values side by side, line by line.

// lines tells a value in lines {depth, text}, as YAML does; lead stands
// before it: "key:", "-" or nothing.
function lines(value, lead, depth) {
  if (isLeaf(value)) {
    const text = Array.isArray(value) ? "[]" : isMap(value) && stands(value) === undefined ? "{}" : spell(value);
    return [{ depth, text: lead ? lead + " " + text : text }];
  }
  const below = lead ? depth + 1 : depth;
  const inner = Array.isArray(value)
    ? value.flatMap((v) => lines(v, "-", below))
    : Object.keys(value).flatMap((k) => lines(value[k], clean(k) + ":", below));
  if (!lead) return inner;
  if (lead !== "-") return [{ depth, text: lead }, ...inner];
  inner[0] = { depth, text: "- " + inner[0].text };
  return inner;
}

// compare returns rows {left, right, mark}: left and right are lines or
// undefined, mark is same, changed, added or removed. With anyOrder the order
// in a list does not count.
function compare(before, after, anyOrder) {
  return pair(before, after, "", 0, anyOrder);
}

function pair(before, after, lead, depth, anyOrder) {
  if (canonical(before) === canonical(after)) return lines(after, lead, depth).map((l) => ({ left: l, right: l, mark: "same" }));
  const below = lead ? depth + 1 : depth;
  const head = lead ? [both({ depth, text: lead })] : [];
  if (!isLeaf(before) && !isLeaf(after)) {
    const inner = isMap(before) && isMap(after) ? members(before, after, below, anyOrder)
      : Array.isArray(before) && Array.isArray(after) ? elements(before, after, below, anyOrder) : null;
    if (inner && lead === "-" && inner[0].left && inner[0].right) {
      for (const side of ["left", "right"]) inner[0] = { ...inner[0], [side]: { depth, text: "- " + inner[0][side].text } };
      return inner;
    }
    if (inner) return [...head, ...inner];
  }
  if (!isLeaf(before) || !isLeaf(after)) return [...removed(before, lead, depth), ...added(after, lead, depth)];
  return [{ left: lines(before, lead, depth)[0], right: lines(after, lead, depth)[0], mark: "changed" }];
}

function both(line) { return { left: line, right: line, mark: "same" }; }

function removed(value, lead, depth) { return lines(value, lead, depth).map((l) => ({ left: l, mark: "removed" })); }

function added(value, lead, depth) { return lines(value, lead, depth).map((l) => ({ right: l, mark: "added" })); }

function members(before, after, depth, anyOrder) {
  const rows = [];
  for (const k of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const lead = clean(k) + ":";
    if (!(k in after)) rows.push(...removed(before[k], lead, depth));
    else if (!(k in before)) rows.push(...added(after[k], lead, depth));
    else rows.push(...pair(before[k], after[k], lead, depth, anyOrder));
  }
  return rows;
}

// elements aligns what both lists have, and compares what is left between
// that in pairs where both are objects.
function elements(before, after, depth, anyOrder) {
  const item = (v) => ({ v, key: canonical(v) });
  let left = before.map(item), right = after.map(item);
  if (anyOrder) {
    const byKey = (a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
    left = left.sort(byKey);
    right = right.sort(byKey);
  }
  const rows = [];
  let i = 0, j = 0;
  const between = (endLeft, endRight) => {
    while (i < endLeft && j < endRight && isMap(left[i].v) && isMap(right[j].v)) rows.push(...pair(left[i++].v, right[j++].v, "-", depth, anyOrder));
    while (i < endLeft) rows.push(...removed(left[i++].v, "-", depth));
    while (j < endRight) rows.push(...added(right[j++].v, "-", depth));
  };
  for (const [a, b] of common(left, right)) {
    between(a, b);
    rows.push(...pair(left[i++].v, right[j++].v, "-", depth, anyOrder));
  }
  between(left.length, right.length);
  return rows;
}

// common returns the pairs of indexes of a longest common subsequence; of
// long lists, those of equal beginnings only.
function common(left, right) {
  const out = [];
  if (left.length * right.length > 250000) {
    for (let i = 0; i < Math.min(left.length, right.length) && left[i].key === right[i].key; i++) out.push([i, i]);
    return out;
  }
  const width = right.length + 1;
  const longest = new Uint32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      longest[i * width + j] = left[i].key === right[j].key
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    if (left[i].key === right[j].key) out.push([i++, j++]);
    else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i++;
    else j++;
  }
  return out;
}
