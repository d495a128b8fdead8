/** `8.8.8.8` → `8[.]8[.]8[.]8` */
export function defangDots(data: string): string {
  return data.replaceAll(".", "[.]");
}

/** `2001:db8::1` → `2001[:]db8[:][:]1` */
export function defangColons(data: string): string {
  return data.replaceAll(":", "[:]");
}
