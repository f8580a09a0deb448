"""The firewall in front of the page and the API. AWS wants it in us-east-1, whatever Region the rest is in.

The status documents have a distribution of their own without one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Environment, Stack
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from fairline.routes import HTTP_ROUTES
from stacks.settings import Settings

WINDOW_SECONDS = 60
"""The shortest that AWS counts over, so that whoever was stopped is let go as soon as possible."""
RETRY_AFTER_SECONDS = 30
REGISTRATIONS_PER_WINDOW = 3_000
"""From one address. Behind a campus or a carrier's NAT a few thousand fans share one, and all of them press at the same
moment, some twice; while a machine that makes up visitors gets no more than fifty a second into a line.
"""
REQUESTS_PER_WINDOW = 30_000
"""Ten a minute for each of those: the page's files, a registration, places asked for, the booking itself."""
COMPLETIONS_PER_WINDOW = 60_000
"""A booking backend sends those of all its customers from one address: twice as many as the API's quota lets in."""
COMPLETION = next(route.path for route in HTTP_ROUTES if route.function == "complete")


@dataclass(frozen=True)
class Managed:
    """A rule group that AWS keeps. `counted` are rules that must not stop anybody."""

    name: str
    counted: tuple[str, ...] = ()


MANAGED = (
    Managed("AWSManagedRulesAmazonIpReputationList"),
    Managed("AWSManagedRulesKnownBadInputsRuleSet"),
    # A booking backend of somebody else's may well be sent more than the 8 kB that the first of these rules allows, and
    # may report a purchase without a User-Agent, which the second asks for.
    Managed("AWSManagedRulesCommonRuleSet", counted=("SizeRestrictions_BODY", "NoUserAgent_HEADER")),
)


class Firewall(Stack):
    """`web_acl_arn` is what a distribution names, from whatever Region."""

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings, env: Environment) -> None:
        super().__init__(scope, construct_id, env=env)
        rates = [
            _rate(0, "Registrations", REGISTRATIONS_PER_WINDOW, _ending("/registrations")),
            _rate(1, "Completions", COMPLETIONS_PER_WINDOW, _exactly(COMPLETION)),
            _rate(2, "Requests", REQUESTS_PER_WINDOW, _not(_exactly(COMPLETION))),
        ]
        acl = waf.CfnWebACL(
            self,
            "WebAcl",
            scope="CLOUDFRONT",
            description=f"{settings.name}: in front of the page and the API",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            rules=[*rates, *_managed(MANAGED, first=len(rates))],
            visibility_config=_visible(settings.name),
        )
        self.web_acl_arn = acl.attr_arn


def _rate(priority: int, name: str, limit: int, only: waf.CfnWebACL.StatementProperty) -> waf.CfnWebACL.RuleProperty:
    """Too many from one address: 429, and when to come back."""
    rate = waf.CfnWebACL.RateBasedStatementProperty(
        aggregate_key_type="IP", evaluation_window_sec=WINDOW_SECONDS, limit=limit, scope_down_statement=only
    )
    wait = waf.CfnWebACL.CustomHTTPHeaderProperty(name="Retry-After", value=str(RETRY_AFTER_SECONDS))
    answer = waf.CfnWebACL.CustomResponseProperty(response_code=429, response_headers=[wait])
    return waf.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        statement=waf.CfnWebACL.StatementProperty(rate_based_statement=rate),
        action=waf.CfnWebACL.RuleActionProperty(block=waf.CfnWebACL.BlockActionProperty(custom_response=answer)),
        visibility_config=_visible(name),
    )


def _exactly(route: str) -> waf.CfnWebACL.StatementProperty:
    """The path of a route, as it was sent: one that merely ends like it, such as a booking backend's own, is not it."""
    pattern = re.sub(r"\{\w+\}", "[^/]+", route)
    return waf.CfnWebACL.StatementProperty(
        regex_match_statement=waf.CfnWebACL.RegexMatchStatementProperty(
            field_to_match=waf.CfnWebACL.FieldToMatchProperty(uri_path={}),
            regex_string=f"^{pattern}$",
            text_transformations=[waf.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
    )


def _ending(path: str) -> waf.CfnWebACL.StatementProperty:
    """However it is encoded, and whatever stands before it: to be counted too often is the lesser mistake."""
    return waf.CfnWebACL.StatementProperty(
        byte_match_statement=waf.CfnWebACL.ByteMatchStatementProperty(
            field_to_match=waf.CfnWebACL.FieldToMatchProperty(uri_path={}),
            positional_constraint="ENDS_WITH",
            search_string=path,
            text_transformations=[waf.CfnWebACL.TextTransformationProperty(priority=0, type="URL_DECODE")],
        )
    )


def _not(statement: waf.CfnWebACL.StatementProperty) -> waf.CfnWebACL.StatementProperty:
    return waf.CfnWebACL.StatementProperty(
        not_statement=waf.CfnWebACL.NotStatementProperty(statement=statement),
    )


def _managed(groups: Sequence[Managed], *, first: int) -> list[waf.CfnWebACL.RuleProperty]:
    return [
        waf.CfnWebACL.RuleProperty(
            name=group.name,
            priority=priority,
            statement=waf.CfnWebACL.StatementProperty(managed_rule_group_statement=_group(group)),
            override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
            visibility_config=_visible(group.name),
        )
        for priority, group in enumerate(groups, first)
    ]


def _group(group: Managed) -> waf.CfnWebACL.ManagedRuleGroupStatementProperty:
    counting = waf.CfnWebACL.RuleActionProperty(count=waf.CfnWebACL.CountActionProperty())
    overrides = [waf.CfnWebACL.RuleActionOverrideProperty(name=rule, action_to_use=counting) for rule in group.counted]
    return waf.CfnWebACL.ManagedRuleGroupStatementProperty(
        vendor_name="AWS", name=group.name, rule_action_overrides=overrides or None
    )


def _visible(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    """Counted, but no requests kept as samples: they would show tokens and addresses to whoever looks at them."""
    return waf.CfnWebACL.VisibilityConfigProperty(
        metric_name=name, cloud_watch_metrics_enabled=True, sampled_requests_enabled=False
    )
