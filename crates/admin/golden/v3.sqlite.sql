CREATE TABLE "token_limits" ( "token" integer NOT NULL, "hourly_requests" integer NOT NULL, PRIMARY KEY ("token"), FOREIGN KEY ("token") REFERENCES "tokens" ("id") ON DELETE CASCADE );
