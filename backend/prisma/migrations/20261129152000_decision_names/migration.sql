-- Whoever has given no name is known by their e-mail address.
UPDATE "decisions" d SET "user_name" = u."email" FROM "users" u WHERE d."user_name" = '' AND u."id" = d."user_id";
UPDATE "decisions" d SET "ended_user_name" = u."email" FROM "users" u WHERE d."ended_user_name" = '' AND u."id" = d."ended_user_id";
