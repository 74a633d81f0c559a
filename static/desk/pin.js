/* The pin of a client: where somebody clicks, drags it, types degrees or chooses a found place.
   The two fields of the form are the truth; the pin on the map follows them, and they follow it. */
const DECIMALS = 6; // a tenth of a metre

function start() {
  const form = document.getElementById("pin-form");
  const [map] = window.fieldMap.maps.keys();
  const { lat, lon } = form.elements;
  const pin = L.marker(map.getCenter(), {
    draggable: true,
    keyboard: false, // the fields are the way without a mouse
    icon: L.divIcon({ className: "client-pin", html: document.createElement("span"), iconSize: null }),
  });

  function show(isMoved) {
    const place = [lat.valueAsNumber || Number(lat.value), lon.valueAsNumber || Number(lon.value)];
    if (!lat.value.trim() || !lon.value.trim() || place.some(Number.isNaN)) return pin.remove();
    pin.setLatLng(place).addTo(map);
    if (isMoved) map.setView(place, Math.max(map.getZoom(), 16), { animate: false });
    return pin;
  }

  function put(place, isMoved) {
    lat.value = Number(place.lat).toFixed(DECIMALS);
    lon.value = Number(place.lng).toFixed(DECIMALS);
    show(isMoved);
  }

  map.on("click", ({ latlng }) => put(latlng.wrap(), false));
  pin.on("dragend", () => put(pin.getLatLng().wrap(), false));
  lat.addEventListener("change", () => show(true));
  lon.addEventListener("change", () => show(true));
  document.addEventListener("click", (event) => {
    const place = event.target.closest?.("a[data-lat]");
    if (!place) return;
    event.preventDefault();
    put({ lat: place.dataset.lat, lng: place.dataset.lon }, true);
  });
  show(false);
}

// The map is made when the document is ready, by a script that was read before this one.
document.addEventListener("DOMContentLoaded", start);
