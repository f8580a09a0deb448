"""The one-machine room: the whole of Fairline on this machine, with real parts and the real handlers.

Nothing here knows how a waiting room works. It starts a Valkey and a DynamoDB, runs the functions as Lambda would,
and turns HTTP and WebSocket traffic into the events API Gateway would send them.
"""
