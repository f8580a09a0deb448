"""List prices in US dollars, us-east-1, without free tiers and discounts. Change a price and its date together."""

GATHERED = "2026-11"
HOURS, SECONDS = 730, 730 * 3600
"""A month."""

CACHE_NODE_HOUR = {
    "cache.t4g.micro": 0.016,
    "cache.r7g.large": 0.219,
    "cache.r7g.xlarge": 0.437,
    "cache.r7g.2xlarge": 0.873,
    "cache.r7g.4xlarge": 1.745,
}
"""Redis OSS, by node type, each node."""
VALKEY_SHARE = 0.8
"""A Valkey node costs this share of a Redis one."""

KMS_KEY = 1.0
SECRET = 0.40
WEB_ACL = 5.0
WEB_ACL_RULE = 1.0
ALARM_METRIC = 0.10
ALARM_METRIC_OFTEN = 0.30
"""Of an alarm that looks more often than once a minute."""
DASHBOARD = 3.0
CUSTOM_METRIC = 0.30
NAT_HOUR = 0.045
INTERFACE_ENDPOINT_HOUR = 0.01
"""In each zone."""
LOAD_BALANCER_HOUR = 0.0225
SNAPSHOT_GB_SECOND = 0.0000015046
"""Of a function's memory, kept for SnapStart."""

LAMBDA_REQUEST = 0.20e-6
LAMBDA_GB_SECOND = 0.0000133334
SCHEDULED_INVOCATION = 1.0e-6
DYNAMODB_WRITE = 0.625e-6
DYNAMODB_READ = 0.125e-6
HTTP_API_REQUEST = 1.0e-6
SOCKET_MESSAGE = 1.0e-6
SOCKET_MINUTE = 0.25e-6
CDN_REQUEST = 1.0e-6
CDN_FUNCTION = 0.10e-6
CDN_GB = 0.085
WAF_REQUEST = 0.60e-6
LOG_GB = 0.50
S3_PUT = 5.0e-6
