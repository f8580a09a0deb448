"""Redis, DynamoDB, S3 and API Gateway behind the protocols of the use cases; no vendor error leaves here."""
