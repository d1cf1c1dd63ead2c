// "Around me": only when tapped, rounded to about a kilometre before it leaves the device.

const button = document.querySelector("[data-locate]");

if (button && "geolocation" in navigator) {
  button.hidden = false;
  const why = document.querySelector("[data-locate-why]");
  if (why) why.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(found, failed, { maximumAge: 300_000, timeout: 10_000 });
  });
}

function found({ coords }) {
  const query = new URLSearchParams({ lat: coords.latitude.toFixed(2), lon: coords.longitude.toFixed(2) });
  location.assign(`${button.dataset.locate}?${query}`);
}

function failed() {
  button.disabled = false;
  const text = document.getElementById("words").dataset.locateFailed;
  document.dispatchEvent(new CustomEvent("rockpool:toast", { detail: { text } }));
  document.getElementById("city")?.focus();
}
