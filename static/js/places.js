// Where a note is about: known places by name, a point on a map, or the device's own position, asked for
// by a press.

const PAUSE = 250;
// About 10 m: enough for a place, and no more than it needs.
const DECIMALS = 4;

export function placePicker(form) {
  const box = form.querySelector("[data-place-picker]");
  const [name, city, latitude, longitude] = ["place_name", "place_city", "latitude", "longitude"].map((field) => form.elements[field]);
  const list = box.querySelector("[role=listbox]");
  const words = box.querySelector("[data-place-words]");
  const locate = box.querySelector("[data-locate]");
  const more = box.querySelector(".place__more");
  let timer = null;
  let asked = 0;
  let fromList = false; // the coordinates are those of a place chosen from the list

  list.id = "place-offers";
  Object.entries({ role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })
    .forEach(([key, value]) => name.setAttribute(key, value));

  async function ask() {
    const query = name.value.trim();
    const mine = (asked += 1);
    if (!query) return close();
    const answer = await fetch(`${form.dataset.places}?${new URLSearchParams({ q: query })}`).then((got) => got.json()).catch(() => null);
    if (answer && mine === asked) show(answer.places);
    return undefined;
  }

  function show(places) {
    list.replaceChildren(...places.map(option));
    list.hidden = !places.length;
    name.setAttribute("aria-expanded", String(!list.hidden));
  }

  function option(place, index) {
    const row = document.createElement("button");
    row.type = "button";
    row.id = `place-offer-${index}`;
    row.tabIndex = -1;
    row.setAttribute("role", "option");
    const title = document.createElement("b");
    title.textContent = place.name;
    const where = document.createElement("span");
    where.className = "quiet small";
    where.textContent = place.city;
    row.append(title, where);
    row.addEventListener("click", () => choose(place));
    return row;
  }

  function choose(place) {
    name.value = place.name;
    city.value = place.city;
    latitude.value = place.latitude;
    longitude.value = place.longitude;
    fromList = true;
    words.textContent = place.city;
    close();
    map.show();
    told();
  }

  function close() {
    list.hidden = true;
    name.setAttribute("aria-expanded", "false");
    name.removeAttribute("aria-activedescendant");
  }

  const told = () => form.dispatchEvent(new Event("rockpool:changed"));

  name.addEventListener("input", () => {
    if (fromList || !name.value.trim()) [city, latitude, longitude].forEach((field) => { field.value = ""; });
    fromList = false;
    words.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });

  name.addEventListener("keydown", (event) => {
    const options = [...list.querySelectorAll("[role=option]")];
    const at = options.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && !list.hidden) {
      event.preventDefault();
      const to = options[(at + by + options.length) % options.length];
      options.forEach((row) => row.setAttribute("aria-selected", String(row === to)));
      name.setAttribute("aria-activedescendant", to.id);
    } else if (event.key === "Enter") {
      event.preventDefault(); // a place is chosen, the form is not sent
      options[at]?.click();
    } else if (event.key === "Escape") close();
  });
  name.addEventListener("blur", () => setTimeout(close, 200));
  const map = mapIn(box, { fields: { latitude, longitude }, choose, picked() { fromList = false; words.textContent = form.dataset.located; told(); } });

  if (!navigator.geolocation) return;
  locate.hidden = false;
  locate.addEventListener("click", () => {
    locate.disabled = true;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      locate.disabled = false;
      latitude.value = coords.latitude.toFixed(DECIMALS);
      longitude.value = coords.longitude.toFixed(DECIMALS);
      more.open = true;
      map.show();
      words.textContent = form.dataset.located;
      name.focus();
      told();
    }, () => { locate.disabled = false; words.textContent = form.dataset.notLocated; }, { timeout: 10000, maximumAge: 60000 });
  });
}

// The map is fetched when it is opened for the first time. Fields and map follow each other.
function mapIn(box, { fields: { latitude, longitude }, choose, picked }) {
  const frame = box.querySelector("[data-map-choice]");
  const point = () => (latitude.value && longitude.value ? { latitude: latitude.value, longitude: longitude.value } : null);
  let map = null;
  frame.hidden = false;
  frame.addEventListener("toggle", async () => {
    if (!frame.open || map) return;
    map = { show() {} };
    const { openMap } = await import("./map.js");
    map = await openMap(frame.querySelector("[data-map]"), {
      point: point(),
      chosen: choose,
      picked(at) { Object.assign(latitude, { value: at.latitude }); Object.assign(longitude, { value: at.longitude }); picked(); },
    });
  });
  const show = () => map?.show(point());
  [latitude, longitude].forEach((field) => field.addEventListener("change", show));
  return { show };
}
