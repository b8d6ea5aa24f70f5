import { divIcon, type LatLngTuple, type Map as LeafletMap, layerGroup, marker, polyline } from 'leaflet';
import classes from './Drawing.module.css';
import { degrees, graticuleLines, graticuleStep } from './place';

/** Keeps lines of latitude and longitude on the map, as close as the zoom allows, named at the window's edge. */
export function keepGraticule(map: LeafletMap) {
  const lines = layerGroup().addTo(map);
  const line = (from: LatLngTuple, to: LatLngTuple) =>
    polyline([from, to], { className: classes.graticule, interactive: false, weight: 1 }).addTo(lines);
  const name = (at: LatLngTuple, html: string, place: string | undefined) =>
    marker(at, {
      icon: divIcon({ className: `${classes.degree} ${place}`, html, iconSize: undefined }),
      interactive: false,
      keyboard: false,
    }).addTo(lines);

  const draw = () => {
    lines.clearLayers();
    const bounds = map.getBounds();
    const [west, east] = [Math.max(-180, bounds.getWest()), Math.min(180, bounds.getEast())];
    const [south, north] = [Math.max(-85, bounds.getSouth()), Math.min(85, bounds.getNorth())];
    const step = graticuleStep(Math.min(east - west, 2 * (north - south)));
    for (const latitude of graticuleLines(south, north, step)) {
      line([latitude, west], [latitude, east]);
      name([latitude, west], degrees(latitude, 'latitude', step), classes.onLeft);
    }
    for (const longitude of graticuleLines(west, east, step)) {
      line([south, longitude], [north, longitude]);
      name([north, longitude], degrees(longitude, 'longitude', step), classes.onTop);
    }
  };
  map.on('moveend resize', draw);
  map.whenReady(draw);
}
