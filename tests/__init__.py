"""mailflow's tests, one folder a room."""
