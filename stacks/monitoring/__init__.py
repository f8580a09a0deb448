"""What watches a deployment: metrics of its access log, alarms, and the dashboard for the night of a sale."""
