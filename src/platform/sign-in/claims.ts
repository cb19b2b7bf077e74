/** The roles among an ID token's claims: a list of words or one word, at a place such as `realm_access.roles`. */
export const rolesIn = (claims: Readonly<Record<string, unknown>>, place: string): readonly string[] | undefined => {
  // A claim's own name may have dots in it, such as an address.
  const found = Object.hasOwn(claims, place) ? claims[place] : place.split('.').reduce<unknown>(inside, claims)
  if (typeof found === 'string') return [found]
  return Array.isArray(found) ? found.filter((word): word is string => typeof word === 'string') : undefined
}

const inside = (outer: unknown, name: string): unknown =>
  typeof outer === 'object' && outer !== null ? (outer as Readonly<Record<string, unknown>>)[name] : undefined
