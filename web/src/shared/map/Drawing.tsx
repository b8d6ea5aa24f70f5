import 'leaflet/dist/leaflet.css';
import { type CircleMarker, circleMarker, control, type LatLngExpression, layerGroup, map as makeMap } from 'leaflet';
import { useEffect, useRef } from 'react';
import { drawCoasts } from './coasts';
import classes from './Drawing.module.css';
import { keepGraticule } from './graticule';
import type { Place } from './place';

export type Dot = Place & { key: string; name: string; kind: 'site' | 'line' };

export type MapProps = {
  label: string;
  height: number;
  /** What is marked. */
  picked?: Place;
  /** Hears a click, or Enter with the cross at the centre. */
  onPick?: (place: Place) => void;
  /** What else is known to stand there, for finding one's way. */
  dots?: Dot[];
};

const at = (place: Place): LatLngExpression => [place.latitude, place.longitude];

/** Coasts, borders, a graticule and what the tenant itself knows; drawn as vectors, coloured by the page's own style. */
export function Drawing({ label, height, picked, onPick, dots = [] }: MapProps) {
  const box = useRef<HTMLDivElement>(null);
  const made = useRef<ReturnType<typeof makeMap>>(undefined);
  const pin = useRef<CircleMarker>(undefined);
  const others = useRef(layerGroup());
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    if (!box.current) {
      return;
    }
    const map = makeMap(box.current, {
      attributionControl: false,
      zoomControl: false,
      center: [8, 8],
      zoom: 3,
      minZoom: 1,
      maxZoom: 19,
      zoomAnimation: false,
      fadeAnimation: false,
      maxBounds: [
        [-85, -200],
        [85, 200],
      ],
    });
    made.current = map;
    control.zoom({ position: 'topright' }).addTo(map);
    control.scale({ imperial: false, position: 'bottomright' }).addTo(map);
    keepGraticule(map);
    others.current.addTo(map);
    map.on('click', (event) => pick.current?.({ latitude: event.latlng.lat, longitude: event.latlng.lng }));
    const resize = new ResizeObserver(() => map.invalidateSize());
    resize.observe(box.current);
    const stop = drawCoasts(map);
    return () => {
      stop();
      resize.disconnect();
      map.remove();
      pin.current = undefined;
    };
  }, []);

  useEffect(() => {
    others.current.clearLayers();
    for (const dot of dots) {
      circleMarker(at(dot), { radius: dot.kind === 'site' ? 7 : 4, className: classes[dot.kind], interactive: true })
        .bindTooltip(dot.name)
        .addTo(others.current);
    }
    const map = made.current;
    if (map && !pin.current && dots.length > 0) {
      map.fitBounds(
        dots.map((dot) => [dot.latitude, dot.longitude] as [number, number]),
        { maxZoom: 13, padding: [24, 24] },
      );
    }
  }, [dots]);

  const { latitude, longitude } = picked ?? {};
  useEffect(() => {
    const map = made.current;
    if (!map) {
      return;
    }
    if (latitude === undefined || longitude === undefined) {
      pin.current?.remove();
      pin.current = undefined;
      return;
    }
    const place: LatLngExpression = [latitude, longitude];
    if (pin.current) {
      pin.current.setLatLng(place);
    } else {
      pin.current = circleMarker(place, { radius: 9, className: classes.pin, interactive: false }).addTo(map);
    }
    if (!pick.current) {
      // To be looked at, not to be picked: near enough to know the country by its coast.
      map.setView(place, 6);
    } else if (!map.getBounds().pad(-0.1).contains(place)) {
      map.setView(place, Math.max(map.getZoom(), 12));
    }
  }, [latitude, longitude]);

  return (
    <div
      ref={box}
      role="application"
      aria-label={label}
      className={classes.map}
      style={{ height }}
      data-picks={onPick !== undefined}
      data-testid="map"
      onKeyDown={(event) => {
        const centre = made.current?.getCenter();
        if (event.key === 'Enter' && event.target === box.current && centre) {
          event.preventDefault();
          onPick?.({ latitude: centre.lat, longitude: centre.lng });
        }
      }}
    />
  );
}
