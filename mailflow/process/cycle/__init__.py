"""A month from its calendar to its report: states, sample, orders, figures, work carried over."""
