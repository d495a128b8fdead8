export { openDatabase, type Database, type DatabaseOptions, type Transaction } from "./database.ts";
export { migrate } from "./migrate.ts";
export { isDatabaseUnavailable } from "./unavailable.ts";
