/** Places on the ground as stored: `latitude longitude altitude accuracy`, several separated by `;`. */
import { asciiFigures } from '$lib/shared/figures';

export interface Place {
  latitude: number;
  longitude: number;
  altitude: number;
  accuracy: number;
}

export function readPlaces(stored: string): Place[] {
  return stored
    .split(';')
    .map((one) => one.trim().split(/\s+/).map(Number))
    .filter((numbers) => numbers.length >= 2 && numbers.every((n) => Number.isFinite(n)))
    .map(([latitude = 0, longitude = 0, altitude = 0, accuracy = 0]) => ({
      latitude,
      longitude,
      altitude,
      accuracy,
    }));
}

const degrees = (n: number) => String(Math.round(n * 1e7) / 1e7);
const metres = (n: number) => String(Math.round(n * 10) / 10);

export function writePlaces(places: readonly Place[]): string {
  return places
    .map((p) => `${degrees(p.latitude)} ${degrees(p.longitude)} ${metres(p.altitude)} ${metres(p.accuracy)}`)
    .join('; ');
}

/** A shape ends where it began. */
export function close(places: readonly Place[]): Place[] {
  const [first] = places;
  return first && places.length >= 3 ? [...places, first] : [...places];
}

export function open(places: readonly Place[]): Place[] {
  const [first, last] = [places[0], places.at(-1)];
  const same = first && last && first.latitude === last.latitude && first.longitude === last.longitude;
  return places.length > 1 && same ? places.slice(0, -1) : [...places];
}

/** A place typed by hand; nothing when it is not on the earth. */
export function typedPlace(latitude: string, longitude: string): Place | undefined {
  const [lat, lon] = [degree(latitude), degree(longitude)];
  if (lat === undefined || lon === undefined || Math.abs(lat) > 90 || Math.abs(lon) > 180) return undefined;
  if (lat === 0 && lon === 0) return undefined;
  return { latitude: lat, longitude: lon, altitude: 0, accuracy: 0 };
}

function degree(typed: string): number | undefined {
  const text = asciiFigures(typed)
    .trim()
    .replace(',', '.')
    .replace(/[°\u2212]/g, (sign) => (sign === '°' ? '' : '-'));
  return /^-?\d{1,3}(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
