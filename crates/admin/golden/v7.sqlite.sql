ALTER TABLE "access" ADD COLUMN "sets_up" boolean NULL;
