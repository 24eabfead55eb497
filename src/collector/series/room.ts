/** What new series take: how many they are, and the characters of their labels. */

export type Room = { readonly series: number; readonly characters: number };

export function sumOf(room: Room, part: Room, sign: 1 | -1): Room {
  return {
    series: room.series + sign * part.series,
    characters: room.characters + sign * part.characters,
  };
}
