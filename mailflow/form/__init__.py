"""Forms and their passports: what sending and reading both must know."""
