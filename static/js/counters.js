// How many characters are left, said only when the end comes near.

const length = (text) => [...text].length; // as the server counts: by character, not by half of an emoji

export function counters(root) {
  root.querySelectorAll("[data-count-for]").forEach((counter) => {
    const field = document.getElementById(counter.dataset.countFor);
    const limit = Number(counter.dataset.limit);
    const show = () => {
      const used = length(field.value.trim());
      counter.textContent = used > limit * 0.7 ? `${used}/${limit}` : "";
      counter.classList.toggle("is-over", used > limit);
    };
    field.addEventListener("input", show);
    show();
  });
}
