"""The rules of the waiting room: standard library only, and every function is handed the time."""
