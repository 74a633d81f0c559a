/* Who is pointed at or reached by keyboard in the list stands out on the map. */

export function offerSpotlight() {
  for (const event of ["pointerover", "focusin"]) {
    document.addEventListener(event, ({ target }) => {
      const map = document.querySelector("#map .leaflet-container");
      if (!map || target.closest?.("#map")) return;
      const { route } = target.closest?.("[data-route]")?.dataset ?? {};
      if (route) map.dataset.route = route;
      else delete map.dataset.route;
    });
  }
}
