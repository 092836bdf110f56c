ALTER TABLE "users" ADD COLUMN "team_role" varchar(20) NULL;
