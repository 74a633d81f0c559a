/* The changes of this collector's day, kept on this phone so that a list is sorted before it is seen. */
const key = (person) => `day-changes-${person}`;

/* Return the changes that were kept, whatever day they are of; null when there are none. */
export function changesOf(person) {
  try {
    return JSON.parse(localStorage.getItem(key(person)));
  } catch {
    return null;
  }
}

export const keepChanges = (person, changes) => localStorage.setItem(key(person), JSON.stringify(changes));

export const dropChanges = (person) => localStorage.removeItem(key(person));
