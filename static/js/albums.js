// Arranging an album by dragging; the arrows of each row do the same without this module.
const rows = document.getElementById("arrange");
const told = document.getElementById("moved");

if (rows) {
  rows.dataset.sortable = "1";
  rows.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button) return;
    event.preventDefault();
    const row = handle.closest("li");
    const stood = row.nextElementSibling;
    row.classList.add("is-dragged");
    const move = ({ clientY }) => {
      const others = [...rows.children].filter((other) => other !== row);
      const after = others.find((other) => clientY < other.getBoundingClientRect().top + other.offsetHeight / 2);
      if (after) { if (row.nextElementSibling !== after) after.before(row); } else if (rows.lastElementChild !== row) rows.append(row);
    };
    const drop = (end) => {
      row.classList.remove("is-dragged");
      for (const kind of ["pointermove", "pointerup", "pointercancel"]) removeEventListener(kind, kind === "pointermove" ? move : drop);
      if (end.type === "pointercancel") rows.insertBefore(row, stood);
      else if (row.nextElementSibling !== stood) keep(row);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", drop);
    addEventListener("pointercancel", drop);
  });
}

// The whole page comes anew: each row's arrows name its neighbours.
async function keep(row) {
  const body = new FormData(row.querySelector("form"));
  body.set("before", row.nextElementSibling?.dataset.note ?? rows.dataset.end);
  try {
    const answer = await fetch(row.dataset.move, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    told.textContent = rows.dataset.moved;
    location.reload();
  } catch {
    told.textContent = rows.dataset.failed;
    told.classList.remove("visually-hidden");
  }
}
