"""What the waiting room does for fans, operators and the booking backend, over small protocols."""
