ALTER TABLE "access" ADD COLUMN "sets_up" bool NULL;
