"""What answers: functions, routes, stages, schedules. All of it can be replaced without losing anything."""
