// "Around me": asked with its reason, rounded to about a kilometre before it leaves the device.

const button = document.querySelector("[data-locate]");
const sheet = document.getElementById("sheet");

if (button && "geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const known = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
    if (known?.state === "granted") locate();
    else explain();
  });
}

function explain() {
  sheet.replaceChildren(document.querySelector("[data-locate-why]").content.cloneNode(true));
  sheet.querySelector("[data-locate-now]").addEventListener("click", () => { sheet.close(); locate(); });
  sheet.showModal();
}

function locate() {
  button.disabled = true;
  navigator.geolocation.getCurrentPosition(found, failed, { maximumAge: 300_000, timeout: 10_000 });
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
