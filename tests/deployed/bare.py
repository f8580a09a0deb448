"""The emulator as it comes, and small things in it to look at its gaps."""

import io
import json
import uuid
import zipfile
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import WaiterError

from tests.deployed.emulator import REGION, Emulator

ECHO = """
import json

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event)}
"""
"""A function that answers with what it was told."""
ASSUMED = {
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ]
}


def stack(emulator: Emulator, resources: Mapping[str, Any], shown: Any = "") -> str:
    """Create a stack; its one output. Raises RuntimeError with the reasons where it cannot be made."""
    cloudformation, name = emulator.client("cloudformation"), f"s-{uuid.uuid4().hex[:12]}"
    template = {"Resources": resources, "Outputs": {"Shown": {"Value": shown or name}}}
    try:
        cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
        cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    except cloudformation.exceptions.ClientError as refused:
        raise RuntimeError(str(refused)) from refused
    except WaiterError as failed:
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        raise RuntimeError(" ".join(event.get("ResourceStatusReason", "") for event in events)) from failed
    made: str = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"][0]["OutputValue"]
    return made


def refusal(emulator: Emulator, resources: Mapping[str, Any], shown: Any = "") -> str:
    """Why a stack cannot be created; nothing if it can."""
    try:
        stack(emulator, resources, shown)
    except RuntimeError as refused:
        return str(refused)
    return ""


def echo(emulator: Emulator) -> str:
    """The ARN of a function that answers with its event."""
    role = emulator.client("iam").create_role(RoleName="echo", AssumeRolePolicyDocument=json.dumps(ASSUMED))["Role"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("handler.py", ECHO)
    made: str = emulator.client("lambda").create_function(
        FunctionName="echo",
        Role=role["Arn"],
        Runtime="python3.13",
        Handler="handler.handler",
        Code={"ZipFile": code.getvalue()},
    )["FunctionArn"]
    return made


def api(emulator: Emulator, function: str, kind: str, **integration: Any) -> str:
    """An API whose `$default` route is a function; its id."""
    gateway = emulator.client("apigatewayv2")
    made: str = gateway.create_api(Name=kind, ProtocolType=kind, RouteSelectionExpression="$request.body.action")[
        "ApiId"
    ]
    target = gateway.create_integration(
        ApiId=made,
        IntegrationType="AWS_PROXY",
        IntegrationUri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations",
        **integration,
    )["IntegrationId"]
    gateway.create_route(ApiId=made, RouteKey="$default", Target=f"integrations/{target}")
    gateway.create_stage(ApiId=made, StageName="$default" if kind == "HTTP" else "live", AutoDeploy=True)
    return made


def somebody(emulator: Emulator, statement: Mapping[str, Any]) -> dict[str, str]:
    """A user with one permission; what a client signs with."""
    iam, name = emulator.client("iam"), f"u-{uuid.uuid4().hex[:12]}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=json.dumps({"Statement": [statement]}))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
