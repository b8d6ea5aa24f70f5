import { geoJSON, type Map as LeafletMap, svg } from 'leaflet';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import classes from './Drawing.module.css';

type Atlas = Topology<{ countries: GeometryCollection }>;

/** Coasts and borders at 1:50 million (Natural Earth, public domain), from our own files. Answers how to stop waiting. */
export function drawCoasts(map: LeafletMap): () => void {
  let wanted = true;
  // Beneath all that is marked, whichever of them is drawn first.
  map.createPane('coasts').style.zIndex = '350';
  void import('world-atlas/countries-50m.json').then((module) => {
    if (wanted) {
      const atlas = module.default as unknown as Atlas;
      geoJSON(feature(atlas, atlas.objects.countries), {
        style: { className: classes.land, weight: 1 },
        interactive: false,
        pane: 'coasts',
        renderer: svg({ padding: 0.5, pane: 'coasts' }),
      } as Parameters<typeof geoJSON>[1])
        .addTo(map)
        .bringToBack();
    }
  });
  return () => {
    wanted = false;
  };
}
