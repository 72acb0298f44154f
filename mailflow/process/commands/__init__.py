"""Commands by mail: one table, and what each word does."""
