"""What should happen, as pure functions: a scene in, an outcome out. No files, no network, no clock, no dice."""
