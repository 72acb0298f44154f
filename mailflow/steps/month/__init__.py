"""A month through its calendar: drawn, accepted, opened, told of, closed and reported."""
