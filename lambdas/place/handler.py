"""A visitor's own place."""

from fairline.entrypoints.http import Request, Response
from fairline.entrypoints.place import ANSWERS
from fairline.entrypoints.readers import readable, reads
from fairline.snapshot import hold

hold("boto3", "redis", "jwt", "aws_lambda_powertools")


@readable
def handler(request: Request) -> Response:
    """`GET` and `DELETE …/place`, `POST …/place/extension` and `…/departure`: as data, or as pages; `GET …/code`."""
    if request.path.endswith("/code"):
        from fairline.entrypoints.place_code import code

        return code(request)
    if request.method != "DELETE" and (reads(request) or request.path.endswith("/departure")):
        from fairline.entrypoints.plain_place import answer

        return answer(request)
    return ANSWERS[request.method](request)
