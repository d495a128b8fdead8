-- A session is stored under the hash of its id from now on. Those stored under the id itself end: nobody could use them, and they must
-- not lie about.
DELETE FROM "sessions";
