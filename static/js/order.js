// The order of rows: dragged by their handles. Buttons for the same stand in each row.

export function draggable(rows, changed) {
  rows.dataset.sortable = "1";
  rows.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button) return;
    event.preventDefault();
    const row = handle.closest(".picture-row");
    row.classList.add("is-dragged");
    const move = ({ clientY }) => {
      const others = [...rows.children].filter((other) => other !== row);
      const after = others.find((other) => clientY < other.getBoundingClientRect().top + other.offsetHeight / 2);
      if (after) { if (row.nextElementSibling !== after) after.before(row); } else if (rows.lastElementChild !== row) rows.append(row);
    };
    const drop = () => {
      row.classList.remove("is-dragged");
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", drop);
      removeEventListener("pointercancel", drop);
      changed();
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", drop);
    addEventListener("pointercancel", drop);
  });
}
