// Words that could not be saved, kept in this browser until they are: a closed tab or a lost network costs
// nothing. They belong to one person and one note (or to the new one), and are put back only there.

const FIELDS = ["title", "body", "tags"];
const WEEK = 7 * 24 * 3600_000;
const key = () => `unsent-${document.body.dataset.person}`;

export function keepUnsent(form) {
  const words = Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));
  if (!Object.values(words).some((value) => value.trim())) return;
  try {
    localStorage.setItem(key(), JSON.stringify({ note: noteOf(form), at: Date.now(), words }));
  } catch { /* no room: the page itself still has them */ }
}

export const forgetUnsent = () => localStorage.removeItem(key());

// Returns whether something was put back.
export function putBack(form) {
  const kept = JSON.parse(localStorage.getItem(key()) ?? "null");
  if (!kept || Date.now() - kept.at > WEEK || kept.note !== noteOf(form)) return false;
  const differs = FIELDS.some((name) => kept.words[name] !== form.elements[name].value);
  // Beside words that are there already nobody is asked to choose: the server's stay.
  if (noteOf(form) === form.dataset.new && FIELDS.some((name) => form.elements[name].value.trim())) return false;
  if (differs) FIELDS.forEach((name) => { form.elements[name].value = kept.words[name]; });
  return differs;
}

const noteOf = (form) => new URL(form.action).pathname;
