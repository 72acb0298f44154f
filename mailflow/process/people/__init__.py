"""Who is away, who is told, whose own view is wanted."""
